import PostalMime, { type Address, type Attachment, type Email } from 'postal-mime'
import { areKnown, charsetsIn, wordsAsWritten } from './charsets.ts'
import { readTnef } from './tnef.ts'
import { asWords, textOfHtml } from './mail-text.ts'

/** Something about a mail that whoever reads it should know. */
export type Note = 'charset' | 'cut' | 'empty' | 'nested' | 'broken'

export type MailFile = Readonly<{ name: string; kind: string; content: Buffer }>

/** A mail as it can be shown: words only, nothing that runs or fetches. */
export type Mail = Readonly<{
  /** Lower-case names; the first of each. */
  header: ReadonlyMap<string, string>
  from?: Readonly<{ name: string; address: string }>
  /** Everybody in To and Cc. */
  to: readonly string[]
  subject: string
  text: string
  messageId?: string
  /** Message-IDs in In-Reply-To and References, without brackets. */
  refersTo: readonly string[]
  files: readonly MailFile[]
  notes: readonly Note[]
}>

const nestedAtMost = 5

/**
 * Reads a mail, however it is made. Whatever the parser cannot read gives a mail without words and the note `broken`:
 * the original is kept in any case. Nested messages are files, and their words stand below the mail's own.
 */
export async function readMail(raw: Buffer): Promise<Mail> {
  try {
    return await read(raw)
  } catch {
    return { header: new Map(), to: [], subject: '', text: '', refersTo: [], files: [], notes: ['broken'] }
  }
}

async function read(raw: Buffer): Promise<Mail> {
  const parsed = await parse(raw)
  const header = new Map<string, string>()
  for (const { key, value } of parsed.headers) if (!header.has(key)) header.set(key, value)
  const files = parsed.attachments.flatMap((one) => filesOf(one))
  const nested = await wordsOfNested(files)
  const tnef = files.filter(({ kind }) => kind === 'application/ms-tnef').map(({ content }) => readTnef(content))
  const labels = charsetsIn(raw)
  const { words: written, doubtful } = await wordsAsWritten(raw, labels, parsed, parse)
  const own = (await ownWords(written)) || tnef.map(({ text }) => text).find(Boolean) || ''
  const { words, cut } = asWords([own.trimEnd(), ...nested].filter(Boolean).join('\n\n'))
  const all = [...files, ...tnef.flatMap((one) => one.files)]
  const from = mailbox(parsed.from)
  return {
    header,
    ...(from && { from }),
    to: [...(parsed.to ?? []), ...(parsed.cc ?? [])].flatMap(mailboxes).map(({ address }) => address),
    subject: line(parsed.subject ?? ''),
    text: words,
    ...(parsed.messageId && { messageId: bare(parsed.messageId) }),
    refersTo:
      `${parsed.inReplyTo ?? ''} ${parsed.references ?? ''}`
        .match(/<[^<>\s]{1,300}>/g)
        ?.slice(0, 50)
        .map(bare) ?? [],
    files: all,
    notes: [
      ...(areKnown(labels) && !doubtful ? [] : (['charset'] as const)),
      ...(cut ? (['cut'] as const) : []),
      ...(words === '' ? (['empty'] as const) : []),
      ...(nested.length > 0 ? (['nested'] as const) : []),
    ],
  }
}

const parse = (raw: Buffer): Promise<Email> =>
  PostalMime.parse(raw, { maxNestingDepth: 50, maxHeadersSize: 1024 * 1024, forceRfc822Attachments: true })

/** Text as it was written; else the HTML as text. */
async function ownWords({ text, html }: Pick<Email, 'text' | 'html'>): Promise<string> {
  if (text !== undefined && text.trim() !== '') return text
  return html === undefined ? '' : textOfHtml(html)
}

function filesOf({ filename, mimeType, content, encoding }: Attachment): MailFile[] {
  const bytes = typeof content === 'string' ? Buffer.from(content, encoding) : Buffer.from(content as ArrayBuffer)
  const name = line(filename ?? '') || (mimeType === 'message/rfc822' ? 'message.eml' : 'file')
  return [{ name, kind: mimeType, content: bytes }]
}

async function wordsOfNested(files: readonly MailFile[]): Promise<string[]> {
  const inside = files.filter(({ kind }) => kind === 'message/rfc822').slice(0, nestedAtMost)
  const words: string[] = []
  for (const { content } of inside) {
    const one = await parse(content).catch(() => undefined)
    if (!one) continue
    const own = await ownWords(one)
    words.push(['-----', line(one.subject ?? ''), own.trim()].filter(Boolean).join('\n\n'))
  }
  return words
}

function mailbox(address: Address | undefined): Mail['from'] {
  const [one] = address ? mailboxes(address) : []
  return one
}

/** An address that could not be written to is none. */
function mailboxes(address: Address): { name: string; address: string }[] {
  const all = address.group ?? [address]
  return all.flatMap(({ name, address: at }) =>
    /^[^\s@<>()\p{C}]{1,64}@[^\s@<>()\p{C}]{1,190}$/u.test(at.trim())
      ? [{ name: line(name).slice(0, 120), address: at.trim() }]
      : [],
  )
}

const line = (text: string): string => asWords(text.replace(/\s+/g, ' ')).words.slice(0, 500)
const bare = (id: string): string => id.trim().replace(/^<|>$/g, '')
