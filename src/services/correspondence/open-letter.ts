import type { CaseId } from '../../city/index.ts'
import type { StaffActor } from '../../trust/need-to-know/index.ts'
import { open, type OpeningId } from '../../trust/vault/index.ts'
import type { House } from './house.ts'

/**
 * Opens a letter on the clerk's desk for 15 minutes. The look, with her duty and the reason, is in the ledger before
 * she can read a word, and the person sees it. Refusal `not-there`: no such case on her desk, or no such reason.
 */
export async function openLetter(
  house: House,
  actor: StaffActor,
  caseId: CaseId,
  reason: string,
): Promise<Readonly<{ opening: OpeningId }> | Readonly<{ refused: 'not-there' }>> {
  const opening = await open(house.db, actor, { caseId, purpose: 'answer', reason })
  return opening ? { opening } : { refused: 'not-there' }
}
