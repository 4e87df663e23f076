import type { MailFile } from './read-mail.ts'

/** Attributes of MS-OXTNEF 2.1.3.1 that say something to a reader. */
const body = 0x0002800c
const attachmentBegins = 0x00069002
const attachmentTitle = 0x00018010
const attachmentData = 0x0006800f
const filesAtMost = 100

/**
 * The words and files inside a winmail.dat, which Outlook writes (MS-OXTNEF). Strict: what is not well formed ends the
 * reading, and what was read so far is given. The winmail.dat itself stays a file of the mail.
 */
export function readTnef(bytes: Buffer): { text: string; files: readonly MailFile[] } {
  const files: { name: string; content?: Buffer }[] = []
  let text = ''
  for (const { id, data } of attributesOf(bytes)) {
    if (id === body) text = decode(data)
    else if (id === attachmentBegins && files.length < filesAtMost) files.push({ name: 'file' })
    const last = files.at(-1)
    if (last && id === attachmentTitle) last.name = decode(data) || 'file'
    if (last && id === attachmentData) last.content = Buffer.from(data)
  }
  return {
    text,
    files: files.flatMap(({ name, content }) =>
      content
        ? [{ name: name.replace(/[\\/\p{C}]/gu, '_').slice(0, 200), kind: 'application/octet-stream', content }]
        : [],
    ),
  }
}

/** Level (1), tag (2), type (2), length (4), data, checksum (2): the sum of the data's bytes. */
function* attributesOf(bytes: Buffer): Generator<{ id: number; data: Buffer }> {
  if (bytes.length < 6 || bytes.readUInt32LE(0) !== 0x223e9f78) return
  let at = 6
  while (at + 11 <= bytes.length) {
    const level = bytes.readUInt8(at)
    const tag = bytes.readUInt32LE(at + 1)
    const length = bytes.readUInt32LE(at + 5)
    const end = at + 9 + length
    if ((level !== 1 && level !== 2) || end + 2 > bytes.length) return
    const data = bytes.subarray(at + 9, end)
    let sum = 0
    for (const byte of data) sum = (sum + byte) & 0xffff
    if (sum !== bytes.readUInt16LE(end)) return
    yield { id: tag, data }
    at = end + 2
  }
}

const decode = (data: Buffer): string => new TextDecoder('windows-1252').decode(data).replace(/\0.*$/s, '').trim()
