import { sql } from '../../plumbing/index.ts'
import type { CaseId } from '../../city/index.ts'
import type { StaffActor } from '../../trust/need-to-know/index.ts'
import { draftSent } from './drafts/end-draft.ts'
import type { House } from './house.ts'
import { filesSealed, type TakenFile } from '../attachments/index.ts'
import { ask, onCase, refuse, sealOnDesk, type Outcome } from './on-desk.ts'

/**
 * Leaves a note for colleagues who have the case on their desk. The person does not read it at her receipt; it is a
 * record of the city all the same. Refusals: not-there, closed-envelope, empty, too-long.
 */
export async function note(
  house: House,
  actor: StaffActor,
  input: { caseId: CaseId; words: string; messageId: string; files?: readonly TakenFile[] },
): Promise<Outcome> {
  return onCase(house, actor, input.caseId, async (tx) => {
    const { messageId, files = [] } = input
    const written = await sealOnDesk(tx, house, messageId, input.words)
    if (typeof written === 'string') return refuse(written)
    const { sealed, key } = written
    const act =
      files.length > 0
        ? sql`attachments.note(${messageId}, ${sealed}, ${filesSealed(key, files)})`
        : sql`correspondence.note(${messageId}, ${sealed})`
    const kept = await ask(tx, act)
    if ('done' in kept) await draftSent(tx, 'note', messageId)
    return kept
  })
}
