import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gzipAround } from './gzip-copies.ts'

test('a copy made around a text unpacks to what it was made of, whatever stands around it', () => {
  const bytes = fc.uint8Array({ maxLength: 400 }).map((some) => Buffer.from(some).toString('latin1'))
  const text = fc.string({ maxLength: 70, unit: 'grapheme-ascii' })
  fc.assert(
    fc.property(bytes, bytes, fc.array(text, { minLength: 1, maxLength: 3 }), (before, after, texts) => {
      const copy = gzipAround(before, after)
      for (const one of texts)
        expect(gunzipSync(Buffer.from(copy(one), 'latin1')).toString('latin1')).toBe(before + one + after)
    }),
    { numRuns: 200 },
  )
})

test('a text too long for one block is refused', () => {
  expect(() => gzipAround('', '')('x'.repeat(65_536))).toThrow(RangeError)
})
