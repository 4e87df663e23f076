import type { ImapFlow } from 'imapflow'
import type { DNSResolver } from 'mailauth'
import type { Temporal } from 'temporal-polyfill'
import { keepDoing, sql } from '../../plumbing/index.ts'
import type { MailHouse } from './house.ts'
import { takeIn } from './receive-file.ts'

const restMs = 15_000
/** Marks what was taken in, so that a person may read the mailbox too. */
const takenFlag = '$Cityhall'

export type PollOptions = Readonly<{
  /** Holds a password: never print it. */
  url: string
  signal: AbortSignal
  onFault: (error: unknown) => void
  every?: number
  /** For a server with a certificate of its own making. */
  anyCertificate?: boolean
  /** Asked for the keys of signatures: the only check of a sender that is left once a mail lies in a mailbox. */
  ask?: DNSResolver
}>

/**
 * Takes in the mail of an existing mailbox, over and over, until the signal. A message is marked as read only after it is
 * durable; one that is met twice (a mark that was lost, a mailbox that was made anew) is the same mail, and one letter. A
 * server that is away is asked again after a growing pause.
 */
export function pollMailbox(house: MailHouse, options: PollOptions): Promise<void> {
  const { signal, onFault, every = restMs } = options
  return keepDoing({ work: () => takeNew(house, options), every, onFault, signal })
}

const mostAVisit = 200

/** One visit to the mailbox. Never answers that there is more: what was refused stays unread there, and must not be asked for again at once. */
export async function takeNew(
  house: MailHouse,
  options: Pick<PollOptions, 'url' | 'anyCertificate' | 'ask'>,
): Promise<false> {
  const { ImapFlow } = await import('imapflow')
  const { folder, ...login } = loginOf(options.url)
  const client = new ImapFlow({
    ...login,
    logger: false,
    socketTimeout: 60_000,
    greetingTimeout: 10_000,
    connectionTimeout: 10_000,
    ...(options.anyCertificate && { tls: { rejectUnauthorized: false } }),
  })
  // An error on the line comes out of the question that was under way.
  client.on('error', () => undefined)
  await client.connect()
  try {
    const lock = await client.getMailboxLock(folder)
    try {
      await visit(house, options, client, house.keys.mac('mail', idOf(options.url)))
    } finally {
      lock.release()
    }
  } finally {
    await client.logout().catch(() => {
      client.close()
    })
  }
  return false
}

type Known = { validity: number; next_uid: number; since: Temporal.Instant }

/**
 * Takes what is new. Unread mail is new; so is what a person read before we came by, if it arrived since our last visit, or,
 * in a mailbox that was made anew, since our first. How far we are is noted behind each message that is durable.
 */
async function visit(house: MailHouse, { ask }: Pick<PollOptions, 'ask'>, client: ImapFlow, id: Buffer): Promise<void> {
  const { mailbox } = client
  if (!mailbox) return
  const [known] = await house.db.once<Known>(sql`select validity, next_uid, since from mailroom.mailbox_read(${id})`)
  const validity = Number(mailbox.uidValidity)
  const from = known === undefined ? mailbox.uidNext : known.validity === validity ? known.next_uid : 1
  const unread = await client.search({ seen: false, unKeyword: takenFlag }, { uid: true })
  // A server's days are its own: one more is asked for, and what was taken before is known by its content.
  const since = known && new Date(known.since.epochMilliseconds - 86_400_000)
  const read = since
    ? await client.search({ uid: `${String(from)}:*`, seen: true, unKeyword: takenFlag, since }, { uid: true })
    : []
  // A range ends with the last message, even where that is before its beginning (RFC 9051 9).
  const found = [...new Set([...(unread || []), ...(read || []).filter((uid) => uid >= from)])].sort((a, b) => a - b)
  for (const uid of found.slice(0, mostAVisit)) {
    await takeOne(house, client, uid, ask)
    if (uid >= from) await house.db.once(sql`select mailroom.note_mailbox(${id}, ${validity}, ${uid + 1})`)
  }
  if (found.length <= mostAVisit)
    await house.db.once(sql`select mailroom.note_mailbox(${id}, ${validity}, ${mailbox.uidNext})`)
}

/** What cannot be taken (too long, no mail at all) stays unread with a flag, for a person to see. */
async function takeOne(house: MailHouse, client: ImapFlow, uid: number, ask?: DNSResolver): Promise<void> {
  const { content } = await client.download(String(uid), undefined, { uid: true })
  const taken = await takeIn(house, 'imap', content as AsyncIterable<Buffer>, ask)
  const flags = 'refused' in taken ? ['\\Flagged', takenFlag] : ['\\Seen', takenFlag]
  await client.messageFlagsAdd(String(uid), flags, { uid: true })
}

/** The same mailbox, whatever its password is. */
function idOf(url: string): string {
  const { host, port, auth, folder } = loginOf(url)
  return `mailbox|${host}|${String(port)}|${auth.user}|${folder}`
}

function loginOf(text: string) {
  const url = new URL(text)
  const secure = url.protocol === 'imaps:'
  return {
    host: url.hostname,
    port: Number(url.port || (secure ? 993 : 143)),
    secure,
    auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    folder: decodeURIComponent(url.pathname.slice(1)) || 'INBOX',
  }
}
