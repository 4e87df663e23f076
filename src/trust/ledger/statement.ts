import { hashBytes, sha256, type Hash } from './merkle.ts'

/** Bytes that are read front to back: what comes next begins at `at`. */
export type Reading = { readonly bytes: Buffer; at: number }

/** What an entry commits to, as far as it is spelled. There is one, written over for each entry. */
const spelled = { bytes: Buffer.alloc(4096), length: 0 }
/** Spared for what cannot be long: all but the codes. */
const room = 1024

const head = Buffer.from('cityhall/entry/v1\n')
const uuidBytes = 16
const instantBytes = 8
const countBytes = 4
const newline = 0x0a
const dash = 0x2d
/** Microseconds from 1970, where a statement counts from, to 2000, where PostgreSQL does. */
const until2000 = 946_684_800_000_000n
const hexDigits = Buffer.from('0123456789abcdef')

/**
 * The commitment of an entry: the SHA-256 of its salt and its statement, which is spelled here from the columns as
 * PostgreSQL keeps them. Read are the salt, the subject, its count, the case (each after a byte that says whether it is
 * there), the time, and the codes as the statement has them, up to a zero, which no text in PostgreSQL can hold.
 */
export function commitmentOf(id: number, reading: Reading): Hash {
  const { bytes } = reading
  spelled.length = 0
  put(bytes, reading.at, hashBytes)
  reading.at += hashBytes
  put(head, 0, head.length)
  putUuid(bytes, id)
  putByte(newline)
  if (isNext(reading)) putUuid(bytes, taken(reading, uuidBytes))
  putByte(newline)
  if (isNext(reading)) putWord(bytes.readInt32BE(taken(reading, countBytes)))
  putByte(newline)
  if (isNext(reading)) putUuid(bytes, taken(reading, uuidBytes))
  putByte(newline)
  putWord(bytes.readBigInt64BE(taken(reading, instantBytes)) + until2000)
  putByte(newline)
  const end = bytes.indexOf(0, reading.at)
  put(bytes, reading.at, end - reading.at)
  reading.at = end + 1
  return sha256(spelled.bytes.subarray(0, spelled.length))
}

/** What is not there is spelled as a dash. */
function isNext(reading: Reading): boolean {
  const isThere = reading.bytes[reading.at] === 1
  reading.at += 1
  if (!isThere) putByte(dash)
  return isThere
}

/** Where the next value begins, of which the reading goes on behind. */
export function taken(reading: Reading, length: number): number {
  const from = reading.at
  reading.at += length
  return from
}

function put(bytes: Buffer, from: number, length: number): void {
  const needed = spelled.length + length + room
  if (needed > spelled.bytes.length) spelled.bytes = Buffer.concat([spelled.bytes], 2 * needed)
  bytes.copy(spelled.bytes, spelled.length, from, from + length)
  spelled.length += length
}

function putWord(word: number | bigint): void {
  spelled.length += spelled.bytes.write(String(word), spelled.length, 'latin1')
}

function putByte(byte: number): void {
  spelled.bytes[spelled.length] = byte
  spelled.length += 1
}

function putUuid(bytes: Buffer, from: number): void {
  for (let at = 0; at < uuidBytes; at += 1) {
    if (at === 4 || at === 6 || at === 8 || at === 10) putByte(dash)
    const byte = bytes[from + at] ?? 0
    putByte(hexDigits[byte >> 4] ?? 0)
    putByte(hexDigits[byte & 0x0f] ?? 0)
  }
}
