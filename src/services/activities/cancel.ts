import type { RefundRule } from '../../city/index.ts'
import { sql } from '../../plumbing/index.ts'
import { enterReceipt } from '../../trust/need-to-know/index.ts'
import { holderOf, type House, type ReceiptCode } from '../correspondence/index.ts'
import { drawReference } from '../payments/index.ts'
import type { EnrolledAs } from './enrol.ts'

export type CancelRefusal = 'not-there' | 'too-late' | 'changed'
export type Cancelled = Readonly<{ done: true }> | Readonly<{ refused: CancelRefusal }>

/**
 * The person cancels: her place is offered to whoever is next, the rule's refund begins, the ledger has it, a mail confirms it
 * where she gave an address, all in one transaction. `refund` is what she was shown; where it is another by now nothing is
 * done (`changed`), so that nobody loses money by pressing late. Twice is once.
 */
export async function cancelEnrolment(
  house: House,
  code: ReceiptCode,
  { id, refund }: Readonly<{ id: string; refund: RefundRule }>,
): Promise<Cancelled> {
  return house.db.transaction(async (tx): Promise<Cancelled> => {
    if (!(await enterReceipt(tx, holderOf(house, code)))) return { refused: 'not-there' }
    const row = await tx.row<{ outcome: 'done' | 'again' | CancelRefusal }>(
      sql`select activities.cancel(${id}, ${refund}) as outcome`,
    )
    if (!row) throw new Error('cancelling gave no outcome')
    return row.outcome === 'done' || row.outcome === 'again' ? { done: true } : { refused: row.outcome }
  })
}

export type Accepted = Readonly<{ as: Extract<EnrolledAs, 'enrolled' | 'held'> | 'again' }> | Readonly<{ refused: 'not-there' | 'too-late' }> // prettier-ignore

/** The person takes the place that was offered to her; what it costs is owed from now on. `too-late`: the offer is over. */
export async function acceptOffer(house: House, code: ReceiptCode, id: string): Promise<Accepted> {
  return house.db.transaction(async (tx): Promise<Accepted> => {
    if (!(await enterReceipt(tx, holderOf(house, code)))) return { refused: 'not-there' }
    for (let drawn = 0; drawn < 5; drawn += 1) {
      const row = await tx.row<{ outcome: 'enrolled' | 'held' | 'again' | 'not-there' | 'too-late' | 'draw-again' }>(
        sql`select activities.accept(${id}, ${drawReference()}) as outcome`,
      )
      if (!row) throw new Error('accepting gave no outcome')
      const { outcome } = row
      if (outcome === 'draw-again') continue
      return outcome === 'not-there' || outcome === 'too-late' ? { refused: outcome } : { as: outcome }
    }
    throw new Error('every payment reference that was drawn is taken')
  })
}
