import { createHash, createHmac, createSecretKey } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hmacUnder, sha256 } from './digest.ts'

const keys = fc.uint8Array({ minLength: 1, maxLength: 64 }).map((bytes) => createSecretKey(bytes))
const texts = fc.string({ unit: 'grapheme', maxLength: 700 })
const bytes = fc.uint8Array({ maxLength: 1200 }).map((some) => Buffer.from(some))

test('a digest is that of node:crypto', () => {
  fc.assert(
    fc.property(fc.oneof(texts, bytes), (message) => {
      expect(sha256(message)).toEqual(createHash('sha256').update(message).digest())
    }),
  )
})

test('an HMAC is that of node:crypto, for text and bytes of every length, one message after another', () => {
  fc.assert(
    fc.property(keys, fc.array(fc.oneof(texts, bytes), { minLength: 1, maxLength: 4 }), (key, messages) => {
      const mac = hmacUnder(key)
      for (const message of messages) expect(mac(message)).toEqual(createHmac('sha256', key).update(message).digest())
    }),
    { numRuns: 300 },
  )
})

test('half a character, which no UTF-8 can hold, is taken as node:crypto takes it', () => {
  const key = createSecretKey(Buffer.alloc(32, 7))
  for (const message of ['\ud800', 'x'.repeat(148) + '\udc00'])
    expect(hmacUnder(key)(message)).toEqual(createHmac('sha256', key).update(message).digest())
})

test('a key longer than a block is refused', () => {
  expect(() => hmacUnder(createSecretKey(Buffer.alloc(65)))).toThrow(RangeError)
})
