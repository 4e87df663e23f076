import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Answers } from './answer.ts'
import { holds, schemaOf, type Condition } from './condition.ts'
import { mostMoney, readMoney as readOwed } from '../../payments/index.ts'
import { feesOf, mostCents } from './fees.ts'
import { readDate, readMoney, readNumber, readTime } from './read-typed.ts'
import { reckon } from './reckon.ts'

const names = ['a', 'b', 'c']
const value = fc.oneof(fc.constantFrom('x', 'y'), fc.integer({ min: -3, max: 3 }), fc.boolean())
const answers: fc.Arbitrary<Answers> = fc.dictionary(
  fc.constantFrom(...names),
  fc.oneof(value, fc.array(fc.constantFrom('x', 'y', 'z'), { maxLength: 3 })),
)
const field = fc.constantFrom(...names)
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    fc.record({ field, is: value }),
    fc.record({ field, 'one-of': fc.array(value, { minLength: 1, maxLength: 3 }) }),
    fc.record({ field, includes: fc.constantFrom('x', 'y', 'z') }),
    fc.record({ field, 'at-least': fc.integer({ min: -3, max: 3 }) }),
    fc.record({ field, 'at-most': fc.integer({ min: -3, max: 3 }) }),
    fc.record({ field, answered: fc.boolean() }),
    fc.record({ all: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
  ),
}))

test('a condition and its JSON Schema say the same of any answers', () => {
  const ajv = new Ajv2020({ strict: false })
  const seen = { yes: 0, no: 0 }
  fc.assert(
    fc.property(condition, answers, (said, given) => {
      const expected = ajv.validate(schemaOf(said), given)
      seen[expected ? 'yes' : 'no'] += 1
      expect(holds(said, given)).toBe(expected)
    }),
    { numRuns: 500 },
  )
  expect(Math.min(seen.yes, seen.no)).toBeGreaterThan(50)
})

test('a date is read as people here write it, and only a day that is in the calendar', () => {
  for (const text of [
    '3/14/2026',
    '03-14-2026',
    '2026-03-14',
    'March 14, 2026',
    'mar. 14 2026',
    '14 March 2026',
    '14 de marzo de 2026',
    'marzo 14, 2026',
  ])
    expect(readDate(text), text).toBe('2026-03-14')
  for (const text of [
    '2/29/2025',
    '13/1/2026',
    '3/14/26',
    '0/1/2026',
    'today',
    '14/3/2026',
    '31 de abril de 2026',
    '2026-3',
  ])
    expect(readDate(text), text).toBeUndefined()
  expect(readDate('2/29/2024')).toBe('2024-02-29')
})

test('amounts, numbers and times are read exactly or not at all', () => {
  expect(['12', '$12.5', '1,250.50', '12 dollars', '0.07', 'US$ 3'].map(readMoney)).toEqual([
    1200, 1250, 125050, 1200, 7, 300,
  ])
  expect(['12.345', '-1', '1,25', '', '1e3', '.5'].map(readMoney)).toEqual(Array(6).fill(undefined))
  expect(['1,250', '-0.5', '007', '1250.25'].map(readNumber)).toEqual([1250, -0.5, 7, 1250.25])
  expect(['1,25', '0x10', '1e3', '٣', '--1'].map(readNumber)).toEqual(Array(5).fill(undefined))
  expect(['15:30', '3:30 pm', '3 p. m.', '12 am', '12:05 PM', '0:00'].map(readTime)).toEqual([
    '15:30',
    '15:30',
    '15:00',
    '00:00',
    '12:05',
    '00:00',
  ])
  expect(['24:00', '3', '13 pm', '3:60', 'noon'].map(readTime)).toEqual(Array(5).fill(undefined))
})

