import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../plumbing/index.ts'
import { parseBundle } from './bundle.ts'
import { leafHash } from './merkle.ts'
import { ledgerRoutes } from './routes.ts'
import { sequence } from './sequence.ts'
import { openTestLedger, type TestLedger } from '../../../test/support/ledger.ts'
import { sayHttpRefusal } from './messages.ts'
import { verifyOverHttp } from './verify-over-http.ts'

let ledger: TestLedger
let app: FastifyInstance
let origin: string
let saved: string

beforeAll(async () => {
  ledger = await openTestLedger()
  await ledger.write(300)
  await ledger.keep()
  saved = await ledger.owner
    .once<{ note: string }>(sql`select note from ledger.checkpoint`)
    .then(([row]) => row?.note ?? expect.unreachable())
  await ledger.write(300)
  await ledger.keep()
  app = Fastify()
  ledgerRoutes(app, { db: ledger.app, vkey: ledger.signer.vkey, origin: ledger.signer.name })
  origin = await app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(async () => {
  await app.close()
  await ledger.end()
})

const get = (path: string) => app.inject(`/ledger/${path}`)

describe('the ledger’s addresses', () => {
  test('give the last signed checkpoint, which nobody may keep', async () => {
    const answer = await get('checkpoint')
    expect(answer.headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache' })
    expect(answer.body).toMatch(/^town\.example\/ledger\n600\n.{44}\n\n— town\.example\/ledger \S+\n$/)
  })

  test('give the public key', async () => {
    expect((await get('key')).body).toBe(`${ledger.signer.vkey}\n`)
  })

  test.each([
    ['tile/0/000', 256],
    ['tile/0/002.p/88', 88],
    ['tile/0/001.p/44', 44],
    ['tile/0/002.p/1', 1],
    ['tile/1/000.p/2', 2],
    ['tile/1/000.p/1', 1],
  ])('give %s with %i hashes, to be kept forever', async (path, width) => {
    const answer = await get(path)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'cache-control': 'public, max-age=31536000, immutable',
    })
    expect(answer.rawPayload.length).toBe(width * 32)
    const whole = await ledger.owner.once<{ hashes: Buffer }>(sql`
      select hashes from ledger.tile where level = ${Number(path[5])}::int and n = ${Number(path.slice(7, 10))}::bigint`)
    expect(answer.rawPayload).toEqual(whole[0]?.hashes.subarray(0, width * 32))
  })

  test('give the entries of a tile, each of which hashes to its place in the tile', async () => {
    for (const part of ['000', '001.p/44', '002.p/88']) {
      const entries = parseBundle((await get(`tile/entries/${part}`)).rawPayload) ?? []
      const tile = (await get(`tile/0/${part}`)).rawPayload
      expect(Buffer.concat(entries.map(leafHash))).toEqual(tile)
      expect(entries.every((entry) => entry.length === 32)).toBe(true)
    }
  })

  test.each([
    'tile/0/002',
    'tile/0/002.p/89',
    'tile/0/003',
    'tile/0/003.p/1',
    'tile/1/000',
    'tile/1/000.p/3',
    'tile/2/000.p/1',
    'tile/entries/002',
    'tile/entries/002.p/89',
    'tile/entries/003.p/1',
    'tile/0/0',
    'tile/0/x000/000',
    'tile/0/000.p/256',
    'tile/0/000.p/0',
    'tile/x',
    'tile/',
    'tile/0/x999/x999/x999/x999/999',
  ])('do not give %s, and let nobody remember that it was missing', async (path) => {
    const answer = await get(path)
    expect(answer.statusCode).toBe(404)
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  test('refuse to be served under the name of another ledger', () => {
    const routes = { db: ledger.app, vkey: ledger.signer.vkey, origin: 'elsewhere.example/ledger' }
    expect(() => ledgerRoutes(Fastify(), routes)).toThrow('not named elsewhere')
  })
})

describe('verifying over HTTP', () => {
  test('finds a ledger whole, with the key the site shows or one noted down, and continuing a saved checkpoint', async () => {
    const whole = { size: 600, faults: [], furtherFaults: 0 }
    expect(await verifyOverHttp({ origin })).toMatchObject({ ...whole, checkpoints: 1 })
    const { vkey } = ledger.signer
    expect(await verifyOverHttp({ origin: `${origin}/`, vkey, saved })).toMatchObject({ ...whole, checkpoints: 2 })
  })

  test('refuses a checkpoint that another key signed, and a saved one that was changed', async () => {
    const stranger = await openTestLedger()
    const { vkey } = stranger.signer
    await stranger.end()
    expect(await verifyOverHttp({ origin, vkey })).toEqual({ refused: 'checkpoint-unsigned' })
    expect(await verifyOverHttp({ origin, saved: saved.replace('300', '301') })).toEqual({ refused: 'saved-unsigned' })
  })

  test('says of what is no site, of a port where nobody is, and of a key that is none, that nothing was verified', async () => {
    expect(await verifyOverHttp({ origin: 'the city' })).toEqual({ refused: 'not-an-address' })
    expect(await verifyOverHttp({ origin: 'http://127.0.0.1:1' })).toEqual({ refused: 'no-answer' })
    expect(await verifyOverHttp({ origin, vkey: 'a+key' })).toEqual({ refused: 'bad-key' })
    expect(sayHttpRefusal({ refused: 'no-answer' })).toContain('Nothing was verified')
  })

  test('sees that another history has taken the place of the one whose checkpoint was saved', async () => {
    const other = await openTestLedger(ledger)
    const blank = { ...ledger.witness, last: () => Promise.resolve(undefined), advance: () => Promise.resolve() }
    await other.write(400)
    await sequence(other.keeper, ledger.signer, blank)
    const imposter = Fastify()
    ledgerRoutes(imposter, { db: other.app, vkey: ledger.signer.vkey, origin: ledger.signer.name })
    const address = await imposter.listen({ port: 0, host: '127.0.0.1' })
    expect(await verifyOverHttp({ origin: address })).toMatchObject({ faults: [] })
    expect(await verifyOverHttp({ origin: address, saved })).toMatchObject({
      faults: [{ fault: 'history-rewritten', size: 300, after: 0 }],
    })
    const longer = await get('checkpoint')
    expect(await verifyOverHttp({ origin: address, saved: longer.body })).toMatchObject({
      faults: [{ fault: 'witness-ahead', size: 400, seen: 600 }],
    })
    await imposter.close()
    await other.end()
  })

  test('names an entry, and a tile, that the site changed', async () => {
    await ledger.tamper(sql`update ledger.leaf set commitment = sha256('') where seq = 17`)
    expect(await verifyOverHttp({ origin })).toMatchObject({ faults: [{ fault: 'sequence-changed', seq: 17 }] })
    await ledger.tamper(
      sql`update ledger.tile set hashes = set_byte(hashes, 0, get_byte(hashes, 0) # 1) where level = 1`,
    )
    expect(await verifyOverHttp({ origin })).toMatchObject({
      faults: expect.arrayContaining([{ fault: 'tile-changed', tile: 'tile/1/000.p/2' }]) as unknown,
    })
  })
})
