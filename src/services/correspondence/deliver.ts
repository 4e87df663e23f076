import type { Temporal } from 'temporal-polyfill'
import { sql, type Db, type Language, type Mailer } from '../../plumbing/index.ts'
import type { CaseId, City, TopicId } from '../../city/index.ts'
import { unseal, unwrap, type DataKey, type Keys, type OpeningId, type SubjectId } from '../../trust/vault/index.ts'
import type { ContactDetails } from './letter.ts'
import { compose } from './compose.ts'

/** What the post office needs. Without a mailer (no SMTP_URL) mail is kept, to be read on the desk's outbox. */
export type PostOffice = Readonly<{ keeper: Db; keys: Keys; city: City; publicUrl: string; mailer?: Mailer }>

/** Three days of tries, put off for longer and longer, two hours at most. */
const triesAtMost = 44

type Handed = {
  subject: SubjectId
  wrapped_key: Buffer
  kek: string
  case_id: CaseId
  number: number
  topic: TopicId
  language: Language
  due_on: Temporal.PlainDate
  sealed_contact: Buffer | null
  message_id: string | null
  sealed_message: Buffer | null
  kind: 'acknowledgement' | 'reply'
  attempts: number
}

/**
 * Delivers one mail. The post office opens the case as the system, which the person reads in her list like any look.
 * It may run twice for one mail (a crash between sending and settling): the repeat carries the same Message-ID.
 * Where the receiving server says "later" it is tried again, for three days; then the mail has failed.
 */
export async function deliver(office: PostOffice, mailId: string): Promise<void> {
  const [opened] = await office.keeper.once<{ opening: OpeningId | null }>(
    sql`select vault.open_for_delivery(${mailId}) as opening`,
  )
  if (!opened?.opening) return
  const [handed] = await office.keeper.once<Handed>(
    sql`select * from vault.key_for_delivery(${opened.opening}, ${mailId})`,
  )
  if (!handed) return
  const mail = compose(office, mailId, { ...handed, ...contents(office.keys, handed) })
  if (!mail) return settle(office, mailId, 'failed', 'no-address')
  if (!office.mailer) return settle(office, mailId, 'kept')
  const sending = await office.mailer.send(mail)
  if ('sent' in sending) return settle(office, mailId, 'sent')
  const over = sending.refused === 'for-good' || handed.attempts + 1 >= triesAtMost
  await settle(office, mailId, over ? 'failed' : 'waiting', sending.code)
}

function contents(keys: Keys, handed: Handed): { email?: string; words?: string } {
  const key: DataKey = unwrap(keys, handed.subject, { wrapped: handed.wrapped_key, kek: handed.kek })
  const read = (table: string, column: string, row: string, sealed: Buffer): unknown =>
    JSON.parse(unseal(key, { table, column, row }, sealed))
  const contact = handed.sealed_contact
    ? (read('casefile', 'sealed_contact', handed.case_id, handed.sealed_contact) as ContactDetails)
    : {}
  const message =
    handed.message_id && handed.sealed_message
      ? (read('message', 'sealed', handed.message_id, handed.sealed_message) as { words?: string })
      : {}
  return {
    ...(contact.email !== undefined && { email: contact.email }),
    ...(message.words !== undefined && { words: message.words }),
  }
}

async function settle(office: PostOffice, mailId: string, state: string, failure?: string): Promise<void> {
  await office.keeper.once(sql`select correspondence.settle_mail(${mailId}, ${state}, ${failure ?? null})`)
}
