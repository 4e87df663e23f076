import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, temporaryFolder, type TestDatabase } from '../../../test/support/database.ts'
import { migrate } from './migrate.ts'
import { sql } from './sql.ts'

const folder = temporaryFolder()
const files = join(folder.path, 'migrations')
let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
beforeEach(async () => {
  await database.owner.once(sql`drop schema if exists migrations, rooms cascade`)
  rmSync(files, { recursive: true, force: true })
  mkdirSync(files)
  write('0001-rooms-begin.sql', 'create schema rooms; create table rooms.halls (name text);')
})
afterAll(async () => {
  await database.drop()
  folder.remove()
})

const write = (name: string, text: string): void => {
  writeFileSync(join(files, name), text)
}
const run = (): Promise<string[]> => migrate({ ownerUrl: database.urls.owner, folder: files })
const halls = (): Promise<unknown[]> => database.owner.once(sql`select name from rooms.halls order by name`)

test('each file runs once, in the order of its number', async () => {
  write('0010-rooms-second.sql', `insert into rooms.halls select 'b' where exists (select from rooms.halls)`)
  write('0002-rooms-first.sql', `insert into rooms.halls values ('a')`)
  expect(await run()).toEqual(['0001-rooms-begin.sql', '0002-rooms-first.sql', '0010-rooms-second.sql'])
  expect(await halls()).toEqual([{ name: 'a' }, { name: 'b' }])
  expect(await run()).toEqual([])
  write('0011-rooms-third.sql', `insert into rooms.halls values ('c')`)
  expect(await run()).toEqual(['0011-rooms-third.sql'])
})

test('a file that fails leaves nothing of itself, names its line, and runs again when it is mended', async () => {
  write('0002-rooms-two.sql', `insert into rooms.halls values ('a');\ninsert into rooms.hals values ('b');`)
  await expect(run()).rejects.toThrow('0002-rooms-two.sql, line 2')
  expect(await halls()).toEqual([])
  write('0002-rooms-two.sql', `insert into rooms.halls values ('a')`)
  expect(await run()).toEqual(['0002-rooms-two.sql'])
})

test('a file that changed after it ran is a fault', async () => {
  await run()
  write('0001-rooms-begin.sql', 'create schema rooms;')
  await expect(run()).rejects.toThrow('a migration that has run never changes')
})

test('a file that came in between is a fault, not passed over', async () => {
  write('0003-rooms-three.sql', 'select 1')
  await run()
  write('0002-rooms-two.sql', 'select 1')
  await expect(run()).rejects.toThrow('0002-rooms-two.sql came after number 3 ran')
})

test('a database newer than the program is a fault', async () => {
  write('0002-rooms-two.sql', 'select 1')
  await run()
  rmSync(join(files, '0002-rooms-two.sql'))
  await expect(run()).rejects.toThrow('it is newer')
})

test('a file with another kind of name is a fault', async () => {
  write('two.sql', 'select 1')
  await expect(run()).rejects.toThrow('NNNN-room-what.sql')
})

test('two files with one number are a fault', async () => {
  write('0001-rooms-other.sql', 'select 1')
  await expect(run()).rejects.toThrow('two migrations have the number 1')
})

test('processes that migrate at once run each file once', async () => {
  write('0002-rooms-two.sql', `select pg_sleep(0.1); insert into rooms.halls values ('a')`)
  const ran = await Promise.all([run(), run(), run()])
  expect(ran.flat().sort()).toEqual(['0001-rooms-begin.sql', '0002-rooms-two.sql'])
  expect(await halls()).toEqual([{ name: 'a' }])
})

test('a file marked alone runs outside a transaction', async () => {
  write('0002-rooms-index.sql', '-- alone\ncreate index concurrently halls_name on rooms.halls (name)')
  expect(await run()).toContain('0002-rooms-index.sql')
})

test('what else the owner prepares runs under the same lock, each time', async () => {
  const prepared: unknown[] = []
  const after = [async () => void prepared.push((await halls()).length)]
  await migrate({ ownerUrl: database.urls.owner, folder: files, after })
  await migrate({ ownerUrl: database.urls.owner, folder: files, after })
  expect(prepared).toEqual([0, 0])
})
