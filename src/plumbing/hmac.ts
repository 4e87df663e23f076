import { hash, type KeyObject } from 'node:crypto'

const block = 64
const digest = 32

/**
 * HMAC-SHA-256 (RFC 2104) under one key of at most 64 bytes, for messages that are there as a whole; text is UTF-8. Two
 * digests at once cost a fifth of an `Hmac` of node:crypto, which is made for streams, and leave nothing to collect: every
 * page with a form on it waits for one.
 */
export function hmacUnder(key: KeyObject): (message: string | Buffer) => Buffer {
  const inner = Buffer.concat([padded(key, 0x36), Buffer.alloc(448)])
  const outer = Buffer.concat([padded(key, 0x5c), Buffer.alloc(digest)])
  return (message) => {
    outer.write(innerDigest(inner, message), block, 'latin1')
    return Buffer.from(hash('sha256', outer, 'binary'), 'latin1')
  }
}

/** A digest as a latin1 string: node:crypto makes one faster than a buffer. What was written behind the key is wiped. */
function innerDigest(inner: Buffer, message: string | Buffer): string {
  const room = inner.length - block
  const short = typeof message === 'string' ? message.length * 3 <= room : message.length <= room
  if (!short)
    return hash(
      'sha256',
      Buffer.concat([inner.subarray(0, block), typeof message === 'string' ? Buffer.from(message) : message]),
      'binary',
    )
  const length = typeof message === 'string' ? inner.write(message, block, 'utf8') : message.copy(inner, block)
  const made = hash('sha256', inner.subarray(0, block + length), 'binary')
  inner.fill(0, block, block + length)
  return made
}

function padded(key: KeyObject, byte: number): Buffer {
  const bytes = key.export()
  if (bytes.length > block) throw new RangeError('a key for HMAC-SHA-256 has at most 64 bytes here')
  const pad = Buffer.alloc(block, byte)
  for (const [at, one] of bytes.entries()) pad[at] = one ^ byte
  return pad
}
