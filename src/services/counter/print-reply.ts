import type { Temporal } from 'temporal-polyfill'
import { sql } from '../../plumbing/index.ts'
import type { CaseId, DepartmentId, TopicId } from '../../city/index.ts'
import { enterStaff, type StaffActor } from '../../trust/need-to-know/index.ts'
import { keyInHand } from '../../trust/vault/index.ts'
import { readContact, readLetters, type CaseLine, type ContactDetails, type House } from '../correspondence/index.ts'

/** An answer as it goes out on paper. */
export type OnPaper = Readonly<{
  number: number
  topic: TopicId
  language: CaseLine['language']
  department?: DepartmentId
  contact: ContactDetails
  writtenAt: Temporal.Instant
  words: string
}>

/**
 * Prints an answer for the post. What leaves is written down: who printed it, on which duty. Refusal `not-there`: no such
 * case or answer on her desk, no duty of hers answers it, or its envelope is closed; all one answer.
 */
export async function printReply(
  house: House,
  actor: StaffActor,
  { caseId, message }: { caseId: CaseId; message: string },
): Promise<OnPaper | Readonly<{ refused: 'not-there' }>> {
  return house.db.transaction(async (tx) => {
    const staff = await enterStaff(tx, actor, caseId)
    const open = staff?.caseId === caseId ? await keyInHand(tx, house.keys) : undefined
    if (!open) return { refused: 'not-there' }
    const printed = await tx.row<{ done: boolean }>(sql`select counter.print_reply(${message}) as done`)
    const reply = (await readLetters(tx, open.key)).find(({ id }) => id === message)
    const line = await tx.row<Pick<CaseLine, 'number' | 'topic' | 'language'> & { sealed_contact: Buffer | null }>(
      sql`select number, topic, language, sealed_contact from correspondence.in_hand()`,
    )
    if (!printed?.done || !reply || !line) return { refused: 'not-there' }
    const { number, topic, language, sealed_contact: sealed } = line
    const duty = reply.duty === undefined ? undefined : house.city.duties.get(reply.duty)
    return {
      number,
      topic,
      language,
      ...(duty && { department: duty.department }),
      contact: readContact(open.key, caseId, sealed ?? undefined),
      writtenAt: reply.writtenAt,
      words: reply.words ?? '',
    }
  })
}
