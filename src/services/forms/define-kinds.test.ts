import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isRefusal, loadCity } from '../../city/index.ts'
import { isMistaken, parseYaml } from '../../plumbing/index.ts'
import { checkedForm } from './define.ts'
import { formFile } from './define-file.ts'
import { letterOf } from './submit.ts'

const city = loadCity(join(import.meta.dirname, '../../../city'))
if (isRefusal(city)) throw new Error(JSON.stringify(city.mistakes))
const source = readFileSync(join(import.meta.dirname, 'testing/every-kind.yaml'), 'utf8')

function load(text: string) {
  if (isRefusal(city)) throw new Error('no city')
  const file = parseYaml('every-kind.yaml', text, formFile)
  return isMistaken(file) ? file : checkedForm(file, city)
}

function form() {
  const loaded = load(source)
  if (isMistaken(loaded)) throw new Error(JSON.stringify(loaded.mistakes, null, 2))
  return loaded
}

const mistakesAfter = (from: string | RegExp, to: string): string[] => {
  const text = source.replace(from, to)
  if (text === source) throw new Error(`the form does not say “${String(from)}”`)
  const loaded = load(text)
  return isMistaken(loaded) ? loaded.mistakes.map(({ says }) => says) : []
}

const typed = {
  day: 'March 14, 2026',
  begins: '3:30 pm',
  guests: '1,200',
  deposit: '$50',
  alcohol: 'yes',
  permit: 'ABC-1',
  where: ' 12 Mill Street ',
  spot: '38.735, -121.91',
  'stalls.0.sells': 'Tamales',
  'stalls.0.tables': '2',
  'stalls.1.sells': '',
  'stalls.4.sells': 'Almonds',
  'applicant.name': 'Ana Díaz',
  'applicant.email': 'ana@example.org',
  'applicant.role': 'Chair',
  tables: '99',
  agree: 'yes',
  signed: 'Ana Díaz',
}

test('every kind of question is read from what people type, and what follows from answers is reckoned, never taken from a post', () => {
  const read = form().read(typed)
  expect(read).toMatchObject({
    answers: {
      day: '2026-03-14',
      begins: '15:30',
      guests: 1200,
      deposit: 5000,
      alcohol: true,
      permit: 'ABC-1',
      where: '12 Mill Street',
      spot: '38.735,-121.91',
      stalls: [{ sells: 'Tamales', tables: 2 }, { sells: 'Almonds' }],
      applicant: { name: 'Ana Díaz', email: 'ana@example.org', role: 'Chair' },
      tables: 2,
      agree: true,
      signed: 'Ana Díaz',
    },
    contact: { name: 'Ana Díaz', email: 'ana@example.org' },
  })
})

test('a question that is not asked is neither needed nor kept, even where it is posted', () => {
  const read = form().read({ ...typed, alcohol: 'no', guests: '4' })
  if ('refused' in read) throw new Error(JSON.stringify(read.errors))
  expect(Object.keys(read.answers)).not.toContain('permit')
  expect(Object.keys(read.answers)).not.toContain('stalls')
  expect(read.answers['tables']).toBe(0)
})

test('an error stands at the name that was posted, in the row in which it was typed', () => {
  const wrong = form().read({
    ...typed,
    day: '2/30/2026',
    begins: '25:00',
    permit: '',
    'stalls.0.tables': '12',
    'stalls.4.sells': '',
    'stalls.4.tables': '1',
    'applicant.name': '',
    'applicant.email': 'nobody',
    agree: '',
  })
  if (!('refused' in wrong)) throw new Error('taken')
  expect(wrong.errors.map(({ field, code }) => `${field}: ${code}`)).toEqual([
    'day: not-a-date',
    'begins: not-a-time',
    'permit: missing',
    'stalls.0.tables: out-of-range',
    'stalls.4.sells: missing',
    'applicant.name: missing',
    'applicant.email: not-an-email',
    'agree: not-declared',
  ])
})

test('the letter says each answer in the person’s words, and who wrote stands apart', () => {
  const read = form().read(typed)
  if ('refused' in read) throw new Error('refused')
  const words = Object.fromEntries(letterOf(city, form(), read, 'es').answers.map(({ field, value }) => [field, value]))
  expect(words).toMatchObject({
    day: '14 de marzo de 2026',
    deposit: '$50.00',
    alcohol: 'Sí',
    stalls: '1. Vende: Tamales; Mesas: 2\n2. Vende: Almonds',
    applicant: 'Función: Chair',
    agree: 'Todo es verdad.',
  })
})

test('conditions, pages, parts and fees that do not fit their questions are told, each at its place', () => {
  expect(mistakesAfter('{ field: alcohol, is: true }', '{ field: signed, is: true }')).toEqual([
    '“signed” is not asked before.',
  ])
  expect(mistakesAfter('{ field: alcohol, is: true }', '{ field: alcohol, is: maybe }')).toEqual([
    '“alcohol” is never answered with “maybe”.',
  ])
  expect(mistakesAfter('fields: [where, spot]', 'fields: [where]')).toEqual(['“spot” stands on no page.'])
  expect(mistakesAfter('fields: [where, spot]', 'fields: [spot, where]')).toEqual(['“spot” is out of order.'])
  expect(mistakesAfter('times: [{ count: stalls }]', 'times: [where]')).toEqual(['“where” is not a number.'])
  expect(mistakesAfter('column: tables', 'column: sells')).toEqual(['“sells” is not a column of numbers of “stalls”.'])
  expect(mistakesAfter('      maxItems: 3\n', '')).toEqual(['“stalls” does not say how many rows it takes.'])
  expect(mistakesAfter(/ {4}statement: .*true.*\n/, '')).toEqual(['“agree” does not say its statement.'])
  expect(mistakesAfter('required: [day,', 'required: [tables, day,')).toEqual([
    '“tables” is not asked, so it cannot be required.',
  ])
})
