import { sql } from '../../../plumbing/index.ts'
import type { CaseId } from '../../../city/index.ts'
import type { StaffActor } from '../../../trust/need-to-know/index.ts'
import { keyInHand, seal } from '../../../trust/vault/index.ts'
import type { House } from '../house.ts'
import { ask, checkWords, onCase, refuse, type Outcome } from '../on-desk.ts'
import { standingOf, type DraftKind } from './draft.ts'
import { endDraft } from './end-draft.ts'

/**
 * Keeps what a clerk has written so far, for her alone, sealed under the person's key: at most two weeks, and a day after
 * the case is closed. An empty box ends the draft. `messageId` is the message it will become: what comes after that was
 * sent is not kept. Refusals: not-there, closed-envelope, too-long.
 */
export async function keepDraft(
  house: House,
  actor: StaffActor,
  input: { caseId: CaseId; kind: DraftKind; version: number; messageId: string; words: string },
): Promise<Outcome> {
  const { caseId, kind, version, messageId } = input
  const checked = checkWords(input.words)
  if ('refused' in checked)
    return checked.refused === 'empty' ? endDraft(house, actor, { caseId, kind }) : refuse(checked.refused)
  return onCase(house, actor, caseId, async (tx, staff) => {
    const open = await keyInHand(tx, house.keys)
    if (!open) return refuse('closed-envelope')
    const sealed = seal(open.key, standingOf(caseId, staff.employee, kind), JSON.stringify({ words: checked.words }))
    return ask(tx, sql`correspondence.keep_draft(${kind}, ${version}, ${messageId}, ${sealed})`)
  })
}
