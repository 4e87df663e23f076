import { Temporal } from 'temporal-polyfill'
import type { City, Facility, Text } from '../../city/index.ts'
import type { Slot } from './free-slots.ts'

/** The Monday of a day's week. */
export function mondayOf(day: Temporal.PlainDate): Temporal.PlainDate {
  return day.subtract({ days: day.dayOfWeek - 1 })
}

/** The weeks that may be looked at: from this one to the one of the last day that can be booked. */
export function weeksOf({ horizon }: Facility, today: Temporal.PlainDate) {
  return { first: mondayOf(today), last: mondayOf(today.add({ days: horizon })) }
}

/** The week an address asks for, within those that there are; this one where it asks for none. */
export function weekAsked(facility: Facility, today: Temporal.PlainDate, asked: unknown): Temporal.PlainDate {
  const { first, last } = weeksOf(facility, today)
  if (typeof asked !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(asked)) return first
  try {
    const week = mondayOf(Temporal.PlainDate.from(asked, { overflow: 'reject' }))
    if (Temporal.PlainDate.compare(week, first) < 0) return first
    return Temporal.PlainDate.compare(week, last) > 0 ? last : week
  } catch {
    return first
  }
}

export type DayOfSlots = Readonly<{
  date: Temporal.PlainDate
  slots: readonly Slot[]
  /** Why there are none. */
  closed?: 'closed' | Text
}>

/** Some days, each with the slots that begin on it by the city's clocks, and why where there are none. */
export function daysOf(
  city: City,
  facility: Facility,
  from: Temporal.PlainDate,
  days: number,
  slots: readonly Slot[],
): readonly DayOfSlots[] {
  const byDay = Map.groupBy(slots, ({ start }) => dateOf(city, start).toString())
  return Array.from({ length: days }, (_, n) => {
    const date = from.add({ days: n })
    const its = byDay.get(date.toString()) ?? []
    return its.length > 0 ? { date, slots: its } : { date, slots: [], closed: whyClosed(city, facility, date) }
  })
}

export const dateOf = (city: Pick<City, 'timeZone'>, at: Temporal.Instant) =>
  at.toZonedDateTimeISO(city.timeZone).toPlainDate()

function whyClosed(city: City, facility: Facility, date: Temporal.PlainDate): 'closed' | Text {
  const own = facility.closed.find((one) => one.date.equals(date))?.name
  const holiday = facility.keepsHolidays ? city.calendar.holidayOn(date) : undefined
  return own ?? holiday ?? 'closed'
}
