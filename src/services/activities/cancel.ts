import type { RefundRule } from '../../city/index.ts'
import { enterResident, type ResidentActor } from '../../people/residents/index.ts'
import { sql, type Tx } from '../../plumbing/index.ts'
import { enterReceipt } from '../../trust/need-to-know/index.ts'
import { holderOf, type House, type ReceiptCode } from '../correspondence/index.ts'
import { drawReference } from '../payments/index.ts'
import type { EnrolledAs } from './enrol.ts'

/** Whose enrolment it is: who has its receipt, or at her own page a guardian of the child, or she who came of age. */
export type Acting = ReceiptCode | ResidentActor

export async function enterActing(tx: Tx, house: House, by: Acting): Promise<boolean> {
  if (typeof by !== 'string') return (await enterResident(tx, by)) !== undefined
  return (await enterReceipt(tx, holderOf(house, by))) !== undefined
}

export type CancelRefusal = 'not-there' | 'too-late' | 'changed' | 'ended'
export type Cancelled = Readonly<{ done: true }> | Readonly<{ refused: CancelRefusal }>

/** `refund` and `version`: what she was shown. */
export type Cancelling = Readonly<{ id: string; refund: RefundRule; version: number }>

/**
 * The person, or a guardian of the child, cancels: the place is offered to whoever is next, the rule's refund begins, the
 * ledger has it, a mail confirms it where she gave an address, all in one transaction. Where something else is true by now than
 * what she was shown nothing is done (`changed`), so that nobody loses money by pressing late, or a place that another
 * guardian took a moment ago. Twice is once. `ended`: it ran out, or the city cancelled it; `too-late`: it is over.
 */
export async function cancelEnrolment(house: House, by: Acting, shown: Cancelling): Promise<Cancelled> {
  const { id, refund, version } = shown
  return house.db.transaction(async (tx): Promise<Cancelled> => {
    if (!(await enterActing(tx, house, by))) return { refused: 'not-there' }
    const row = await tx.row<{ outcome: 'done' | 'again' | CancelRefusal }>(
      sql`select activities.cancel(${id}, ${refund}, ${version}) as outcome`,
    )
    if (!row) throw new Error('cancelling gave no outcome')
    return row.outcome === 'done' || row.outcome === 'again' ? { done: true } : { refused: row.outcome }
  })
}

export type AcceptRefusal = 'not-there' | 'too-late' | 'ended' | 'consent'
export type Accepted = Readonly<{ as: Extract<EnrolledAs, 'enrolled' | 'held'> | 'again' }> | Readonly<{ refused: AcceptRefusal }> // prettier-ignore

/**
 * The person, or a guardian of the child, takes the place that was offered; what it costs is owed from now on. `too-late`: the
 * offer is over; `ended`: it was given up meanwhile, or a consent that it needs has ended; `consent`: two guardians do not agree
 * about such a consent, so nothing is done under it.
 */
export const acceptOffer = (house: House, by: Acting, id: string): Promise<Accepted> => acceptOffers(house, by, [id])

/** The places of brothers and sisters who are offered them together: all of them, or none. */
export async function acceptOffers(house: House, by: Acting, ids: readonly string[]): Promise<Accepted> {
  try {
    return await house.db.transaction(async (tx): Promise<Accepted> => {
      if (!(await enterActing(tx, house, by))) return { refused: 'not-there' }
      let as: Extract<Accepted, { as: unknown }>['as'] = 'again'
      for (const id of ids) {
        const outcome = await acceptOne(tx, id)
        as = as === 'again' ? outcome : as
      }
      return { as }
    })
  } catch (error) {
    if (error instanceof NotAccepted) return { refused: error.why }
    throw error
  }
}

/** Takes back what was accepted before it. */
class NotAccepted extends Error {
  readonly why: AcceptRefusal
  constructor(why: AcceptRefusal) {
    super('not accepted')
    this.why = why
  }
}

async function acceptOne(tx: Tx, id: string): Promise<'enrolled' | 'held' | 'again'> {
  for (let drawn = 0; drawn < 5; drawn += 1) {
    const row = await tx.row<{ outcome: 'enrolled' | 'held' | 'again' | 'draw-again' | AcceptRefusal }>(
      sql`select activities.accept(${id}, ${drawReference()}) as outcome`,
    )
    if (!row) throw new Error('accepting gave no outcome')
    const { outcome } = row
    if (outcome === 'draw-again') continue
    if (outcome === 'enrolled' || outcome === 'held' || outcome === 'again') return outcome
    throw new NotAccepted(outcome)
  }
  throw new Error('every payment reference that was drawn is taken')
}

/** Brothers and sisters who wait together wait one by one from now on. False: they do not, or they are not hers. */
export async function waitOneByOne(house: House, by: Acting, family: string): Promise<boolean> {
  return house.db.transaction(async (tx) => {
    if (!(await enterActing(tx, house, by))) return false
    const row = await tx.row<{ outcome: 'done' | 'not-there' }>(
      sql`select activities.split_family(${family}) as outcome`,
    )
    return row?.outcome === 'done'
  })
}
