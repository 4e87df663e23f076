import { randomBytes, randomUUID } from 'node:crypto'
import { createServer, request, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBucket, type TestBucket } from '../../../test/support/bucket.ts'
import { bucketStore } from './index.ts'

let bucket: TestBucket
beforeAll(async () => {
  bucket = await openBucket()
})
afterAll(() => bucket.close())

async function* bytes(length: number, pieces = 1) {
  for (let n = 0; n < pieces; n++) yield await Promise.resolve(randomBytes(length))
}

it('gives back what it was given, small or in parts, and every signature was right', async () => {
  const store = await bucketStore(bucket.address())
  for (const [length, pieces] of [
    [1, 1],
    [70_000, 1],
    [65_552, 190],
  ] as const) {
    const id = randomUUID()
    const sent: Buffer[] = []
    async function* noted() {
      for await (const piece of bytes(length, pieces)) {
        sent.push(piece)
        yield piece
      }
    }
    await store.put(id, noted())
    const found = await store.get(id)
    expect(found && (await buffer(found)).equals(Buffer.concat(sent))).toBe(true)
    expect(await store.has(id)).toBe(true)
    await store.remove(id)
    expect(await store.has(id)).toBe(false)
    expect(await store.get(id)).toBeUndefined()
  }
  expect(bucket.refusals).toEqual([])
  // A large file went in parts: no request held more than one.
  expect(bucket.largestBody()).toBeLessThanOrEqual(5 * 1024 * 1024 + 1024)
}, 60_000)

it('keeps nothing of a stream that breaks off, small or in parts', async () => {
  const store = await bucketStore(bucket.address())
  for (const pieces of [1, 120]) {
    async function* breaking() {
      yield* bytes(65_536, pieces)
      throw new Error('gone')
    }
    await expect(store.put(randomUUID(), breaking())).rejects.toThrow('gone')
  }
  expect(bucket.objects.size).toBe(0)
  expect(bucket.uploads.size).toBe(0)
}, 60_000)

it('lists what is older than a moment, page after page, and ends uploads that a crash left', async () => {
  const store = await bucketStore(bucket.address())
  const ids = [randomUUID(), randomUUID(), randomUUID(), randomUUID(), randomUUID()]
  for (const id of ids) await store.put(id, bytes(10))
  const young = bucket.objects.get(`cityhall/${ids[0] ?? ''}`)
  const old = new Date(Date.now() - 86_400_000)
  for (const object of bucket.objects.values()) if (object !== young) object.at = old
  bucket.objects.set('cityhall/somebody-elses', { body: Buffer.alloc(1), at: old })
  const listed: string[] = []
  for await (const id of store.olderThan(new Date(Date.now() - 60_000))) listed.push(id)
  expect(listed.sort()).toEqual(ids.slice(1).sort())
  bucket.uploads.set('left', { key: `cityhall/${randomUUID()}`, parts: new Map(), at: old })
  bucket.uploads.set('going', { key: `cityhall/${randomUUID()}`, parts: new Map(), at: new Date() })
  await store.sweep(new Date(Date.now() - 60_000))
  expect([...bucket.uploads.keys()]).toEqual(['going'])
  bucket.uploads.clear()
}, 60_000)

it('is refused with a wrong secret, and neither the fault nor the store tells the secret', async () => {
  const store = await bucketStore(bucket.address({ secret: 'another secret' }))
  const fault: unknown = await store.put(randomUUID(), bytes(10)).catch((error: unknown) => error)
  expect(fault).toBeInstanceOf(Error)
  expect(JSON.stringify(fault) + String(fault)).not.toContain('another secret')
  expect(bucket.refusals.at(-1)).toBe('SignatureDoesNotMatch')
}, 60_000)

it('is refused when somebody on the way changes the body, a header or the place, or sends it again later', async () => {
  type Sent = { path: string; headers: IncomingHttpHeaders; body: Buffer }
  let change = (sent: Sent): Sent => sent
  const seen: Sent[] = []
  const forward = (sent: Sent) =>
    new Promise<{ status: number; body: Buffer }>((resolve, reject) => {
      const { path, headers, body } = sent
      const onward = request({ port: bucket.port, host: '127.0.0.1', method: 'PUT', path, headers }, (answer) => {
        buffer(answer).then((said) => {
          resolve({ status: answer.statusCode ?? 0, body: said })
        }, reject)
      })
      onward.on('error', reject)
      onward.end(body)
    })
  const between = createServer((asked, answer) => {
    void buffer(asked).then(async (body) => {
      seen.push({ path: asked.url ?? '', headers: asked.headers, body })
      const { status, body: said } = await forward(change({ path: asked.url ?? '', headers: asked.headers, body }))
      answer.writeHead(status).end(said)
    })
  })
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve))
  const address = bucket.address().replace(String(bucket.port), String((between.address() as AddressInfo).port))
  const store = await bucketStore(address)
  await store.put(randomUUID(), bytes(100))
  const changes: readonly (readonly [string, (sent: Sent) => Sent])[] = [
    ['XAmzContentSHA256Mismatch', (sent) => ({ ...sent, body: Buffer.from(sent.body).fill(0, 0, 1) })],
    ['SignatureDoesNotMatch', (sent) => ({ ...sent, path: sent.path.replace(/.(\?|$)/, '0$1') + '0' })],
    [
      'SignatureDoesNotMatch',
      (sent) => ({ ...sent, headers: { ...sent.headers, 'x-amz-content-sha256': '0'.repeat(64) } }),
    ],
    ['AccessDenied', (sent) => ({ ...sent, headers: { ...sent.headers, authorization: 'none' } })],
  ]
  for (const [refusal, how] of changes) {
    change = how
    await expect(store.put(randomUUID(), bytes(100))).rejects.toThrow()
    expect(bucket.refusals.at(-1)).toBe(refusal)
  }
  bucket.clock.ahead = 3_600_000
  const [first] = seen
  expect(first && (await forward(first)).status).toBe(403)
  expect(bucket.refusals.at(-1)).toBe('RequestTimeTooSkewed')
  bucket.clock.ahead = 0
  between.closeAllConnections()
  between.close()
}, 60_000)
