import { join } from 'node:path'
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { isRefusal, loadCity } from './index.ts'

const city = loadCity(join(import.meta.dirname, '../../city'))
if (isRefusal(city)) throw new Error(JSON.stringify(city.mistakes, null, 2))
const { calendar } = city

const day = (text: string) => Temporal.PlainDate.from(text)
const anyDay = fc.integer({ min: 0, max: 365 * 80 }).map((days) => day('1990-01-01').add({ days }))
const count = fc.integer({ min: 0, max: 60 })

test.each([
  ['2026-01-01', 'New Year’s Day'],
  ['2026-01-19', 'Martin Luther King Jr. Day'],
  ['2026-02-16', 'Presidents’ Day'],
  ['2026-03-31', 'Cesar Chavez Day'],
  ['2026-05-25', 'Memorial Day'],
  ['2026-06-19', 'Juneteenth'],
  ['2026-09-07', 'Labor Day'],
  ['2026-11-11', 'Veterans Day'],
  ['2026-11-26', 'Thanksgiving Day'],
  ['2026-11-27', 'Day after Thanksgiving'],
  ['2026-12-25', 'Christmas Day'],
])('%s is %s', (date, name) => {
  expect(calendar.holidayOn(day(date))?.en).toBe(name)
  expect(calendar.isWorkingDay(day(date))).toBe(false)
})

test.each([
  ['Independence Day 2026 is a Saturday and kept on Friday', '2026-07-03', 'Independence Day'],
  ['Juneteenth 2027 is a Saturday and kept on Friday', '2027-06-18', 'Juneteenth'],
  ['Independence Day 2027 is a Sunday and kept on Monday', '2027-07-05', 'Independence Day'],
  ['New Year’s Day 2028 is a Saturday and kept on the last day of 2027', '2027-12-31', 'New Year’s Day'],
])('%s', (_, date, name) => {
  expect(calendar.holidayOn(day(date))?.en).toBe(name)
})

test('a holiday is kept only from the year in which the law made it one', () => {
  expect(calendar.holidayOn(day('2022-06-20'))).toBeUndefined()
  expect(calendar.holidayOn(day('2023-06-19'))?.es).toBe('Juneteenth')
})

test('a single day on which City Hall is closed is no working day', () => {
  expect(calendar.isWorkingDay(day('2026-12-24'))).toBe(false)
  expect(calendar.isWorkingDay(day('2025-12-24'))).toBe(true)
})

test('ten calendar days exclude the first, include the last, and a last day without work moves forward', () => {
  expect(calendar.addCalendarDaysThenWorking(day('2026-11-02'), 10).toString()).toBe('2026-11-12')
  // The tenth day is Thanksgiving; the day after it and the weekend have no work either.
  expect(calendar.addCalendarDaysThenWorking(day('2026-11-16'), 10).toString()).toBe('2026-11-30')
})

test('three working days from the Friday before Labor Day end on Thursday', () => {
  expect(calendar.addWorkingDays(day('2026-09-04'), 3).toString()).toBe('2026-09-10')
})

test('a deadline always falls on a working day and never before its days are over', () => {
  fc.assert(
    fc.property(anyDay, count, (date, n) => {
      const due = calendar.addCalendarDaysThenWorking(date, n)
      const late = date.add({ days: n }).until(due).days
      return calendar.isWorkingDay(due) && late >= 0 && late <= 6
    }),
  )
})

test('a day skipped by a deadline had no work', () => {
  fc.assert(
    fc.property(anyDay, count, (date, n) => {
      const due = calendar.addCalendarDaysThenWorking(date, n)
      for (let skipped = date.add({ days: n }); !skipped.equals(due); skipped = skipped.add({ days: 1 })) {
        if (calendar.isWorkingDay(skipped)) return false
      }
      return true
    }),
  )
})

test('between a day and its n-th working day lie exactly n working days', () => {
  fc.assert(
    fc.property(anyDay, count, (date, n) => {
      const due = calendar.addWorkingDays(date, n)
      let counted = 0
      for (let one = date; !one.equals(due); one = one.add({ days: 1 })) {
        if (calendar.isWorkingDay(one.add({ days: 1 }))) counted++
      }
      return counted === n && (n === 0 || calendar.isWorkingDay(due))
    }),
  )
})

test('working days add up: first a then b is the same as both at once', () => {
  fc.assert(
    fc.property(anyDay, count, count, (date, a, b) =>
      calendar.addWorkingDays(calendar.addWorkingDays(date, a), b).equals(calendar.addWorkingDays(date, a + b)),
    ),
  )
})

test('days are counted in whole numbers: anything else is a fault', () => {
  for (const n of [-1, 0.5, Number.NaN]) expect(() => calendar.addWorkingDays(day('2026-01-02'), n)).toThrow(RangeError)
})
