import { sha256, sql } from '../../../plumbing/index.ts'
import type { House } from '../house.ts'
import { secretOf, type ReceiptCode } from '../receipt-code.ts'
import { codeOfLink, linkSecret, type LinkLetters } from './receipt-link.ts'

export type MadeReceipt = Readonly<{ code: ReceiptCode }> | Readonly<{ refused: 'past' | 'later' }>

/**
 * Who wrote by e-mail makes her receipt at the link of a mail: a code like everybody's, shown to her alone, and the link
 * leads nowhere from then on. For ten minutes it may be pressed again, for the same code. Refusals: `past` (used, older
 * than thirty days, or no such link: one answer), `later` (her mail is still being filed).
 */
export async function makeReceipt(house: Pick<House, 'db' | 'keys'>, letters: LinkLetters): Promise<MadeReceipt> {
  const code = codeOfLink(house.keys, letters)
  const hashed = sha256(secretOf(house.keys, code))
  const [row] = await house.db.once<{ outcome: string }>(
    sql`select correspondence.make_receipt(${linkSecret(house.keys, letters)}, ${hashed}) as outcome`,
  )
  if (row?.outcome === 'done') return { code }
  return { refused: row?.outcome === 'later' ? 'later' : 'past' }
}
