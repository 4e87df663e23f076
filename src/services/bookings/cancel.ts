import type { RefundRule } from '../../city/index.ts'
import { sql } from '../../plumbing/index.ts'
import { enterReceipt } from '../../trust/need-to-know/index.ts'
import { holderOf, type House, type ReceiptCode } from '../correspondence/index.ts'

export type CancelRefusal = 'not-there' | 'too-late' | 'changed'
export type Cancelled = Readonly<{ done: true }> | Readonly<{ refused: CancelRefusal }>

/**
 * The person cancels her booking: the places go back, the ledger has it, a mail confirms it where she gave an address, all in
 * one transaction. `refund` is what she was shown; where it is another by now nothing is done (`changed`), so that nobody
 * loses money by pressing late. Twice is once.
 */
export async function cancel(
  house: House,
  code: ReceiptCode,
  { id, refund }: Readonly<{ id: string; refund: RefundRule }>,
): Promise<Cancelled> {
  return house.db.transaction(async (tx): Promise<Cancelled> => {
    if (!(await enterReceipt(tx, holderOf(house, code)))) return { refused: 'not-there' }
    const row = await tx.row<{ outcome: 'done' | 'again' | CancelRefusal }>(
      sql`select bookings.cancel(${id}, ${refund}) as outcome`,
    )
    if (!row) throw new Error('cancelling gave no outcome')
    return row.outcome === 'done' || row.outcome === 'again' ? { done: true } : { refused: row.outcome }
  })
}
