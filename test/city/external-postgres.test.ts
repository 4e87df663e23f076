import { cpSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { prepare, serve, type Ground, type NotStarted, type Serving } from '../../src/cityhall.ts'
import { connect, createLog, readConfig, sql, type Config } from '../../src/plumbing/index.ts'
import { onLedger } from '../../src/on-ledger.ts'
import { loadSampleCity } from '../../src/sample-city.ts'
import { samplePassword } from '../../src/services/forms/index.ts'
import { verifyDatabase } from '../../src/trust/ledger/index.ts'
import { temporaryFolder } from '../support/cluster.ts'
import { externalPostgres, type ExternalPostgres } from '../support/external.ts'
import { cityFolder } from '../support/house.ts'

const folder = temporaryFolder()
let postgres: ExternalPostgres
let ground: Ground
let serving: Serving
let web: FastifyInstance

beforeAll(async () => {
  postgres = await externalPostgres()
  ground = opened(await prepare(config(), createLog({ logLevel: 'silent' })))
  await loadSampleCity(ground)
  serving = opened(await serve(ground))
  if (!serving.app) throw new Error('nothing is served')
  web = serving.app
}, 120_000)

afterAll(async () => {
  await serving.stop()
  await ground.close()
  await postgres.stop()
  folder.remove()
})

const settings = (changed: Record<string, string> = {}) => ({
  CITYHALL_DATA: folder.path,
  CITYHALL_CITY: cityFolder,
  CITYHALL_SAMPLE: '1',
  PORT: '0',
  DATABASE_URL: postgres.serveUrl,
  CITYHALL_MIGRATE_URL: postgres.migrateUrl,
  ...changed,
})

function config(changed: Record<string, string> = {}): Config {
  const read = readConfig(settings(changed))
  if ('refused' in read) throw new Error(JSON.stringify(read.mistakes))
  return read
}

function opened<T extends object>(started: T): Exclude<T, NotStarted> {
  if ('refused' in started) throw new Error((started as unknown as NotStarted).says.join('\n'))
  return started as Exclude<T, NotStarted>
}

it('takes letters, shows receipts and opens the desk on a city’s own PostgreSQL, with one login to migrate and one to serve', async () => {
  const posted = await web.inject({
    method: 'POST',
    url: '/forms/contact-the-city',
    payload: { message: 'Good morning.' },
  })
  expect(posted.statusCode).toBe(303)
  const receipt = await web.inject(String(posted.headers.location))
  expect(receipt.statusCode).toBe(200)
  expect(receipt.body).toContain('Good morning.')
  const signIn = await web.inject({
    method: 'POST',
    url: '/desk/sign-in',
    headers: { 'sec-fetch-site': 'same-origin' },
    payload: { handle: 'rosa', password: samplePassword },
  })
  expect(signIn.statusCode).toBe(303)
  const cookie = String(signIn.headers['set-cookie']).split(';')[0] ?? ''
  const inbox = await web.inject({ url: '/desk', headers: { cookie } })
  expect(inbox.body).toContain('/desk/cases/')
})

it('keeps a whole ledger there, which is checked with the key and the database alone', async () => {
  const keeper = connect({ url: ground.database.keeperUrl, role: 'cityhall_keeper' })
  await expect
    .poll(async () => (await keeper.once<{ n: number }>(sql`select count(*)::int as n from ledger.pending`))[0]?.n)
    .toBe(0)
  await keeper.close()
  const code = await onLedger(settings({ CITYHALL_CITY: join(folder.path, 'no-such-city') }), async (ledger) => {
    expect(ledger.signer.vkey).toBe(ground.signer.vkey)
    const verified = await verifyDatabase({ db: ledger.keeper, vkey: ledger.signer.vkey })
    expect(verified.faults).toEqual([])
    return verified.size
  })
  expect(code).toBeGreaterThan(100)
})

it('is not checked with a key that was made for it, nor before the database is up to date', async () => {
  const never = () => expect.unreachable('nothing is checked')
  const elsewhere = temporaryFolder()
  const withoutKey = onLedger(settings({ CITYHALL_DATA: elsewhere.path }), never)
  await expect(withoutKey).rejects.toThrow('put back the one from the back-up')
  expect(existsSync(join(elsewhere.path, 'secrets', 'ledger.key'))).toBe(false)
  elsewhere.remove()

  const owner = connect({ url: postgres.migrateUrl, max: 1 })
  const older = sql`update migrations.applied set version = -version
    where abs(version) = (select max(abs(version)) from migrations.applied)`
  const said: string[] = []
  const told = vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0)
  await owner.once(older)
  const code = await onLedger(settings(), never).finally(() => {
    told.mockRestore()
  })
  await owner.once(older)
  await owner.close()
  expect([code, said.join('')]).toEqual([1, expect.stringContaining('run npx cityhall migrate')])
})

it('serves without the login that migrates, from the same key file', async () => {
  const alone = await prepare(
    config({ CITYHALL_MIGRATE_URL: '', CITYHALL_SAMPLE: '0', CITYHALL_ROLE: 'web' }),
    createLog({ logLevel: 'silent' }),
  )
  const second = opened(await serve(opened(alone)))
  expect((await second.app?.inject('/readyz'))?.json()).toMatchObject({ database: 'ok', keys: 'ok' })
  await second.stop()
})

it('is refused with another key file, before anything is sealed with it', async () => {
  const other = config({ CITYHALL_KEY: 'file:other-keys.json' })
  const refused = await prepare(other, createLog({ logLevel: 'silent' }))
  // One sentence for each key: what seals, and what keeps in custody.
  const missing = expect.stringContaining('put back the city’s key file')
  expect(refused).toMatchObject({ refused: 'start', says: [missing, missing] })
  const again = opened(await prepare(config(), createLog({ logLevel: 'silent' })))
  await again.close()
})

it('is not served from a second machine that has another ledger key', async () => {
  const elsewhere = temporaryFolder()
  cpSync(join(folder.path, 'secrets'), join(elsewhere.path, 'secrets'), { recursive: true })
  rmSync(join(elsewhere.path, 'secrets', 'ledger.key'))
  const second = opened(
    await prepare(
      config({ CITYHALL_DATA: elsewhere.path, CITYHALL_MIGRATE_URL: '', CITYHALL_SAMPLE: '0', CITYHALL_ROLE: 'web' }),
      createLog({ logLevel: 'silent' }),
    ),
  )
  expect(await serve(second)).toMatchObject({ refused: 'start', says: [expect.stringContaining('ledger key')] })
  elsewhere.remove()
})

it('was tried on the oldest PostgreSQL that is promised, where this machine has it', () => {
  expect(postgres.version).toBeGreaterThanOrEqual(15)
})
