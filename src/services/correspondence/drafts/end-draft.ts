import { sql, type Tx } from '../../../plumbing/index.ts'
import type { CaseId } from '../../../city/index.ts'
import type { StaffActor } from '../../../trust/need-to-know/index.ts'
import type { House } from '../house.ts'
import { onCase, type Outcome } from '../on-desk.ts'
import type { DraftKind } from './draft.ts'

/** Drops a draft of the clerk's own. One that is not there has ended already: both are done. Refusal: not-there (the case). */
export async function endDraft(
  house: House,
  actor: StaffActor,
  { caseId, kind }: { caseId: CaseId; kind: DraftKind },
): Promise<Outcome> {
  return onCase(house, actor, caseId, async (tx) => {
    await tx.rows(sql`select correspondence.end_draft(${kind})`)
    return { done: true }
  })
}

/** Ends the draft of a message in the transaction that sends it: never both, never neither. */
export async function draftSent(tx: Tx, kind: DraftKind, messageId: string): Promise<void> {
  await tx.rows(sql`select correspondence.end_draft(${kind}, ${messageId})`)
}
