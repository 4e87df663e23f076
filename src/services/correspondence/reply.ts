import { sql } from '../../plumbing/index.ts'
import { leftIn, type CaseId } from '../../city/index.ts'
import type { StaffActor } from '../../trust/need-to-know/index.ts'
import { filesSealed, type TakenFile } from '../attachments/index.ts'
import type { Closing } from './close.ts'
import { draftSent } from './drafts/end-draft.ts'
import type { House } from './house.ts'
import { learningFrom } from './learner.ts'
import { ask, onCase, refuse, sealOnDesk, type Outcome } from './on-desk.ts'

/**
 * Answers the person. She reads it at her receipt, and by mail if she gave an address. `version` is the one the clerk
 * saw: if a colleague answered, the person wrote again, or the case moved since, nothing is sent and the refusal is
 * `changed`. `messageId` makes a repeated post one reply;
 * `close` closes the case with the answer, both or neither. Refusals: not-there, changed, closed-envelope, empty, too-long, placeholder-left
 * (a template's placeholder that nobody filled).
 */
export async function reply(
  house: House,
  actor: StaffActor,
  input: {
    caseId: CaseId
    version: number
    words: string
    messageId: string
    close?: Closing
    files?: readonly TakenFile[]
  },
): Promise<Outcome> {
  if (leftIn(input.words).length > 0) return refuse('placeholder-left')
  return onCase(house, actor, input.caseId, async (tx) => {
    const { version, messageId, close = null, files = [] } = input
    const written = await sealOnDesk(tx, house, messageId, input.words)
    if (typeof written === 'string') return refuse(written)
    const { sealed, key } = written
    const teach = await learningFrom(tx, house, input.caseId)
    const act =
      files.length > 0
        ? sql`attachments.reply(${version}, ${messageId}, ${sealed}, ${close}, ${filesSealed(key, files)})`
        : sql`correspondence.reply(${version}, ${messageId}, ${sealed}, ${close})`
    const sent = await ask(tx, act)
    if ('done' in sent) {
      await draftSent(tx, 'reply', messageId)
      await teach?.('answered')
    }
    return sent
  })
}
