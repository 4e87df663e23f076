import { createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { openStream, sealedLength, sealStream } from './index.ts'

const piece = 65_536
const sealedPiece = piece + 16
const key = createSecretKey(randomBytes(32))
const id = randomUUID()

async function* inBits(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield await Promise.resolve(bytes.subarray(at, at + length))
}

const all = (stream: AsyncIterable<Buffer>): Promise<Buffer> => buffer(stream)

const seal = (plain: Buffer, bit = 10_000) => all(sealStream(key, id, inBits(plain, bit)))
const open = (sealed: Buffer, as = id, bit = 10_000) => all(openStream(key, as, inBits(sealed, bit)))

it('opens what was sealed, at every length around the edge of a piece and however the bytes came', async () => {
  const edges = [
    0,
    1,
    15,
    16,
    17,
    piece - 17,
    piece - 16,
    piece - 1,
    piece,
    piece + 1,
    2 * piece - 1,
    2 * piece,
    2 * piece + 1,
  ]
  for (const length of edges) {
    const plain = randomBytes(length)
    const sealed = await seal(plain, 7919)
    expect(sealed.length).toBe(sealedLength(length))
    expect((await open(sealed, id, 60_013)).equals(plain)).toBe(true)
  }
})

it('does not open when any byte is changed', async () => {
  const sealed = await seal(randomBytes(piece + 300))
  await fc.assert(
    fc.asyncProperty(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const changed = Buffer.from(sealed)
      changed[at] = (changed[at] ?? 0) ^ change
      await expect(open(changed)).rejects.toThrow('broken')
    }),
    { numRuns: 150 },
  )
})

it('does not open when it is cut, at any byte', async () => {
  const sealed = await seal(randomBytes(2 * piece))
  const ends = [0, 1, 16, 17, 1 + sealedPiece, 1 + sealedPiece + 16, sealed.length - 1, sealed.length - 17]
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.constantFrom(...ends), fc.nat(sealed.length - 1)), async (end) => {
      await expect(open(sealed.subarray(0, end))).rejects.toThrow('broken')
    }),
    { numRuns: 60 },
  )
})

it('does not open when pieces are left out, repeated, moved, or put behind the last', async () => {
  const sealed = await seal(randomBytes(4 * piece + 5))
  const pieces = [0, 1, 2, 3, 4].map((n) => sealed.subarray(1 + n * sealedPiece, 1 + (n + 1) * sealedPiece))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(4), { maxLength: 7 }), async (order) => {
      fc.pre(order.join() !== '0,1,2,3,4')
      const moved = Buffer.concat([sealed.subarray(0, 1), ...order.map((n) => pieces[n] ?? Buffer.alloc(0))])
      await expect(open(moved)).rejects.toThrow('broken')
    }),
    { numRuns: 60 },
  )
  await expect(open(Buffer.concat([sealed, Buffer.alloc(16)]))).rejects.toThrow('broken')
  await expect(open(Buffer.concat([sealed, await seal(randomBytes(3))]))).rejects.toThrow('broken')
})

it('does not open as another file, nor under another key', async () => {
  const sealed = await seal(randomBytes(300))
  await expect(open(sealed, randomUUID())).rejects.toThrow('broken')
  await expect(all(openStream(createSecretKey(randomBytes(32)), id, inBits(sealed, 99)))).rejects.toThrow('broken')
})

it('holds a piece and no more: it asks for the next bytes when the last ones are taken', async () => {
  let asked = 0
  let taken = 0
  let most = 0
  async function* source() {
    for (let n = 0; n < 400; n++) {
      asked += piece
      most = Math.max(most, asked - taken)
      yield await Promise.resolve(Buffer.alloc(piece))
    }
  }
  for await (const opened of openStream(key, id, sealStream(key, id, source()))) taken += opened.length
  expect(taken).toBe(400 * piece)
  expect(most).toBeLessThanOrEqual(4 * piece)
})
