import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isRefusal, loadCity } from '../../city/index.ts'
import type { FormId } from '../../city/index.ts'
import { loadForms } from './define.ts'

const original = join(import.meta.dirname, '../../../city')
const city = loadCity(original)
if (isRefusal(city)) throw new Error(JSON.stringify(city.mistakes, null, 2))
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cityhall-forms-'))
  cpSync(join(original, 'forms'), folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true }))

const load = () => {
  const forms = loadForms(folder, city)
  if (isRefusal(forms)) throw new Error(JSON.stringify(forms.mistakes, null, 2))
  return forms
}

const change = (file: string, from: string | RegExp, to: string): string[] => {
  const path = join(folder, file)
  const source = readFileSync(path, 'utf8')
  const changed = source.replace(from, to)
  if (changed === source) throw new Error(`${file} does not say “${from}”`)
  writeFileSync(path, changed)
  const forms = loadForms(folder, city)
  if (!isRefusal(forms)) return []
  return forms.mistakes.map(({ file, line, says, allowed }) => `${basename(file)}:${line} ${says} [${allowed}]`)
}

test('every personal question of every form says why it is asked and how long it is kept, in both languages', () => {
  for (const form of load().values()) {
    for (const { name, kind, privacy } of form.fields) {
      if (privacy === undefined)
        expect(
          ['choice', 'topic-choice', 'place-choice', 'yes-no', 'declaration', 'reckoned', 'slot', 'session'],
          name,
        ).toContain(kind)
      else {
        expect(privacy.necessity.en).toMatch(/\S/)
        expect(privacy.necessity.es).toMatch(/\S/)
        expect(city.retention.has(privacy.retention)).toBe(true)
      }
    }
  }
})

test('no form requires a name, an e-mail or a telephone, but for what is given in a name', () => {
  const inAName: Record<string, string[]> = {
    'library-card': ['name'],
    'special-event-permit': ['organizer.name', 'organizer.telephone'],
    // A child in camp is called by her name.
    'summer-camp': ['name'],
  }
  for (const form of load().values()) {
    const questions = form.fields.flatMap((field) => [
      { path: field.name, required: field.required },
      ...(field.parts ?? []).map(({ name, required }) => ({ path: `${field.name}.${name}`, required })),
    ])
    const reached = questions.filter(({ path }) => Object.values(form.contact).includes(path))
    expect(reached.length).toBeGreaterThan(0)
    expect(reached.filter(({ required }) => required).map(({ path }) => path)).toEqual(inAName[form.id] ?? [])
  }
})

test('questions come in the order in which the file has them, with what a page needs to ask them', () => {
  const form = load().get('report-a-problem' as FormId)
  expect(form?.fields.map(({ name }) => name)).toEqual([
    'topic',
    'neighborhood',
    'where',
    'what',
    'photos',
    'name',
    'email',
    'telephone',
  ])
  expect(form?.fields[0]?.choices).toHaveLength([...city.topics.values()].filter(({ problem }) => problem).length)
  expect(form?.fields[0]?.choices?.[0]).toHaveProperty('group.en', 'Public Works')
  expect(form?.fields[1]?.choices?.map(({ value }) => value)).toEqual([...city.places.keys()])
  expect(form?.fields[6]).toMatchObject({ kind: 'email', autocomplete: 'email', maxLength: 254, required: false })
})

test('the schema is JSON Schema 2020-12 that stands on its own, the privacy vocabulary in it', () => {
  const form = load().get('contact-the-city' as FormId)
  expect(form?.schema).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    additionalProperties: false,
    required: ['message'],
    properties: {
      email: { type: 'string', format: 'email', privacy: { purpose: 'answer', category: 'email', needed: false } },
    },
  })
})

test.each([
  ['purpose', /purpose: answer\n\s+category: email/, 'category: email'],
  ['category', 'category: email\n', '\n'],
  ['retention', /retention: letter\n(\s+needed: false\n\s+email:)/, '\n$1'],
  ['needed', /needed: false\n(\s+email:)/, '\n$1'],
])('a personal question without %s is refused with its line and the way out', (part, from, to) => {
  const told = change('contact-the-city.yaml', from, to)
  expect(told).toEqual([
    expect.stringMatching(new RegExp(`^contact-the-city.yaml:\\d+ “${part}” is missing under “privacy”. \\[.+\\]$`)),
  ])
})

