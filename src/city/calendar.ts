import { Temporal } from 'temporal-polyfill'
import { dateOf } from './holiday-rule.ts'
import type { HolidayRule } from './holiday-rule.ts'
import type { Text } from './text.ts'

/** The city's working days. Every answer follows the rules of the calendar file that are in force on that date. */
export type Calendar = Readonly<{
  isWorkingDay(date: Temporal.PlainDate): boolean
  /** The holiday or closure kept on this date, also where a weekend moved it there. */
  holidayOn(date: Temporal.PlainDate): Text | undefined
  /** The n-th working day after `date`; `date` itself is not counted. n is 0 or more; 0 gives `date`. */
  addWorkingDays(date: Temporal.PlainDate, n: number): Temporal.PlainDate
  /** n calendar days after `date`, first day excluded and last included; a last day without work moves to the next working day (Gov. Code 6800). */
  addCalendarDaysThenWorking(date: Temporal.PlainDate, n: number): Temporal.PlainDate
}>

/** `from` and `until` bound the dates on which the holiday may fall, both included. */
export type Holiday = Readonly<{ name: Text; rule: HolidayRule; from?: Temporal.PlainDate; until?: Temporal.PlainDate }>

export type CalendarRules = Readonly<{
  /** ISO weekdays (Monday 1, Sunday 7) without work; never all seven. */
  closedEvery: ReadonlySet<number>
  saturdayMovesToFriday: boolean
  sundayMovesToMonday: boolean
  holidays: readonly Holiday[]
  closures: readonly Readonly<{ date: Temporal.PlainDate; name: Text }>[]
}>

export function createCalendar(rules: CalendarRules): Calendar {
  const years = new Map<number, ReadonlyMap<string, Text>>()
  const closures = new Map(rules.closures.map(({ date, name }) => [date.toString(), name]))

  const keptIn = (year: number) => {
    const known = years.get(year) ?? holidaysKept(rules, year)
    years.set(year, known)
    return known
  }
  const holidayOn: Calendar['holidayOn'] = (date) => {
    const day = date.toString()
    // A holiday on 1 January may be kept on 31 December: the neighbouring years have a say.
    return (
      closures.get(day) ??
      keptIn(date.year).get(day) ??
      (date.month === 12 ? keptIn(date.year + 1).get(day) : undefined) ??
      (date.month === 1 ? keptIn(date.year - 1).get(day) : undefined)
    )
  }
  const isWorkingDay: Calendar['isWorkingDay'] = (date) =>
    !rules.closedEvery.has(date.dayOfWeek) && holidayOn(date) === undefined

  const onOrAfter = (date: Temporal.PlainDate) => {
    let day = date
    while (!isWorkingDay(day)) day = day.add({ days: 1 })
    return day
  }
  return Object.freeze<Calendar>({
    isWorkingDay,
    holidayOn,
    addWorkingDays(date, n) {
      let day = date
      for (let left = whole(n); left > 0; left--) day = onOrAfter(day.add({ days: 1 }))
      return day
    },
    addCalendarDaysThenWorking: (date, n) => onOrAfter(date.add({ days: whole(n) })),
  })
}

function whole(n: number): number {
  if (Number.isSafeInteger(n) && n >= 0) return n
  throw new RangeError(`Days are counted in whole numbers from 0, not ${n}`)
}

/** The dates a year's holidays fall and are kept on; both count, so that a Saturday holiday names its Saturday too. */
function holidaysKept(rules: CalendarRules, year: number): ReadonlyMap<string, Text> {
  const kept = new Map<string, Text>()
  for (const { name, rule, from, until } of rules.holidays) {
    const date = dateOf(rule, year)
    if (from && Temporal.PlainDate.compare(date, from) < 0) continue
    if (until && Temporal.PlainDate.compare(date, until) > 0) continue
    kept.set(date.toString(), name)
    const moved = movedBy(rules, date)
    if (moved && !kept.has(moved.toString())) kept.set(moved.toString(), name)
  }
  return kept
}

function movedBy(rules: CalendarRules, date: Temporal.PlainDate): Temporal.PlainDate | undefined {
  if (date.dayOfWeek === 6 && rules.saturdayMovesToFriday) return date.subtract({ days: 1 })
  if (date.dayOfWeek === 7 && rules.sundayMovesToMonday) return date.add({ days: 1 })
  return undefined
}
