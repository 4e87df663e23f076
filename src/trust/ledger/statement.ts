import { sha256, sha256Into, type CopiedRows } from '../../plumbing/index.ts'
import { hashBytes } from './merkle.ts'
import { column } from './place-rows.ts'

/** What an entry commits to, as far as it is spelled. There is one, written over for each entry. */
const spelled = { bytes: Buffer.alloc(4096), length: 0 }
/** Spared for what cannot be long: all but the codes. */
const room = 1024

const head = Buffer.from('cityhall/entry/v1\n')
const uuidBytes = 16
const instantBytes = 8
const newline = 0x0a
const dash = 0x2d
/** Microseconds from 1970, where a statement counts from, to 2000, where PostgreSQL does. */
const until2000 = 946_684_800_000_000n
const hexDigits = Buffer.from('0123456789abcdef')

/**
 * Lays the commitment of the entry at hand into `target`: the SHA-256 of its salt and its statement, which is spelled
 * here from the columns as PostgreSQL keeps them. False where something is missing that no entry is without.
 */
export function commit(rows: CopiedRows, target: Buffer): boolean {
  if (rows.length(column.salt) !== hashBytes || rows.length(column.at) !== instantBytes) return false
  if (rows.length(column.act) < 0 || rows.length(column.actorKind) < 0) return false
  spelled.length = 0
  put(rows.bytes, rows.start(column.salt), hashBytes)
  put(head, 0, head.length)
  putUuid(rows, column.name)
  putUuid(rows, column.subject)
  putCount(rows, column.subjectCount)
  putUuid(rows, column.case)
  putLine(String(rows.bytes.readBigInt64BE(rows.start(column.at)) + until2000))
  putCode(rows, column.act)
  putCode(rows, column.actorKind)
  putCode(rows, column.duty)
  putCode(rows, column.department)
  putEmployee(rows)
  putCode(rows, column.purpose)
  putCode(rows, column.reason)
  putCode(rows, column.detail)
  // A newline stands between the lines, and none behind the last.
  sha256Into(target, 0, spelled.bytes.subarray(0, spelled.length - 1))
  return true
}

/** What is not there is spelled as a dash. */
function putCode(rows: CopiedRows, code: number): void {
  const length = rows.length(code)
  if (length < 0) putByte(dash)
  else put(rows.bytes, rows.start(code), length)
  putByte(newline)
}

function putCount(rows: CopiedRows, count: number): void {
  putLine(rows.length(count) < 0 ? '-' : String(rows.bytes.readInt32BE(rows.start(count))))
}

/** An employee appears as a salted tag: the city can show who it was, and the tag alone tells nobody. */
function putEmployee(rows: CopiedRows): void {
  const [number, salt] = [rows.length(column.employee), rows.length(column.employeeSalt)]
  if (number < 0 || salt < 0) {
    putLine('-')
    return
  }
  const from = rows.start(column.employeeSalt)
  const employee = Buffer.from(String(rows.bytes.readInt32BE(rows.start(column.employee))))
  putLine(sha256(Buffer.concat([rows.bytes.subarray(from, from + salt), employee])).toString('hex'))
}

function putUuid(rows: CopiedRows, uuid: number): void {
  if (rows.length(uuid) < 0) putByte(dash)
  else {
    const [to, from] = [spelled.bytes, rows.start(uuid)]
    let next = spelled.length
    for (let at = 0; at < uuidBytes; at += 1) {
      if (at === 4 || at === 6 || at === 8 || at === 10) to[next++] = dash
      const byte = rows.bytes[from + at] ?? 0
      to[next++] = hexDigits[byte >> 4] ?? 0
      to[next++] = hexDigits[byte & 0x0f] ?? 0
    }
    spelled.length = next
  }
  putByte(newline)
}

function putLine(line: string): void {
  spelled.length += spelled.bytes.write(line, spelled.length, 'latin1')
  putByte(newline)
}

function putByte(byte: number): void {
  spelled.bytes[spelled.length] = byte
  spelled.length += 1
}

/** Byte by byte: what is put is a few of them, which a call of `copy` costs more than. */
function put(bytes: Buffer, from: number, length: number): void {
  const needed = spelled.length + length + room
  if (needed > spelled.bytes.length) spelled.bytes = Buffer.concat([spelled.bytes], 2 * needed)
  const to = spelled.length
  for (let at = 0; at < length; at += 1) spelled.bytes[to + at] = bytes[from + at] ?? 0
  spelled.length = to + length
}
