import { expect, test } from 'vitest'
import { dateOf, parseHolidayRule } from './holiday-rule.ts'

test.each([
  ['January 1', '2026-01-01'],
  ['third Monday in January', '2026-01-19'],
  ['first Monday in September', '2026-09-07'],
  ['last Monday in May', '2026-05-25'],
  ['last Friday in January', '2026-01-30'],
  ['fourth Thursday in November', '2026-11-26'],
  ['day after fourth Thursday in November', '2026-11-27'],
  ['  LAST   monday in may ', '2026-05-25'],
])('“%s” falls on %s', (words, date) => {
  const rule = parseHolidayRule(words)
  expect(rule && dateOf(rule, 2026).toString()).toBe(date)
})

test.each([
  '',
  'Easter',
  'January',
  'February 29',
  'February 30',
  'June 31',
  'January 1 2026',
  'fifth Monday in May',
  'third Monday',
  'third Monday of May',
  'day after',
  'January 0',
])('“%s” is not a day that can be found in every year', (words) => {
  expect(parseHolidayRule(words)).toBeUndefined()
})

test('the last weekday of a month is in that month in every year', () => {
  const rule = parseHolidayRule('last Monday in May')
  for (let year = 1950; year < 2100; year++) {
    const date = rule && dateOf(rule, year)
    expect(date?.month).toBe(5)
    expect(date?.dayOfWeek).toBe(1)
    expect(date?.add({ days: 7 }).month).toBe(6)
  }
})
