import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isRefusal, loadCity } from './index.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cityhall-consent-'))
  cpSync(join(import.meta.dirname, '../../city'), folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true }))

function written(file: string, from: string | RegExp, to: string): readonly string[] {
  const path = join(folder, file)
  const text = readFileSync(path, 'utf8')
  expect(text).toMatch(from)
  writeFileSync(path, text.replace(from, to))
  const city = loadCity(folder)
  return isRefusal(city)
    ? city.mistakes.map(({ file, line, says }) => `${file.slice(folder.length + 1)}:${String(line)} ${says}`)
    : []
}
const lineOf = (words: string) =>
  readFileSync(join(folder, 'consent.yaml'), 'utf8')
    .split('\n')
    .findIndex((line) => line.startsWith(words)) + 1

test('the rules of consent are read: days, methods with their strength, what is asked by age and sensitivity', () => {
  const city = loadCity(folder)
  if (isRefusal(city)) throw new Error(JSON.stringify(city.mistakes))
  expect(city.consent).toMatchObject({
    answerDays: 14,
    remindAfter: 7,
    backUpsExpire: 35,
    appointment: 'consent-video-call',
  })
  expect(city.consent?.strength.sensitive).toEqual({ 'under-13': 3, 'under-18': 2 })
  expect(city.consent?.methods.get('counter')?.strength).toBe(3)
  expect(city.consent?.closedToGuardians.get('library-reading')?.en).toContain('7927.105')
})

test('a city without the file asks minors nothing, and is a city', () => {
  rmSync(join(folder, 'consent.yaml'))
  const city = loadCity(folder)
  expect(isRefusal(city)).toBe(false)
  expect('consent' in city).toBe(false)
})

test.each([
  ['a reminder after the end', 'remind-after: 7', 'remind-after: 14', 'remind-after:', /comes when it is over/],
  [
    'a mailbox as a strong proof',
    /(email-plus:\n {4}strength:) 1/,
    '$1 2',
    '  email-plus:',
    /email-plus is the weakest/,
  ],
  ['a name that is not known', 'verify-days:', 'verifie-days:', 'verify-days:', /“verifie-days” is not known here/],
  ['a method that there is not', '  video:', '  selfie:', '  video:', /“selfie” is not known here/],
  [
    'an appointment that cannot be booked',
    'appointment: consent-video-call',
    'appointment: consent-vidio-call',
    'appointment:',
    /Did you mean “consent-video-call”/,
  ],
  [
    'a strength that no method reaches',
    /strength: 3/g,
    'strength: 2',
    '  sensitive:',
    /No method that the city offers/,
  ],
])('%s is told with its file and line', (_, from, to, at, says) => {
  const line = lineOf(at)
  const told = written('consent.yaml', from, to)
  const near = told.filter((one) => [line, line + 1].some((n) => one.startsWith(`consent.yaml:${String(n)} `)))
  expect(near.join()).toMatch(says)
})

test('methods that nobody attests are refused', () => {
  const told = written('duties.yaml', 'may: [consent]', 'may: [collect]')
  expect(told).toEqual([expect.stringMatching(/^consent\.yaml:\d+ Nobody checks who consents\./)])
})