test('a personal question without a reason why it is needed is refused', () => {
  const told = change(
    'records-request.yaml',
    'necessity: { en: It makes the search shorter., es: Hace más corta la búsqueda. }',
    '',
  )
  expect(told).toEqual([expect.stringContaining('“necessity” is missing under “privacy”. [necessity: why we ask')])
})

test('a question that says nothing about privacy is refused with the way out', () => {
  const told = change('report-a-problem.yaml', /privacy: not-personal\n(\s+neighborhood:)/, '\n$1')
  expect(told).toEqual([
    expect.stringContaining('“privacy” is missing under “topic”. [privacy: with purpose, category, necessity'),
  ])
})

test.each([
  [
    'a question written freely is personal, whatever it says',
    'contact-the-city.yaml',
    /privacy:\n\s+purpose: answer\n\s+category: message[^]*?needed: true/,
    'privacy: not-personal',
    'people will write about themselves in it',
  ],
  [
    'a retention that is not there',
    'contact-the-city.yaml',
    'retention: letter',
    'retention: leter',
    '“leter” is not in retention.yaml. Did you mean “letter”?',
  ],
  [
    'a purpose that is not in the vocabulary',
    'contact-the-city.yaml',
    'purpose: answer',
    'purpose: marketing',
    '“purpose” cannot be “marketing”.',
  ],
  [
    'a question required but not needed',
    'contact-the-city.yaml',
    'required: [message]',
    'required: [message, email]',
    '“email” is required, yet says that it is not needed.',
  ],
  [
    'text without a limit',
    'contact-the-city.yaml',
    'maxLength: 8000',
    'minLength: 1',
    '“message” has no limit to its length.',
  ],
  [
    'a question never asked',
    'records-request.yaml',
    '    format:\n      type',
    '    weight: { type: number, privacy: not-personal }\n    format:\n      type',
    '“weight” may be answered but is never asked.',
  ],
  [
    'a question without a schema',
    'records-request.yaml',
    '  from:\n    label',
    '  since:\n    label',
    '“since” is asked, but schema does not say what may be answered.',
  ],
  [
    'a second e-mail',
    'contact-the-city.yaml',
    'category: telephone',
    'category: email',
    '“telephone” asks for a second email.',
  ],
  [
    'a topic that is not there',
    'records-request.yaml',
    'topic: public-records',
    'topic: public-recrods',
    '“public-recrods” is not a topic. Did you mean “public-records”?',
  ],
  [
    'a topic from a question that chooses none',
    'contact-the-city.yaml',
    'topic-from: topic',
    'topic-from: name',
    '“name” is not a question of kind topic-choice.',
  ],
  [
    'a type that does not fit its kind',
    'records-request.yaml',
    'kind: date',
    'kind: several',
    'which is not answered with the type string',
  ],
  [
    'a file that calls itself otherwise',
    'records-request.yaml',
    'id: records-request',
    'id: records',
    'This form calls itself “records”.',
  ],
  [
    'a pattern that is none',
    'contact-the-city.yaml',
    'maxLength: 8000',
    "maxLength: 8000\n      pattern: '('",
    '“(” is not a pattern.',
  ],
])('%s is refused', (_, file, from, to, says) => {
  const told = change(file, from, to)
  expect(told).toContainEqual(expect.stringContaining(says))
})

test('one wrong form and no form is loaded', () => {
  change('records-request.yaml', 'purpose: find-records', 'purpose: curiosity')
  expect(loadForms(folder, city)).toMatchObject({
    refused: 'form-files',
    mistakes: [{ line: expect.any(Number) as number }],
  })
})

test('a folder without forms is refused', () => {
  expect(loadForms(join(folder, 'none'), city)).toMatchObject({ refused: 'form-files' })
})
