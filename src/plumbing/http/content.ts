import { createHash } from 'node:crypto'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { gzipAround } from './gzip-copies.ts'

export type Encoding = 'br' | 'gzip' | 'identity'
/** What a copy with a text of its own goes out in: Brotli leaves no room for one. */
export type OwnEncoding = Exclude<Encoding, 'br'>

/** Bytes that are the same for everyone, before they are put on the shelf. */
export interface Content {
  readonly body: string | Buffer
  readonly type: string
  /** Seconds that anyone may keep it; 'forever' for an address that changes with its content. */
  readonly keep: number | 'forever'
  readonly own?: OwnText
}

/**
 * A text that is new in each copy, where `instead` stands in the body once. Such a page is kept by nobody but the browser
 * that asked for it. What stands around the text is compressed beforehand like any page.
 */
export interface OwnText {
  readonly instead: string
  readonly make: () => string
}

/** One answer, ready to be written: headers as a flat list of names and values, as `writeHead` takes them fastest. */
export interface Ready {
  readonly etag: string
  readonly headers: readonly string[]
  readonly unchanged: readonly string[]
  readonly body: Buffer
}

/** Makes the answer in one encoding. `always` are headers that every answer carries. */
export function prepare(content: Content, encoding: Encoding, always: Readonly<Record<string, string>>): Ready {
  const plain = Buffer.from(content.body)
  const body = compress(plain, encoding)
  const etag = `"${shortHash(plain)}${encoding === 'identity' ? '' : `-${encoding}`}"`
  const shared = [
    ...Object.entries(always).flat(),
    'cache-control',
    content.keep === 'forever' ? 'public, max-age=31536000, immutable' : `public, max-age=${content.keep}`,
    'vary',
    'Accept-Encoding',
    'etag',
    etag,
  ]
  const headers = [...shared, 'content-type', content.type, 'content-length', String(body.length)]
  if (encoding !== 'identity') headers.push('content-encoding', encoding)
  return { etag, headers, unchanged: shared, body }
}

/**
 * Makes copies in one encoding, each with a text of its own (ASCII). Bytes as a latin1 string: node:http puts it behind
 * the head and writes both at once, which costs less than a new buffer for each copy.
 */
export function prepareOwn(
  content: Content,
  own: OwnText,
  encoding: OwnEncoding,
  always: Readonly<Record<string, string>>,
): () => { readonly headers: string[]; readonly bytes: string } {
  const [before, after, ...more] = Buffer.from(content.body).toString('latin1').split(own.instead)
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`'${own.instead}' does not stand once in what is published`)
  const copy = encoding === 'gzip' ? gzipAround(before, after) : (text: string) => before + text + after
  const kept = ['cache-control', 'private, no-cache', 'vary', 'Accept-Encoding', 'content-type', content.type]
  const shared = [...Object.entries(always).flat(), ...kept]
  if (encoding === 'gzip') shared.push('content-encoding', 'gzip')
  return () => {
    const bytes = copy(own.make())
    return { headers: [...shared, 'content-length', String(bytes.length)], bytes }
  }
}

/** Which encoding to answer a request in, by its Accept-Encoding: the first of ours, smallest first, that it takes. */
export function chooseEncoding<E extends Encoding>(accepted: string | undefined, ours: readonly E[]): E | 'identity' {
  if (!accepted) return 'identity'
  for (const encoding of ours) {
    const asked = accepted.split(',').find((offer) => offer.trim().split(';')[0]?.trim() === encoding)
    if (asked && !/;\s*q=0(\.0*)?\s*$/.test(asked)) return encoding
  }
  return 'identity'
}

/** Whether the client holds what we would send (If-None-Match, RFC 9110 13.1.2: weak comparison). */
export function isHeld(ifNoneMatch: string | undefined, etag: string): boolean {
  if (!ifNoneMatch) return false
  return ifNoneMatch.split(',').some((held) => held.trim().replace(/^W\//, '') === etag || held.trim() === '*')
}

/** A name for content that changes when the content does. */
export function shortHash(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 12)
}

function compress(plain: Buffer, encoding: Encoding): Buffer {
  if (encoding === 'gzip') return gzipSync(plain, { level: 9 })
  if (encoding === 'br') return brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } })
  return plain
}
