import type { WhyNotTaken } from './cabinet.ts'

const openXml = 'application/vnd.openxmlformats-officedocument'

/**
 * What may be attached. Pictures, PDFs and office documents are looked into; text is text to its last byte. Left out on
 * purpose: HEIC (its decoder is not in sharp's build; a phone sends JPEG where HEIC is not accepted), SVG and HTML (they
 * are programs), office documents of the old kinds or with macros, archives (nobody can see what is in them), sound, film.
 */
export const kinds = {
  jpeg: { type: 'image/jpeg', extension: 'jpg', way: 'picture' },
  png: { type: 'image/png', extension: 'png', way: 'picture' },
  webp: { type: 'image/webp', extension: 'webp', way: 'picture' },
  gif: { type: 'image/gif', extension: 'gif', way: 'picture' },
  pdf: { type: 'application/pdf', extension: 'pdf', way: 'pdf' },
  docx: { type: `${openXml}.wordprocessingml.document`, extension: 'docx', way: 'document' },
  xlsx: { type: `${openXml}.spreadsheetml.sheet`, extension: 'xlsx', way: 'document' },
  pptx: { type: `${openXml}.presentationml.presentation`, extension: 'pptx', way: 'document' },
  odt: { type: 'application/vnd.oasis.opendocument.text', extension: 'odt', way: 'document' },
  ods: { type: 'application/vnd.oasis.opendocument.spreadsheet', extension: 'ods', way: 'document' },
  text: { type: 'text/plain', extension: 'txt', way: 'text' },
  csv: { type: 'text/csv', extension: 'csv', way: 'text' },
  mail: { type: 'message/rfc822', extension: 'eml', way: 'text' },
} as const

export type Kind = keyof typeof kinds

/** For a file question's `accept`. */
export const acceptedTypes: string = [
  ...Object.values(kinds).map(({ type }) => type),
  ...Object.values(kinds).map(({ extension }) => `.${extension}`),
].join(',')

export const isPicture = (kind: Kind): boolean => kinds[kind].way === 'picture'

/** How much of a file's beginning is looked at to tell its kind. */
export const headLength = 16_384

const sniffed: Readonly<Record<string, Kind>> = {
  'image/jpeg': 'jpeg',
  'image/png': 'png',
  'image/apng': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'application/pdf': 'pdf',
}

export type Sniffed = Kind | Readonly<{ refused: WhyNotTaken }>

const archive = Buffer.from('PK\x03\x04', 'latin1')
/** A compound file: an office document of the old kind, or a new one under a password. */
const compound = Buffer.from('d0cf11e0a1b11ae1', 'hex')

/**
 * The kind of a file by what it begins with. What the sender's program says it is counts for nothing; the name only
 * tells text from text (a table, a mail), and what is said where a file is refused. An
 * archive passes for a document here: which one it is, if any, only the whole of it tells.
 */
export async function kindOf(head: Buffer, name: string): Promise<Sniffed> {
  if (head.subarray(0, 4).equals(archive)) return 'docx'
  if (head.subarray(0, 8).equals(compound)) return { refused: /\.(docx|xlsx|pptx)$/i.test(name) ? 'locked' : 'kind' }
  const { fileTypeFromBuffer } = await import('file-type')
  const found = await fileTypeFromBuffer(head)
  if (found && /^image\/hei[cf]/.test(found.mime)) return { refused: 'heic' }
  if (found) return (Object.hasOwn(sniffed, found.mime) && sniffed[found.mime]) || { refused: 'kind' }
  if (isMarkup(head)) return { refused: 'kind' }
  const extension = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase()
  if (extension === 'csv') return 'csv'
  return extension === 'eml' && beginsAsMail(head) ? 'mail' : 'text'
}

/** HTML, SVG and XML are no plain text: another program that opens them runs what is in them. */
function isMarkup(head: Buffer): boolean {
  return /<\s*(!doctype|html|head|body|script|svg|iframe|object|embed|\?xml|\?php|meta)\b/i.test(
    head.toString('latin1'),
  )
}

function beginsAsMail(head: Buffer): boolean {
  return /^[!-9;-~]{1,70}:[ \t]/.test(head.toString('latin1'))
}
