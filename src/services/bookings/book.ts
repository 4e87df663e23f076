import type { CaseId } from '../../city/index.ts'
import { sql, type Tx } from '../../plumbing/index.ts'
import { newId } from '../correspondence/index.ts'
import type { SlotWish } from './slot.ts'

export const bookRefusals = ['taken', 'closed', 'too-late', 'too-far', 'too-many', 'not-there'] as const
export type BookRefusal = (typeof bookRefusals)[number]

/** `held`: it is kept until it is paid, for as long as the city's file says. */
export type Booked = Readonly<{ booked: string; held: boolean }> | Readonly<{ refused: BookRefusal }>

/**
 * Books for the letter that this very transaction has received (`receiveWith`), so that there is never a booking without a
 * letter. On a refusal roll the transaction back, or there is a letter without a booking. Refusals: `taken`, somebody was
 * first; `closed`, no slot begins then, or the city keeps the time; `too-late`, `too-far`, before the lead or past the
 * horizon; `too-many`, slots, places, or bookings of one letter; `not-there`, no such facility or no letter.
 * Of several bookings in one transaction, book in the order of the facilities' names, so that no two wait for each other.
 */
export async function book(tx: Tx, wish: SlotWish & Readonly<{ caseId: CaseId }>): Promise<Booked> {
  const id = newId()
  const row = await tx.row<{ outcome: 'booked' | 'held' | BookRefusal }>(
    sql`select bookings.book(${id}, ${wish.caseId}, ${wish.facility}, ${wish.start}, ${wish.slots}, ${wish.places}) as outcome`,
  )
  if (!row) throw new Error('booking gave no outcome')
  const { outcome } = row
  return outcome === 'booked' || outcome === 'held' ? { booked: id, held: outcome === 'held' } : { refused: outcome }
}
