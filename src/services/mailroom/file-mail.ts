import { sql, type Sql } from '../../plumbing/index.ts'
import { filesSealed, type TakenFile } from '../attachments/index.ts'
import type { TopicId } from '../../city/index.ts'
import { seal, sealKey, unwrap, type DataKey, type OpeningId, type SubjectId } from '../../trust/vault/index.ts'
import {
  codeFor,
  dueOn,
  longestWords,
  receive,
  secretOf,
  today,
  type SubmissionToken,
} from '../correspondence/index.ts'
import type { MailHouse } from './house.ts'
import { takeFiles } from './take-files.ts'
import type { Opened } from './open-received.ts'
import type { Mail } from './read-mail.ts'
import { answersOf, wordsOf, type Reading } from './reading.ts'

export type FiledKind = 'letter' | 'addition' | 'bounce' | 'automatic' | 'unreadable'

/**
 * A mail becomes a letter: a case on the topic of whom it was written to. However often this runs for one mail, it is
 * one case: the token follows from the mail. Only who is verified is answered, so that no answer goes to whom a sender
 * pretended to be.
 */
export async function fileAsLetter(house: MailHouse, mail: Opened, read: Mail, reading: Reading): Promise<void> {
  const { files, left } = await takeFiles(house.cabinet, read.files)
  const token = house.keys.mac('mail', `token|${mail.id}`).toString('base64url')
  const { from, language } = reading
  await receive(
    house,
    {
      channel: 'email',
      form: house.contact.form,
      formVersion: house.contact.version,
      topic: mail.topic,
      language,
      answers: answersOf(reading, left),
      contact: { ...(from?.name && { name: from.name }), ...(from && { email: from.address }) },
      acknowledge: reading.verdict.sender === 'verified',
      ...(files.length > 0 && { files }),
    },
    token as SubmissionToken,
  )
  const secret = secretOf(house.keys, codeFor(house.keys, token as SubmissionToken))
  await file(house, mail, reading.notes.includes('broken') ? 'unreadable' : 'letter', reading, { secret })
}

/** A mail becomes what the person adds to her case, which waits for the city again. */
export async function fileAsAddition(house: MailHouse, mail: Opened, read: Mail, reading: Reading): Promise<void> {
  const { files, left } = await takeFiles(house.cabinet, read.files)
  const words = answersOf(reading, left).map(({ field, label, value }) =>
    field === 'files' ? `${label}: ${value}` : value,
  )
  await file(house, mail, 'addition', reading, { words: words.join('\n\n'), files })
}

/**
 * A mail becomes what another government answered: `take` writes its words, its files and the filed mail on the case in
 * one transaction, with the arguments that file it. False where the case takes no answer; then nothing was done.
 */
export async function fileAsAnswer(
  house: MailHouse,
  mail: Opened,
  read: Mail,
  reading: Reading,
  take: (words: string, filing: () => Promise<Sql>) => Promise<boolean>,
): Promise<boolean> {
  const { files, left } = await takeFiles(house.cabinet, read.files)
  const named = answersOf(reading, left).filter(({ field }) => field === 'files')
  const words = [wordsOf(reading), ...named.map(({ label, value }) => `${label}: ${value}`)].join('\n\n')
  return take([...words].slice(0, longestWords).join(''), async () => {
    const { opening, key } = await openCase(house, mail)
    return sql`${opening}, ${keyUnder(key, mail)}, ${sealReading(mail, reading)}, ${filesSealed(key, files)}`
  })
}

/** A mail that a program wrote is kept with its case, and changes nothing else there. */
export async function keepWithCase(
  house: MailHouse,
  mail: Opened,
  kind: 'bounce' | 'automatic',
  reading: Reading,
): Promise<void> {
  await file(house, mail, kind, reading, {})
}

type HandedCase = {
  case_id: string
  number: number
  topic: TopicId
  subject: SubjectId
  wrapped_key: Buffer
  kek: string
  first_message: string
}

type OpenedCase = HandedCase & Readonly<{ opening: OpeningId; key: DataKey }>

/** Opens the case that a mail goes to, as the system; its person reads the entry. */
async function openCase({ db, keys }: MailHouse, mail: Opened, secret?: Buffer): Promise<OpenedCase> {
  const [opened] = await db.once<{ opening: OpeningId | null }>(
    sql`select vault.open_for_filing(${mail.id}, ${secret ?? null}) as opening`,
  )
  if (!opened?.opening) throw new Error('the case of a mail could not be opened to file it')
  const [handed] = await db.once<HandedCase>(sql`select * from vault.key_for_filing(${opened.opening})`)
  if (!handed) throw new Error('the key to file a mail was not handed out')
  const key = unwrap(keys, handed.subject, { wrapped: handed.wrapped_key, kek: handed.kek })
  return { ...handed, opening: opened.opening, key }
}

/** The mail's own key, sealed under the case's: whoever opens the case opens the mail. */
const keyUnder = (key: DataKey, mail: Opened): Buffer =>
  sealKey(key, { table: 'received', column: 'sealed_key', row: mail.id }, mail.key)

/** Hands a mail over to its case. */
async function file(
  house: MailHouse,
  mail: Opened,
  kind: FiledKind,
  reading: Reading,
  how: { secret?: Buffer; words?: string; files?: readonly TakenFile[] },
): Promise<void> {
  const { opening, key, topic } = await openCase(house, mail, how.secret)
  const words =
    how.words === undefined
      ? null
      : seal(key, { table: 'message', column: 'sealed', row: mail.id }, JSON.stringify({ words: how.words }))
  await house.db.once(sql`select mailroom.file(${opening}, ${kind}, ${keyUnder(key, mail)},
    ${sealReading(mail, reading)}, ${words}, ${dueOn(house.city, topic, today(house))},
    ${filesSealed(key, how.files ?? [])})`)
}

export function sealReading(mail: Pick<Opened, 'id' | 'key'>, reading: Reading): Buffer {
  return seal(mail.key, { table: 'received', column: 'sealed_reading', row: mail.id }, JSON.stringify(reading))
}
