import { sha256 } from '../../plumbing/index.ts'

export { sha256 }

/** 32 bytes: a SHA-256 of RFC 6962, section 2.1. */
export type Hash = Buffer

export const hashBytes = 32

/** The root of the tree without leaves is the SHA-256 of nothing. */
export const emptyRoot: Hash = sha256(Buffer.alloc(0))

/** The prefixes 0x00 and 0x01 keep anyone from passing a node off as a leaf (RFC 6962, section 2.1). */
export function leafHash(data: Uint8Array): Hash {
  const prefixed = Buffer.allocUnsafe(1 + data.length)
  prefixed[0] = 0x00
  prefixed.set(data, 1)
  return sha256(prefixed)
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Hash {
  const prefixed = Buffer.allocUnsafe(1 + 2 * hashBytes)
  prefixed[0] = 0x01
  prefixed.set(left, 1)
  prefixed.set(right, 1 + hashBytes)
  return sha256(prefixed)
}

/** The largest power of two below `count`: where RFC 6962 splits a tree of `count` (at least 2) leaves. */
export function splitOf(count: number): number {
  let split = 1
  while (split * 2 < count) split *= 2
  return split
}
