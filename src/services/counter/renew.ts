import { sha256, sql } from '../../plumbing/index.ts'
import { enterReceipt } from '../../trust/need-to-know/index.ts'
import { codeFor, holderOf, issueToken, secretOf, type House, type ReceiptCode } from '../correspondence/index.ts'

export type Renewed = Readonly<{ code: ReceiptCode }> | Readonly<{ refused: 'no-receipt' }>

/**
 * The person makes her code her own: she gets a new one, and the slip that a clerk has seen opens nothing from then on.
 * Only for letters that were recorded by a clerk. Refusal `no-receipt`: no such receipt, or it came by another door.
 */
export async function renew(house: House, old: ReceiptCode): Promise<Renewed> {
  const code = codeFor(house.keys, issueToken(house.keys))
  return house.db.transaction(async (tx): Promise<Renewed> => {
    if (!(await enterReceipt(tx, holderOf(house, old)))) return { refused: 'no-receipt' }
    const row = await tx.row<{ renewed: boolean }>(
      sql`select counter.renew_receipt(${sha256(secretOf(house.keys, code))}) as renewed`,
    )
    return row?.renewed ? { code } : { refused: 'no-receipt' }
  })
}