test('a sum of products is exact to the last cent, whatever order its terms stand in', () => {
  const cents = fc.integer({ min: 0, max: 1_000_000 })
  const count = fc.integer({ min: 0, max: 1_000 })
  fc.assert(
    fc.property(fc.array(fc.tuple(cents, count), { minLength: 1, maxLength: 8 }), (pairs) => {
      const given = Object.fromEntries(pairs.map(([, times], at) => [`n${String(at)}`, times]))
      const terms = pairs.map(([each], at) => ({ each, times: [`n${String(at)}`] }))
      const exact = Number(pairs.reduce((sum, [each, times]) => sum + BigInt(each) * BigInt(times), 0n))
      expect(reckon({ terms }, given)).toBe(exact)
      expect(reckon({ terms: terms.toReversed() }, given)).toBe(exact)
    }),
  )
  expect(
    reckon(
      {
        terms: [
          { each: 0.1, times: ['a'] },
          { each: 0.2, times: ['b'] },
        ],
      },
      { a: 1, b: 1 },
    ),
  ).toBe(0.3)
  expect(reckon({ terms: [{ each: 2, times: ['a'] }], 'at-least': 5, 'at-most': 9 }, { a: 1 })).toBe(5)
  expect(reckon({ terms: [{ each: 2, times: ['a'] }], 'at-least': 5, 'at-most': 9 }, { a: 100 })).toBe(9)
  expect(reckon({ terms: [{ each: 1e9, times: ['a', 'a'] }] }, { a: 1e9 })).toBeUndefined()
})

test('rows are counted and their columns summed; a yes counts one, and what was not answered nothing', () => {
  const given = { rows: [{ hours: 2 }, { hours: 1.5, late: true }, { late: true }], kitchen: true, several: ['x', 'y'] }
  const one = (times: Parameters<typeof reckon>[0]['terms'][number]['times']) =>
    reckon({ terms: [{ each: 100, ...(times && { times }) }] }, given)
  expect(one([{ count: 'rows' }])).toBe(300)
  expect(one([{ table: 'rows', column: 'hours' }])).toBe(350)
  expect(one([{ table: 'rows', column: 'late' }])).toBe(200)
  expect(one(['kitchen', { count: 'several' }])).toBe(200)
  expect(one(['nothing'])).toBe(0)
  expect(one(undefined)).toBe(100)
})

test('what is waived is never more than what is charged, and is split in favour of who pays', () => {
  const label = { en: 'A line', es: 'Una línea' }
  const always = { field: 'nothing', answered: false }
  const form = (each: number, ...percents: number[]) => ({
    fees: [
      { label, each },
      { label, each: 500, times: ['absent'] },
    ],
    waivers: percents.map((percent) => ({ label, percent, reason: 'low-income', when: always })),
  })
  expect(feesOf(form(999, 50), {})).toEqual({
    lines: [{ label, cents: 999 }],
    waived: [{ label, cents: 500, reason: 'low-income' }],
    total: 499,
  })
  expect(feesOf(form(1000, 80, 80), {})?.total).toBe(0)
  expect(feesOf(form(1000, 80, 80), {})?.waived.map(({ cents }) => cents)).toEqual([800, 200])
  expect(feesOf({ fees: [{ label, each: 10_000_000, times: ['n'] }], waivers: [] }, { n: 1_000 })).toBeUndefined()
  expect(feesOf({ fees: [{ label, each: 100, times: ['n'] }], waivers: [] }, { n: -3 })).toBeUndefined()
})

test('a form and the cash office read an amount as the same cents, and neither goes past the other’s limit', () => {
  expect(mostCents).toBe(mostMoney)
  const typed = fc.oneof(
    fc.constantFrom('12', '12.5', '$12.50', '1,200.00', '0.01', '1,20', '.5', '-3', '12.345', 'USD 4'),
    fc.stringMatching(/^\$?[0-9]{1,6}(\.[0-9]{1,2})?$/),
  )
  fc.assert(
    fc.property(typed, (text) => {
      const owed = readOwed(text)
      if (typeof owed === 'number') expect(readMoney(text)).toBe(owed)
    }),
  )
})
