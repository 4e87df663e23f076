import type { CaseId } from '../../city/index.ts'
import { sql } from '../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../trust/need-to-know/index.ts'
import type { ReferralHouse } from './house.ts'

export type AgainRefusal = 'not-there' | 'not-failed'

/**
 * Sends once more, to the same agency, what did not arrive: exactly what was sent before. Needs the power to refer.
 * Refusals: not-there, not-failed (it arrived, or is still on its way).
 */
export async function sendAgain(
  house: ReferralHouse,
  actor: StaffActor,
  { caseId, referral }: Readonly<{ caseId: CaseId; referral: string }>,
): Promise<Readonly<{ done: true }> | Readonly<{ refused: AgainRefusal }>> {
  return house.db.transaction(async (tx) => {
    const staff = await enterStaff(tx, actor, caseId)
    if (staff?.caseId !== caseId) return { refused: 'not-there' }
    const row = await tx.row<{ outcome: 'done' | 'again' | AgainRefusal }>(
      sql`select referral.send_again(${referral}) as outcome`,
    )
    if (!row) throw new Error('referral.send_again gave no outcome')
    return row.outcome === 'done' || row.outcome === 'again' ? { done: true } : { refused: row.outcome }
  })
}
