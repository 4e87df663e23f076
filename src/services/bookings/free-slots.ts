import type { Temporal } from 'temporal-polyfill'
import type { Facility } from '../../city/index.ts'
import { sql, type Db } from '../../plumbing/index.ts'

/** One slot of a day, and whether it can be booked now. `closed`: the city keeps the time for itself. */
export type Slot = Readonly<{
  start: Temporal.Instant
  end: Temporal.Instant
  state: 'free' | 'taken' | 'closed' | 'too-late' | 'too-far'
  /** How many of the facility's places are free in it. */
  free: number
  /** How many slots in a row one place is free for, this one first; 0 where it is not free. */
  longest: number
}>

type Row = {
  opening: Temporal.Instant
  at: number
  starts_at: Temporal.Instant
  ends_at: Temporal.Instant
  state: Slot['state']
  units: number[]
}

/**
 * The slots of some days, in order, by the city's clocks; none on days of closing. For anybody: it says that a slot is
 * taken, not by whom. What it says may be old by the time somebody books: `book` decides.
 */
export async function freeSlots(
  db: Pick<Db, 'once'>,
  facility: Facility,
  from: Temporal.PlainDate,
  days: number,
): Promise<readonly Slot[]> {
  const rows = await db.once<Row>(sql`select * from bookings.free(${facility.id}, ${from}, ${days})`)
  const standing = new Map(rows.map((row) => [keyOf(row.opening, row.at), row]))
  return rows.map((row) => ({
    start: row.starts_at,
    end: row.ends_at,
    state: row.state,
    free: row.units.length,
    longest: longestFrom(row, standing, facility.mostSlots),
  }))
}

const keyOf = (opening: Temporal.Instant, at: number) => `${String(opening.epochMilliseconds)} ${String(at)}`

/** The same place the whole time: nobody changes tables in between. */
function longestFrom(row: Row, standing: ReadonlyMap<string, Row>, most: number): number {
  let units = row.units
  let slots = 0
  while (units.length > 0 && slots < most) {
    slots++
    const next = standing.get(keyOf(row.opening, row.at + slots))?.units ?? []
    units = units.filter((unit) => next.includes(unit))
  }
  return slots
}
