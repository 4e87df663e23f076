import { hash, type KeyObject } from 'node:crypto'

const block = 64
const digest = 32
/** Room behind a key for a message that needs no buffer of its own. */
const room = 448

/** SHA-256: 32 bytes. Taken as a latin1 string and then a buffer, which is a third of what a buffer from node:crypto costs. */
export function sha256(data: string | Uint8Array): Buffer {
  return Buffer.from(hash('sha256', data, 'binary'), 'latin1')
}

/** SHA-256, laid into `target` at `at`: of a million digests nothing is left to collect. */
export function sha256Into(target: Buffer, at: number, data: Uint8Array): void {
  target.write(hash('sha256', data, 'binary'), at, digest, 'latin1')
}

/**
 * HMAC-SHA-256 (RFC 2104) under one key of at most 64 bytes, for messages that are there as a whole; text is UTF-8. Two
 * digests at once cost a fifth of an `Hmac` of node:crypto, which is made for streams, and leave nothing to collect: every
 * page with a form on it waits for one.
 */
export function hmacUnder(key: KeyObject): (message: string | Buffer) => Buffer {
  const inner = Buffer.concat([padded(key, 0x36), Buffer.alloc(room)])
  const outer = Buffer.concat([padded(key, 0x5c), Buffer.alloc(digest)])
  const digestOf = (length: number): string => {
    const made = hash('sha256', inner.subarray(0, block + length), 'binary')
    inner.fill(0, block, block + length)
    return made
  }
  const innerOf = (message: string | Buffer): string => {
    if (typeof message === 'string') {
      if (message.length * 3 <= room) return digestOf(inner.write(message, block, 'utf8'))
      return innerOf(Buffer.from(message))
    }
    if (message.length <= room) return digestOf(message.copy(inner, block))
    return hash('sha256', Buffer.concat([inner.subarray(0, block), message]), 'binary')
  }
  return (message) => {
    outer.write(innerOf(message), block, 'latin1')
    return sha256(outer)
  }
}

function padded(key: KeyObject, byte: number): Buffer {
  const bytes = key.export()
  if (bytes.length > block) throw new RangeError('a key for HMAC-SHA-256 has at most 64 bytes here')
  const pad = Buffer.alloc(block, byte)
  for (const [at, one] of bytes.entries()) pad[at] = one ^ byte
  return pad
}
