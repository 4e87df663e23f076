import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isRefusal, loadCity } from './index.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cityhall-payments-'))
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
const lineOf = (file: string, words: string) =>
  readFileSync(join(folder, file), 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(words)) + 1

test('the rules of payments are read: amounts in cents, reasons and tills as closed lists', () => {
  const city = loadCity(folder)
  if (isRefusal(city)) throw new Error(JSON.stringify(city.mistakes))
  expect(city.payments).toMatchObject({ refunds: { secondPersonAbove: 10_000, withinDays: 365 }, retention: 'payment' })
  expect([...(city.payments?.waivers.keys() ?? [])]).toContain('low-income')
})

test('a city without the file takes no payments, and is a city', () => {
  rmSync(join(folder, 'payments.yaml'))
  const city = loadCity(folder)
  expect(isRefusal(city)).toBe(false)
  expect('payments' in city).toBe(false)
})

test.each([
  ['an amount that is not dollars and cents', "'100.00'", '100', /must be text, not a whole number/],
  ['a retention that the city does not have', 'retention: payment', 'retention: paymnt', /Did you mean “payment”/],
  ['a name that is not known', '  within-days:', '  witin-days:', /“witin-days” is not known here/],
  ['the reason that only the program gives', '    not-held:', '    not-owed:', /is what the program says/],
])('%s is told with its file and line', (_, from, to, says) => {
  const line = lineOf('payments.yaml', from)
  const told = written('payments.yaml', from, to)
  expect(told.find((one) => one.startsWith(`payments.yaml:${String(line)} `))).toMatch(says)
})

test('tills at which nobody collects are refused', () => {
  const told = written('duties.yaml', /may: \[collect(, refund, waive)?\]/g, 'may: [waive]')
  expect(told).toEqual([expect.stringMatching(/^payments\.yaml:\d+ Nobody takes the money at these tills\./)])
})

test('a duty without topics is one that only takes, waives or pays back', () => {
  const told = written('duties.yaml', 'may: [collect]', 'may: [collect, answer]')
  expect(told.map((one) => one.replace(/:\d+/, ''))).toEqual([
    'duties.yaml The duty “cashier” has no topic.',
    'duties.yaml The duty “cashier” may not read, so nothing else that it may do can be done.',
  ])
})
