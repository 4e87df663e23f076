import type { Temporal } from 'temporal-polyfill'
import type { City, Facility, FacilityId } from '../../city/index.ts'
import { sql, type Sql, type Tx } from '../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../trust/need-to-know/index.ts'
import type { House } from '../correspondence/index.ts'
import { bookingOf, type Booking, type BookingRow, type CancelReason } from './in-hand.ts'

export const blockReasons = ['weather', 'repair', 'emergency', 'needed-by-the-city'] as const
export type BlockReason = (typeof blockReasons)[number]

/** A booking as the desk's list has it: a number and a time, never a person. `caseId` where the case is on her desk. */
export type KeptBooking = Booking & Readonly<{ number: number; caseId?: string }>

export type Block = Readonly<{ id: string; start: Temporal.Instant; end: Temporal.Instant; because: BlockReason }>

export type Span = Readonly<{ from: Temporal.Instant; until: Temporal.Instant }>

type Row = BookingRow & { number: number; case_id: string | null }
type BlockRow = { id: string; starts_at: Temporal.Instant; ends_at: Temporal.Instant; because: BlockReason }

/** The facilities whose bookings she keeps, in the order of the city's file. The transaction has entered as her. */
export async function keptFacilities(tx: Tx, city: City): Promise<readonly Facility[]> {
  const kept = new Set(
    (await tx.rows<{ id: FacilityId }>(sql`select kept as id from bookings.kept()`)).map(({ id }) => id),
  )
  return [...city.bookings.values()].filter(({ id }) => kept.has(id))
}

/** What stands in a stretch of time, by when it begins. Of a facility that she does not keep, nothing. */
export async function keptBookings(
  tx: Tx,
  facility: FacilityId,
  { from, until }: Span,
): Promise<readonly KeptBooking[]> {
  const rows = await tx.rows<Row>(sql`select * from bookings.on_desk(${facility}, ${from}, ${until})`)
  return rows.map(keptOf)
}

/** One booking of something she keeps; undefined where it is not there, or not hers to see. */
export async function keptBooking(tx: Tx, id: string): Promise<KeptBooking | undefined> {
  const row = await tx.row<Row>(sql`select * from bookings.one_on_desk(${id})`)
  return row && keptOf(row)
}

const keptOf = (row: Row): KeptBooking => ({
  ...bookingOf(row),
  number: row.number,
  ...(row.case_id !== null && { caseId: row.case_id }),
})

export async function blocksIn(tx: Tx, facility: FacilityId, { from, until }: Span): Promise<readonly Block[]> {
  const rows = await tx.rows<BlockRow>(sql`select * from bookings.blocks_on_desk(${facility}, ${from}, ${until})`)
  return rows.map(({ id, starts_at: start, ends_at: end, because }) => ({ id, start, end, because }))
}

export type KeepRefusal = 'not-there' | 'changed' | 'ended' | 'too-soon' | 'no-reason' | 'not-then'
export type Kept = Readonly<{ done: true }> | Readonly<{ refused: KeepRefusal }>

type Seen = Readonly<{ id: string; version: number }>

/** The city cancels: all is given back, the person is told by mail why. Refusal `ended`: it is not to come any more. */
export const callOff = (house: House, actor: StaffActor, { id, version, because }: Seen & { because: CancelReason }) =>
  asStaff(house, actor, sql`bookings.call_off(${id}, ${version}, ${because})`)

/** Nobody came, or (`came`) somebody did after all. From the start on, for a week. */
export const mark = (house: House, actor: StaffActor, { id, version, what }: Seen & { what: 'no-show' | 'came' }) =>
  asStaff(house, actor, sql`bookings.mark(${id}, ${version}, ${what})`)

/** It is paid: what was held stands. */
export const confirm = (house: House, actor: StaffActor, { id, version }: Seen) =>
  asStaff(house, actor, sql`bookings.confirm(${id}, ${version})`)

/** Keeps time for the city, 31 days at most. What is booked in it stands until somebody cancels it. `id` makes twice once. */
export const blockOut = (
  house: House,
  actor: StaffActor,
  { id, facility, from, until, because }: Span & Readonly<{ id: string; facility: FacilityId; because: BlockReason }>,
) => asStaff(house, actor, sql`bookings.block_out(${id}, ${facility}, ${from}, ${until}, ${because})`)

export const unblock = (house: House, actor: StaffActor, id: string) =>
  asStaff(house, actor, sql`bookings.unblock(${id})`)

async function asStaff(house: House, actor: StaffActor, act: Sql): Promise<Kept> {
  return house.db.transaction(async (tx): Promise<Kept> => {
    if (!(await enterStaff(tx, actor))) return { refused: 'not-there' }
    const row = await tx.row<{ outcome: 'done' | 'again' | KeepRefusal }>(sql`select ${act} as outcome`)
    if (!row) throw new Error('keeping bookings gave no outcome')
    return row.outcome === 'done' || row.outcome === 'again' ? { done: true } : { refused: row.outcome }
  })
}
