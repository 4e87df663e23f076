import { Temporal } from 'temporal-polyfill'
import { sql, type Db, type Language, type Mailer, type OutgoingMail } from '../../plumbing/index.ts'
import type { CaseId, City } from '../../city/index.ts'
import {
  seal,
  unseal,
  unwrap,
  type DataKey,
  type Keys,
  type OpeningId,
  type SubjectId,
} from '../../trust/vault/index.ts'
import type { ContactDetails } from './letter.ts'
import { compose, type Notice, type ToWrite } from './compose.ts'
import { linkHash, linkLettersOf, type LinkLetters } from './mailed-receipt/receipt-link.ts'

/** What other rooms have to say in mails of theirs that are being delivered, by the mail. */
export type Notices = (
  keeper: Db,
  mails: readonly string[],
) => Promise<ReadonlyMap<string, (language: Language) => Notice>>

/** What the post office needs. Without a mailer (no SMTP_URL) mail is kept, to be read on the desk's outbox. */
export type PostOffice = Readonly<{
  keeper: Db
  keys: Keys
  city: City
  publicUrl: string
  mailer?: Mailer
  notices?: Notices
}>

type Handed = Omit<ToWrite, 'email' | 'words' | 'notice' | 'receiptLink'> & {
  mail: string
  subject: SubjectId
  wrapped_key: Buffer
  kek: string
  case_id: CaseId
  sealed_contact: Buffer | null
  message_id: string | null
  sealed_message: Buffer | null
  sealed_copy: Buffer | null
  without_receipt: boolean
}

/** A mail as it goes out; `fresh` where its copy has still to be kept. No mail: the person left no address. */
type Written = Readonly<{ id: string; mail?: OutgoingMail; fresh?: Buffer; receiptLink?: LinkLetters }>

/** Delivers one mail, or throws. */
export async function deliver(office: PostOffice, mailId: string): Promise<void> {
  const [fault] = await deliverAll(office, [mailId])
  if (fault !== undefined) throw fault as Error
}

/**
 * Delivers mails, each at most once unless a process dies. The post office opens the cases as the system, which each
 * person reads in her list like any look. A mail is written once and its copy kept, sealed, before the first try: a crash
 * between sending and settling sends that same mail again, under the same Message-ID. Where the receiving server says
 * "later" it is tried again, for three days; then the mail has failed. Answers with the faults; one mail's is not another's.
 */
export async function deliverAll(office: PostOffice, mailIds: readonly string[]): Promise<readonly unknown[]> {
  const opened = await office.keeper.once<{ mail: string; opening: OpeningId }>(
    sql`select item as mail, opening from vault.open_for('mail', ${mailIds}::uuid[])`,
  )
  if (opened.length === 0) return []
  const [mails, openings] = [opened.map(({ mail }) => mail), opened.map(({ opening }) => opening)]
  const handed = await office.keeper.once<Handed>(
    sql`select * from vault.key_for_delivery(${mails}::uuid[], ${openings}::uuid[])`,
  )
  const noticed = handed.filter(({ kind }) => kind === 'booking' || kind === 'enrolment').map(({ mail }) => mail)
  const notices = noticed.length > 0 ? await office.notices?.(office.keeper, noticed) : undefined
  const faults: unknown[] = []
  const written = handed.flatMap((one) => {
    try {
      return [write(office, one, notices?.get(one.mail)?.(one.language))]
    } catch (error) {
      faults.push(error)
      return []
    }
  })
  await noteLinks(office, written)
  await keepCopies(office, written)
  const sent = await Promise.allSettled(written.map((one) => send(office, one)))
  return [...faults, ...sent.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))]
}

const standing = (mail: string) => ({ table: 'mail', column: 'sealed_copy', row: mail })

function write(office: PostOffice, handed: Handed, notice?: Notice): Written {
  const { mail: id, sealed_copy: copy } = handed
  const key = unwrap(office.keys, handed.subject, { wrapped: handed.wrapped_key, kek: handed.kek })
  if (copy) return { id, mail: readCopy(key, id, copy) }
  const link = handed.without_receipt && { receiptLink: linkLettersOf(office.keys, id) }
  const mail = compose(office, id, Temporal.Now.instant(), {
    ...handed,
    ...contents(key, handed),
    ...(notice && { notice }),
    ...link,
  })
  return mail ? { id, mail, fresh: seal(key, standing(id), JSON.stringify(mail)), ...link } : { id }
}

/** The copy of a mail, opened. */
export function readCopy(key: DataKey, mailId: string, sealed: Buffer): OutgoingMail {
  return JSON.parse(unseal(key, standing(mailId), sealed)) as OutgoingMail
}

/** A crash after this leaves a link that no mail carries yet: the next try writes the same. */
async function noteLinks({ keeper, keys }: PostOffice, written: readonly Written[]): Promise<void> {
  const links = written.flatMap(({ id, receiptLink }) => (receiptLink === undefined ? [] : [{ id, receiptLink }]))
  if (links.length === 0) return
  const hashes = links.map(({ receiptLink }) => linkHash(keys, receiptLink))
  await keeper.once(
    sql`select correspondence.note_receipt_links(${links.map(({ id }) => id)}::uuid[], ${hashes}::bytea[])`,
  )
}

async function keepCopies(office: PostOffice, written: readonly Written[]): Promise<void> {
  const fresh = written.filter((one) => one.fresh !== undefined)
  if (fresh.length === 0) return
  const [ids, copies] = [fresh.map(({ id }) => id), fresh.map(({ fresh: copy }) => copy)]
  await office.keeper.once(sql`select correspondence.keep_copies(${ids}::uuid[], ${copies}::bytea[])`)
}

async function send(office: PostOffice, { id, mail }: Written): Promise<void> {
  if (!mail) return settle(office, id, 'failed', 'no-address')
  if (!office.mailer) return settle(office, id, 'kept')
  const sending = await office.mailer.send(mail)
  // A crash on this line leaves a mail that is sent and not settled: it goes out once more, the same.
  if ('sent' in sending) return settle(office, id, 'sent')
  const code = sending.code.replace(/[^A-Za-z0-9.-]/g, '-').slice(0, 40)
  await settle(office, id, sending.refused === 'for-good' ? 'failed' : 'waiting', code)
}

function contents(key: DataKey, handed: Handed): { email?: string; words?: string } {
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
