import type { Temporal } from 'temporal-polyfill'
import type { FacilityId, RefundRule } from '../../city/index.ts'
import { sql, type Tx } from '../../plumbing/index.ts'

/** Why the city cancels; `not-paid` is the program's own. */
export const cancelReasons = [
  'weather',
  'repair',
  'emergency',
  'needed-by-the-city',
  'rules',
  'asked',
  'mistake',
] as const
export type CancelReason = (typeof cancelReasons)[number] | 'not-paid'

/** How a booking stands. Each state carries what belongs to it; the table's checks say the same. */
export type BookingState =
  | Readonly<{ state: 'held'; until: Temporal.Instant }>
  | Readonly<{ state: 'booked' }>
  | Readonly<{ state: 'cancelled-by-person'; at: Temporal.Instant; refund: RefundRule }>
  | Readonly<{ state: 'cancelled-by-city'; at: Temporal.Instant; refund: RefundRule; because: CancelReason }>
  | Readonly<{ state: 'taken-place' | 'no-show'; at: Temporal.Instant }>

export type Booking = Readonly<{
  id: string
  facility: FacilityId
  start: Temporal.Instant
  end: Temporal.Instant
  slots: number
  places: number
  /** Which tables or courts; empty once they were given back. */
  units: readonly number[]
  standing: BookingState
  madeAt: Temporal.Instant
  /** Counts every change; a calendar's SEQUENCE is one less. */
  version: number
}>

/** What would go back if a booking were cancelled now, in cents, and by which way it was paid. */
export type BackNow = Readonly<{ cents: number; way: 'cash' | 'check' | 'card-terminal' | 'hosted' }>

/** Undefined where nothing was paid. The transaction has entered as the person. */
export async function backNow(tx: Tx, id: string): Promise<BackNow | undefined> {
  return tx.row<BackNow>(sql`select cents, way from bookings.back_now(${id})`)
}

/** A booking of the case in hand, with what cancelling it would mean now. */
export type BookingInHand = Booking &
  Readonly<{ cancelUntil: Temporal.Instant; freeUntil: Temporal.Instant; refundNow: RefundRule }>

/** A booking's columns as the database gives them. */
export type BookingRow = {
  id: string
  facility: FacilityId
  starts_at: Temporal.Instant
  ends_at: Temporal.Instant
  slots: number
  places: number
  units: number[]
  state: BookingState['state']
  made_at: Temporal.Instant
  held_until: Temporal.Instant | null
  ended_at: Temporal.Instant | null
  because: CancelReason | null
  refund: RefundRule | null
  version: number
}

type InHandRow = BookingRow & {
  cancel_until: Temporal.Instant
  free_until: Temporal.Instant
  refund_now: RefundRule
}

/** The bookings of the case in hand; the transaction has entered as the person or as a clerk. */
export async function bookingsInHand(tx: Tx): Promise<readonly BookingInHand[]> {
  const rows = await tx.rows<InHandRow>(sql`select * from bookings.in_hand()`)
  return rows.map((row) => ({
    ...bookingOf(row),
    cancelUntil: row.cancel_until,
    freeUntil: row.free_until,
    refundNow: row.refund_now,
  }))
}

export function bookingOf(row: BookingRow): Booking {
  const { id, facility, slots, places, units, version } = row
  const [start, end, madeAt] = [row.starts_at, row.ends_at, row.made_at]
  return { id, facility, start, end, slots, places, units, madeAt, version, standing: standingOf(row) }
}

function standingOf({ state, held_until: until, ended_at: at, refund, because }: BookingRow): BookingState {
  if (state === 'booked') return { state }
  if (state === 'held' && until) return { state, until }
  if ((state === 'taken-place' || state === 'no-show') && at) return { state, at }
  if (state === 'cancelled-by-person' && at && refund) return { state, at, refund }
  if (state === 'cancelled-by-city' && at && refund && because) return { state, at, refund, because }
  throw new Error(`a booking is ${state} without what belongs to it`)
}
