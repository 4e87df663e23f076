import { inflateSync } from 'node:zlib'

/** What makes a PDF do something when it is opened or clicked, or carry a file (ISO 32000-2, 12.6 and 7.11.4). */
const active =
  /\/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|Rendition|Movie|Sound|3D|GoToE|GoToR|ImportData|SubmitForm|XFA|AA)(?![\w])/

/** So much may one compressed part of a PDF grow to while it is searched; one that grows more is taken for active. */
const mostInflated = 32_000_000
const mostStreams = 20_000

/**
 * Whether a PDF names anything that runs, starts or carries: in its plain objects, and in the objects that it keeps in
 * compressed streams. A name may be spelled in hexadecimal (`/J#53`), so that is undone first. Searching can find too
 * much, and then a harmless file is refused; that is the side to err on.
 */
export function hasActiveNames(bytes: Buffer): boolean {
  const text = bytes.toString('latin1')
  let inflated = 0
  let streams = 0
  let plain = 0
  for (const { index } of text.matchAll(/\bstream\r?\n/g)) {
    if (index < plain) continue
    const start = index + (text[index + 6] === '\r' ? 8 : 7)
    const dictionary = dictionaryBefore(text, index)
    if (names(text.slice(plain, index))) return true
    const end = text.indexOf('endstream', start)
    plain = end === -1 ? text.length : end
    if (!/\/ObjStm\b/.test(unescaped(dictionary))) continue
    const inside = inflate(bytes.subarray(start, plain), mostInflated - inflated)
    if (inside === undefined || ++streams > mostStreams) return true
    inflated += inside.length
    if (names(inside.toString('latin1'))) return true
  }
  return names(text.slice(plain))
}

const names = (text: string): boolean => active.test(unescaped(text))

const unescaped = (text: string): string =>
  text.includes('#')
    ? text.replace(/#([0-9a-f]{2})/gi, (_all, code: string) => String.fromCharCode(parseInt(code, 16)))
    : text

/** The dictionary of a stream stands right before it. */
function dictionaryBefore(text: string, at: number): string {
  return text.slice(Math.max(text.lastIndexOf(' obj', at), at - 4096, 0), at)
}

/** Undefined where it cannot be looked into: then nobody can say what is in it. */
function inflate(bytes: Buffer, most: number): Buffer | undefined {
  try {
    return inflateSync(bytes, { maxOutputLength: Math.max(1, most) })
  } catch {
    return undefined
  }
}
