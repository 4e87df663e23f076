import type { Email } from 'postal-mime'

/** Charsets that the words of a mail are said to be in, in small letters. */
export function charsetsIn(raw: Buffer): readonly string[] {
  const named = raw
    .subarray(0, 1024 * 1024)
    .toString('latin1')
    .matchAll(/\bcharset\s*=\s*"?([\w.:+-]{1,40})/gi)
  return [...named].map(([, label = '']) => label.toLowerCase())
}

/** Whether every one of them can be read; where not, some signs may be wrong. */
export const areKnown = (labels: readonly string[]): boolean => labels.every((label) => isUtf7(label) || isKnown(label))

type Words = Pick<Email, 'text' | 'html'>

/**
 * The words of a mail where it is not in the charset that it names. Called utf-8, and not: it is read again as windows-1252,
 * which is what such programs write, with a note. Called us-ascii, and more: it is utf-8 if it can be. UTF-7, which no
 * browser reads any more, is read here.
 */
export async function wordsAsWritten(
  raw: Buffer,
  labels: readonly string[],
  parsed: Email,
  parse: (raw: Buffer) => Promise<Email>,
): Promise<Readonly<{ words: Words; doubtful: boolean }>> {
  if (labels.some(isUtf8) && isBroken(`${parsed.text ?? ''}${parsed.html ?? ''}`))
    return { words: await parse(calledOtherwise(raw)), doubtful: true }
  if (labels.length > 0 && labels.every(isUtf7)) return { words: each(parsed, fromUtf7), doubtful: false }
  if (labels.some(isAscii)) return { words: each(parsed, asUtf8), doubtful: false }
  return { words: parsed, doubtful: false }
}

const isUtf8 = (label: string): boolean => /^utf-?8$/.test(label)
const isUtf7 = (label: string): boolean => /^(unicode-1-1-)?utf-7$/.test(label)
const isAscii = (label: string): boolean => /^(us-)?ascii$/.test(label)

function isKnown(label: string): boolean {
  try {
    new TextDecoder(label)
    return true
  } catch {
    return false
  }
}

function each({ text, html }: Email, of: (words: string) => string): Words {
  return { ...(text !== undefined && { text: of(text) }), ...(html !== undefined && { html: of(html) }) }
}

/** More bytes that are no UTF-8 than signs that are: one character that was cut off does not make it another charset. */
function isBroken(words: string): boolean {
  const wrong = words.match(/\ufffd/g)?.length ?? 0
  return wrong > 0 && wrong > (words.match(/[^\0-\x7f\ufffd]/g)?.length ?? 0)
}

/** The same mail, its words called windows-1252 in the headers of its parts. */
const calledOtherwise = (raw: Buffer): Buffer =>
  Buffer.from(
    raw
      .toString('latin1')
      .replace(/^content-type:.*(?:\r?\n[ \t].*)*/gim, (field) =>
        field.replace(/(charset\s*=\s*"?)utf-?8/i, '$1windows-1252'),
      ),
    'latin1',
  )

const windows1252 = new Map(
  Array.from({ length: 256 }, (_, byte) => [new TextDecoder('windows-1252').decode(Buffer.of(byte)), byte]),
)

/** Read as windows-1252, which is what us-ascii is taken for; its bytes may be UTF-8. */
function asUtf8(words: string): string {
  if (!/[^\0-\x7f]/.test(words)) return words
  const bytes = Array.from(words, (sign) => windows1252.get(sign))
  if (bytes.includes(undefined)) return words
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(bytes as number[]))
  } catch {
    return words
  }
}

/** RFC 2152: between + and - stands UTF-16 in base64; +- is a plus. */
function fromUtf7(words: string): string {
  return words.replace(/\+([A-Za-z0-9+/]*)-?/g, (_, coded: string) => {
    if (coded === '') return '+'
    const bytes = Buffer.from(coded, 'base64')
    return new TextDecoder('utf-16be').decode(bytes.subarray(0, bytes.length - (bytes.length % 2)))
  })
}
