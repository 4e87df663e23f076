import { createHash } from 'node:crypto'
import { sql } from '../../plumbing/index.ts'
import type { CaseId } from '../../city/index.ts'
import { enterStaff, type StaffActor } from '../../trust/need-to-know/index.ts'
import { checkWords, openLetter, reply, type House } from '../correspondence/index.ts'
import { joinedWith } from './joined.ts'

export type AnsweredAll =
  | Readonly<{ sent: number; left: number }>
  | Readonly<{ refused: 'not-there' | 'empty' | 'too-long' | 'nothing-joined' }>

/**
 * Sends one answer to every report that was joined to this one, each under its own person's key, in an act of its own:
 * each is opened for the reason given, which its person reads like any look. `messageId` makes a repeated post one
 * answer each: what a crash in between left out is sent then, and nothing twice. `left` counts those that were not on
 * this desk any more or changed that very moment. Refusals: not-there, empty, too-long, nothing-joined.
 */
export async function answerAll(
  house: House,
  actor: StaffActor,
  input: { caseId: CaseId; words: string; messageId: string; reason: string; close: boolean },
): Promise<AnsweredAll> {
  const checked = checkWords(input.words)
  if ('refused' in checked) return checked
  const children = await house.db.transaction(async (tx) => {
    const staff = await enterStaff(tx, actor, input.caseId)
    return staff?.caseId === input.caseId ? (await joinedWith(tx)).children : undefined
  })
  if (!children) return { refused: 'not-there' }
  if (children.length === 0) return { refused: 'nothing-joined' }
  let sent = 0
  for (const { id } of children) if (await answerOne(house, actor, id, { ...input, words: checked.words })) sent++
  return { sent, left: children.length - sent }
}

async function answerOne(
  house: House,
  actor: StaffActor,
  caseId: CaseId,
  { words, messageId, reason, close }: { words: string; messageId: string; reason: string; close: boolean },
): Promise<boolean> {
  const opened = await openLetter(house, actor, caseId, reason)
  if ('refused' in opened) return false
  const version = await house.db.transaction(async (tx) => {
    await enterStaff(tx, actor, caseId)
    return (await tx.row<{ version: number }>(sql`select version from correspondence.in_hand()`))?.version
  })
  if (version === undefined) return false
  const own = { caseId, version, words, messageId: messageFor(messageId, caseId) }
  return 'done' in (await reply(house, actor, { ...own, ...(close && { close: 'done' }) }))
}

/** One answer, one message in each case, however often it is posted. */
function messageFor(messageId: string, caseId: CaseId): string {
  const hex = createHash('sha256').update(`joined|${messageId}|${caseId}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
