import { sha256, sha256Into } from '../../plumbing/index.ts'

export { sha256 }

/** 32 bytes: a SHA-256 of RFC 6962, section 2.1. */
export type Hash = Buffer

export const hashBytes = 32

/** The root of the tree without leaves is the SHA-256 of nothing. */
export const emptyRoot: Hash = sha256(Buffer.alloc(0))

/** What is hashed is laid here, each time over the former: a tree of a million leaves then leaves nothing to collect. */
const oneHash = Buffer.alloc(1 + hashBytes, 0x00)
const twoHashes = Buffer.alloc(1 + 2 * hashBytes, 0x01)

/** The prefixes 0x00 and 0x01 keep anyone from passing a node off as a leaf (RFC 6962, section 2.1). */
export function leafHash(data: Uint8Array): Hash {
  const prefixed = data.length === hashBytes ? oneHash : Buffer.alloc(1 + data.length, 0x00)
  prefixed.set(data, 1)
  return sha256(prefixed)
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Hash {
  twoHashes.set(left, 1)
  twoHashes.set(right, 1 + hashBytes)
  return sha256(twoHashes)
}

/** The leaf hash of a commitment, laid where it is wanted. */
export function leafHashInto(target: Buffer, at: number, commitment: Hash): void {
  oneHash.set(commitment, 1)
  sha256Into(target, at, oneHash)
}

/** The node over two hashes that stand end to end, laid where it is wanted. */
export function nodeHashInto(target: Buffer, at: number, pairs: Buffer, from: number): void {
  pairs.copy(twoHashes, 1, from, from + 2 * hashBytes)
  sha256Into(target, at, twoHashes)
}

/** The largest power of two below `count`: where RFC 6962 splits a tree of `count` (at least 2) leaves. */
export function splitOf(count: number): number {
  let split = 1
  while (split * 2 < count) split *= 2
  return split
}
