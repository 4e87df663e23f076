import { sql } from '../../plumbing/index.ts'
import type { CaseId } from '../../city/index.ts'
import type { StaffActor } from '../../trust/need-to-know/index.ts'
import { draftSent } from './drafts/end-draft.ts'
import type { House } from './house.ts'
import { ask, onCase, refuse, sealOnDesk, type Outcome } from './on-desk.ts'

/**
 * Leaves a note for colleagues who have the case on their desk. The person does not read it at her receipt; it is a
 * record of the city all the same. Refusals: not-there, closed-envelope, empty, too-long.
 */
export async function note(
  house: House,
  actor: StaffActor,
  input: { caseId: CaseId; words: string; messageId: string },
): Promise<Outcome> {
  return onCase(house, actor, input.caseId, async (tx) => {
    const sealed = await sealOnDesk(tx, house, input.messageId, input.words)
    if (typeof sealed === 'string') return refuse(sealed)
    const kept = await ask(tx, sql`correspondence.note(${input.messageId}, ${sealed})`)
    if ('done' in kept) await draftSent(tx, 'note', input.messageId)
    return kept
  })
}
