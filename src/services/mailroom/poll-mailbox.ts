import type { ImapFlow } from 'imapflow'
import { keepDoing } from '../../plumbing/index.ts'
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
}>

/**
 * Takes in the unread mail of an existing mailbox, over and over, until the signal. A message is marked as read only after
 * it is durable; one that is met twice (a mark that was lost, a mailbox that was made anew) is the same mail, and one
 * letter. A server that is away is asked again after a growing pause.
 */
export function pollMailbox(house: MailHouse, options: PollOptions): Promise<void> {
  const { signal, onFault, every = restMs } = options
  return keepDoing({ work: () => takeUnread(house, options), every, onFault, signal })
}

/** One visit to the mailbox. Never answers that there is more: what was refused stays unread there, and must not be asked for again at once. */
export async function takeUnread(
  house: MailHouse,
  options: Pick<PollOptions, 'url' | 'anyCertificate'>,
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
      const found = await client.search({ seen: false, unKeyword: takenFlag }, { uid: true })
      for (const uid of (found || []).slice(0, 200)) await takeOne(house, client, uid)
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

/** What cannot be taken (too long, no mail at all) stays unread with a flag, for a person to see. */
async function takeOne(house: MailHouse, client: ImapFlow, uid: number): Promise<void> {
  const { content } = await client.download(String(uid), undefined, { uid: true })
  const taken = await takeIn(house, 'imap', content as AsyncIterable<Buffer>)
  const flags = 'refused' in taken ? ['\\Flagged', takenFlag] : ['\\Seen', takenFlag]
  await client.messageFlagsAdd(String(uid), flags, { uid: true })
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
