import type { Temporal } from 'temporal-polyfill'
import type { City } from '../../city/index.ts'

/** The dates that a working day's reminders turn on. */
export type Terms = Readonly<{
  day: Temporal.PlainDate
  /** Due on this date or before: soon. */
  soon: Temporal.PlainDate
  /** Due before this date: told to whoever oversees. */
  escalate: Temporal.PlainDate
  /** Not taken up since before this date: nobody's for too long. */
  untouched: Temporal.PlainDate
}>

export function termsOf({ calendar, routing: { levels } }: City, day: Temporal.PlainDate): Terms {
  return {
    day,
    soon: calendar.addWorkingDays(day, levels.dueSoon),
    escalate: workingDaysBefore(calendar, day, levels.escalateAfter),
    untouched: workingDaysBefore(calendar, day, levels.unassignedAfter),
  }
}

function workingDaysBefore(calendar: City['calendar'], date: Temporal.PlainDate, n: number): Temporal.PlainDate {
  let day = date
  for (let left = n; left > 0;) {
    day = day.subtract({ days: 1 })
    if (calendar.isWorkingDay(day)) left--
  }
  return day
}
