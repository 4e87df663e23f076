import type { CopiedRows } from '../../plumbing/index.ts'
import type { Faults } from './fault.ts'
import { hashBytes, leafHash, leafHashInto } from './merkle.ts'
import { column } from './place-rows.ts'
import { commit } from './statement.ts'
import { tileWidth } from './tile.ts'
import type { Places, Strange } from './walk-tree.ts'

/** The places under a tile as they are read; those that are there are marked. */
type Reading = {
  readonly from: number
  readonly leaves: Buffer
  readonly there: Uint8Array
  readonly strange: Map<number, Strange>
}

/** The places under each tile of level 0 of a tree of `size`, made of its rows as they come. */
export async function* readPlaces(
  batches: AsyncIterable<CopiedRows>,
  size: number,
  faults: Faults,
): AsyncGenerator<Places, undefined> {
  let reading = begin(0, size)
  among: for await (const rows of batches) {
    while (rows.next()) {
      const seq = Number(rows.bytes.readBigInt64BE(rows.start(column.seq)))
      if (seq >= size) break among
      // Only an index that lies gives them out of order: then this one's tile is done, and named as lacking it.
      if (seq < reading.from) continue
      for (; seq >= reading.from + tileWidth; reading = begin(reading.from + tileWidth, size)) yield finished(reading)
      readPlace(reading, rows, seq, faults)
    }
  }
  for (; reading.from < size; reading = begin(reading.from + tileWidth, size)) yield finished(reading)
}

function begin(from: number, size: number): Reading {
  const width = Math.max(0, Math.min(tileWidth, size - from))
  return { from, leaves: Buffer.alloc(width * hashBytes), there: new Uint8Array(width), strange: new Map() }
}

function finished({ leaves, there, strange }: Reading): Places {
  for (let at = there.indexOf(0); at >= 0; at = there.indexOf(0, at + 1)) strange.set(at, 'missing')
  return { leaves, strange }
}

/** The commitment of the entry at hand, computed from its columns. */
const own = Buffer.alloc(hashBytes)

function readPlace({ from, leaves, there, strange }: Reading, rows: CopiedRows, seq: number, faults: Faults): void {
  const index = seq - from
  there[index] = 1
  const spelled = commit(rows, own)
  if (spelled && isOwn(rows, column.written) && isOwn(rows, column.committed)) {
    leafHashInto(leaves, index * hashBytes, own)
    return
  }
  leafHash(valueOf(rows, column.committed)).copy(leaves, index * hashBytes)
  const id = uuidOf(rows, column.name)
  if (rows.length(column.entry) < 0) strange.set(index, { id, entry: undefined })
  else if (!spelled || !isOwn(rows, column.written)) faults.add({ fault: 'entry-changed', entry: id, seq })
  else strange.set(index, { id, entry: leafHash(own) })
}

function isOwn(rows: CopiedRows, hash: number): boolean {
  if (rows.length(hash) !== hashBytes) return false
  const from = rows.start(hash)
  for (let at = 0; at < hashBytes; at += 1) if (rows.bytes[from + at] !== own[at]) return false
  return true
}

function valueOf(rows: CopiedRows, one: number): Buffer {
  const from = rows.start(one)
  return rows.bytes.subarray(from, from + Math.max(0, rows.length(one)))
}

function uuidOf(rows: CopiedRows, uuid: number): string {
  return valueOf(rows, uuid)
    .toString('hex')
    .replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
