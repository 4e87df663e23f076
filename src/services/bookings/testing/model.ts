import { Temporal } from 'temporal-polyfill'
import type { City, Facility } from '../../../city/index.ts'

export type PlainSlot = Readonly<{ opening: number; at: number; start: number; end: number }>

const instant = (day: Temporal.PlainDate, minutes: number, timeZone: string) =>
  day.toPlainDateTime().add({ minutes }).toZonedDateTime(timeZone, { disambiguation: 'later' }).epochMilliseconds

/**
 * The slots that begin on a day, worked out again with Temporal and nothing of the database: the other half of the tests
 * that compare the two.
 */
export function slotsOn(facility: Facility, { timeZone, calendar }: City, day: Temporal.PlainDate): PlainSlot[] {
  const length = facility.slot * 60_000
  const step = length + facility.buffer * 60_000
  return [-2, -1, 0]
    .map((days) => day.add({ days }))
    .filter((one) => !facility.keepsHolidays || calendar.holidayOn(one) === undefined)
    .filter((one) => !facility.closed.some(({ date }) => date.equals(one)))
    .flatMap((one) => (facility.open.get(one.dayOfWeek) ?? []).map((hours) => ({ one, hours })))
    .flatMap(({ one, hours }) => {
      const opening = instant(one, hours.opens, timeZone)
      const closes = instant(one, hours.closes, timeZone)
      const slots: PlainSlot[] = []
      for (let start = opening; start + length <= closes; start += step)
        slots.push({ opening, at: slots.length, start, end: start + length })
      return slots
    })
    .filter(({ start }) =>
      Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(timeZone).toPlainDate().equals(day),
    )
    .sort((a, b) => a.start - b.start || a.opening - b.opening)
}

/** A facility's places as a plain list: who has which place, from when to when. */
export class PlainBook {
  readonly #capacity: number
  readonly #taken = new Map<string, { from: number; until: number; units: number[] }>()
  constructor(capacity: number) {
    this.#capacity = capacity
  }

  freeIn(from: number, until: number): number[] {
    return Array.from({ length: this.#capacity }, (_, unit) => unit).filter(
      (unit) =>
        ![...this.#taken.values()].some((one) => one.units.includes(unit) && one.from < until && one.until > from),
    )
  }

  /** The lowest places that are free the whole time; false where there are too few. */
  take(id: string, from: number, until: number, places: number): boolean {
    const free = this.freeIn(from, until)
    if (free.length < places) return false
    this.#taken.set(id, { from, until, units: free.slice(0, places) })
    return true
  }

  giveBack(id: string): void {
    this.#taken.delete(id)
  }
}
