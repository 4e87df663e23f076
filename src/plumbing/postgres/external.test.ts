import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { resolve } from 'node:path'
import { externalPostgres, temporaryFolder, type ExternalPostgres } from '../../../test/support/database.ts'
import { connect } from './connect.ts'
import { judgeLogin, type External } from './external.ts'
import { migrate } from './migrate.ts'
import { openDatabase, type OpenedDatabase } from './open.ts'
import { sql } from './sql.ts'

let server: ExternalPostgres
const folder = temporaryFolder()
beforeAll(async () => {
  server = await externalPostgres()
})
afterAll(async () => {
  await server.stop()
  folder.remove()
})

const open = (external: External): ReturnType<typeof openDatabase> => openDatabase({ data: folder.path, external })

async function opened(external: External): Promise<OpenedDatabase> {
  const database = await open(external)
  if ('refused' in database) throw new Error(database.says)
  return database
}

test("on a city's own server one login migrates and another serves, under the groups it was granted", async () => {
  const database = await opened({ url: server.serveUrl, migrateUrl: server.migrateUrl })
  const ownerUrl = database.ownerUrl ?? ''
  await migrate({
    ownerUrl,
    folder: resolve(import.meta.dirname, '../../../migrations'),
    logins: database.logins,
  })
  for (const [url, role] of [
    [database.appUrl, 'cityhall_app'],
    [database.keeperUrl, 'cityhall_keeper'],
  ] as const) {
    const db = connect({ url, role, max: 1 })
    const row = await db.transaction((tx) =>
      tx.row(sql`select session_user::text as login, current_user::text as role`),
    )
    expect(row).toEqual({ login: 'city_server', role })
    await db.close()
  }
})

test('a serving login that row-level security does not bind is refused', async () => {
  const superAtCity = server.superUrl.replace(/\/postgres$/, '/cityhall')
  expect(await open({ url: superAtCity })).toMatchObject({ refused: 'login-too-strong' })
  const all = new pg.Client({ connectionString: server.superUrl })
  await all.connect()
  await all.query(`create role passer login bypassrls password 'passes'`)
  await all.end()
  const passer = server.serveUrl.replace('city_server:serves', 'passer:passes')
  const { migrateUrl } = server
  expect(await open({ url: passer, migrateUrl })).toMatchObject({ refused: 'login-too-strong' })
  expect(await open({ url: server.serveUrl, migrateUrl, keeperUrl: passer })).toMatchObject({
    refused: 'login-too-strong',
    says: expect.stringContaining('CITYHALL_KEEPER_URL') as string,
  })
})

test('the login that owns the tables may not serve', async () => {
  const refused = await open({ url: server.migrateUrl, migrateUrl: server.migrateUrl })
  expect(refused).toMatchObject({ refused: 'login-too-strong' })
})

test('a server older than 15 is refused with its version', () => {
  const found = { version: 140_011, strong: false, owner: false }
  expect(judgeLogin('DATABASE_URL', found)).toEqual({
    refused: 'server-too-old',
    says: 'DATABASE_URL leads to PostgreSQL 14.11; Cityhall needs 15 or later',
  })
  expect(judgeLogin('DATABASE_URL', { ...found, version: 150_000 })).toBeUndefined()
})

test('a login that the server does not know is a fault that says in which setting', async () => {
  const url = server.serveUrl.replace('city_server', 'nobody_here')
  await expect(open({ url, migrateUrl: server.migrateUrl })).rejects.toThrow('DATABASE_URL')
})

test('a wrong password is a fault that does not repeat it', async () => {
  const fault: unknown = await open({ url: server.serveUrl.replace('serves', 'hunter2') }).catch((e: unknown) => e)
  expect(fault).toMatchObject({ code: '28P01' })
  expect(String(fault)).not.toContain('hunter2')
})
