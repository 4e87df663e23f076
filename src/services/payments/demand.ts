import type { CaseId, Text } from '../../city/index.ts'
import { sql, type Tx } from '../../plumbing/index.ts'
import type { Money } from './money.ts'
import { drawReference, type PaymentReference } from './reference.ts'

/** One line of what something costs. */
export type FeeLine = Readonly<{
  /** At most 120 signs; about no person. */
  label: Text
  amount: Money
  /** Which rule of the form made it: small letters, digits, hyphens and dots. */
  rule: string
  /** What of it need not be paid, by a rule of the form, and why: a reason of `city/payments.yaml`. */
  waived?: Readonly<{ amount: Money; reason: string }>
}>

export type DemandRefusal = 'not-there' | 'again' | 'not-an-amount' | 'too-much' | 'no-such-reason'
export type Demanded = Readonly<{ reference: PaymentReference }> | Readonly<{ refused: DemandRefusal }>

/** A reference that another charge has is drawn again; that this happens so often means that something else is wrong. */
const draws = 5

/**
 * Demands what a letter costs, in the very transaction that receives it (`receiveWith`): case and charge come together, or
 * not at all. What is waived altogether is waived at once. Refusals: `not-there`, no letter of this transaction; `again`,
 * it has a charge; `not-an-amount`, no line, or an amount of nothing or less; `too-much`, above a million dollars;
 * `no-such-reason`, a waiver's reason is not in the city's file. The caller ends the transaction on refusal.
 */
export async function demand(
  tx: Tx,
  { caseId, lines }: Readonly<{ caseId: CaseId; lines: readonly FeeLine[] }>,
): Promise<Demanded> {
  const each = <T>(of: (line: FeeLine) => T): T[] => lines.map(of)
  for (let drawn = 0; drawn < draws; drawn += 1) {
    const reference = drawReference()
    const row = await tx.row<{ outcome: 'made' | 'taken' | DemandRefusal }>(sql`select payments.demand(
      ${caseId}, ${reference}, ${each(({ label }) => label.en)}::text[], ${each(({ label }) => label.es)}::text[],
      ${each(({ amount }) => amount)}::bigint[], ${each(({ rule }) => rule)}::text[],
      ${each(({ waived }) => waived?.amount ?? 0)}::bigint[], ${each(({ waived }) => waived?.reason ?? null)}::text[]) as outcome`)
    if (!row) throw new Error('payments.demand gave no outcome')
    if (row.outcome === 'made') return { reference }
    if (row.outcome !== 'taken') return { refused: row.outcome }
  }
  throw new Error('every payment reference that was drawn is taken')
}
