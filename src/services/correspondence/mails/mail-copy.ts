import { sql, type OutgoingMail } from '../../../plumbing/index.ts'
import type { CaseId } from '../../../city/index.ts'
import { enterStaff, type StaffActor } from '../../../trust/need-to-know/index.ts'
import { keyInHand } from '../../../trust/vault/index.ts'
import { readCopy } from '../deliver.ts'
import type { House } from '../house.ts'
import { withoutLink } from '../mailed-receipt/receipt-link.ts'
import { readLine, readMails, type MailLine } from '../read-case.ts'

export type MailCopy = Readonly<{ number: number; line: MailLine; mail: OutgoingMail }>

/**
 * The copy of a mail, as it went or was kept: to whom, headers, words, and not the link at which its person makes her
 * receipt: that is hers alone. It opens with the letter and closes with it.
 * Refusals: not-there (no such case on her desk, or no such mail of it), closed-envelope.
 */
export async function mailCopy(
  house: House,
  actor: StaffActor,
  caseId: CaseId,
  mailId: string,
): Promise<MailCopy | Readonly<{ refused: 'not-there' | 'closed-envelope' }>> {
  return house.db.transaction(async (tx) => {
    const staff = await enterStaff(tx, actor, caseId)
    const line = staff?.caseId === caseId ? await readLine(tx, caseId) : undefined
    const mail = line && (await readMails(tx)).find(({ id }) => id === mailId)
    if (!line || !mail) return { refused: 'not-there' }
    const open = await keyInHand(tx, house.keys)
    if (!open) return { refused: 'closed-envelope' }
    const row = await tx.row<{ copy: Buffer | null }>(sql`select correspondence.copy_in_hand(${mailId}) as copy`)
    if (!row?.copy) return { refused: 'not-there' }
    const copy = readCopy(open.key, mailId, row.copy)
    return {
      number: line.number,
      line: mail,
      mail: { ...copy, text: withoutLink(copy.text), html: withoutLink(copy.html) },
    }
  })
}
