import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isRefusal, loadCity } from '../../city/index.ts'
import { mistakesInSample } from './check-sample.ts'
import { loadForms } from './define.ts'

const original = join(import.meta.dirname, '../../../city')
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cityhall-sample-'))
  cpSync(original, folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true }))

function told(from: string, to: string): string[] {
  const path = join(folder, 'sample', 'cases.yaml')
  const source = readFileSync(path, 'utf8')
  expect(source).toContain(from)
  writeFileSync(path, source.replace(from, to))
  const city = loadCity(folder)
  if (isRefusal(city)) throw new Error(JSON.stringify(city.mistakes))
  const forms = loadForms(join(folder, 'forms'), city)
  if (isRefusal(forms)) throw new Error(JSON.stringify(forms.mistakes))
  const lineOf = (words: string) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .findIndex((line) => line.includes(words)) + 1
  return mistakesInSample(folder, city, forms).map(
    ({ file, line, says, allowed }) =>
      `${basename(file)}:${line === lineOf(to) ? 'its line' : String(line)} ${says} [${allowed}]`,
  )
}

test('a sample letter to which its form would say no is told with its line, before any letter comes in', () => {
  expect(told('email: t.marsh@example.org', 'email: t.marsh at example.org')).toEqual([
    expect.stringMatching(/^cases\.yaml:its line .*[Ee]-?mail.*\[what report-a-problem takes for “email”\]$/),
  ])
})

test('an answer to what its form does not ask is told, with what it asks: it would be left out without a word', () => {
  const [strange, ...more] = told('until: 9:30 pm', 'untill: 9:30 pm')
  expect(strange).toMatch(
    /^cases\.yaml:its line The form “special-event-permit” does not ask “untill”\. \[what, .*until/,
  )
  expect(more).toEqual([expect.stringContaining('[what special-event-permit takes for “until”]')])
})

test('a sample letter of a form that is not there is told with the nearest', () => {
  expect(told('form: special-event-permit', 'form: special-events-permit')).toEqual([
    expect.stringMatching(
      /^cases\.yaml:its line “special-events-permit” is not a form\. Did you mean “special-event-permit”\?/,
    ),
  ])
})

test('the sample itself has none', () => {
  expect(told('email: t.marsh@example.org', 'email: t.marsh@example.com')).toEqual([])
})
