import { randomBytes } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { connect } from './connect.ts'
import type { Db } from './database.ts'
import { fixedText, sql, statement } from './sql.ts'

let database: TestDatabase
let db: Db

beforeAll(async () => {
  database = await createTestDatabase()
  db = database.owner
  await db.once(sql`create table persons (email text primary key check (email <> 'nobody'), age int)`)
})
afterAll(() => database.drop())

test('values come back as the types the rooms speak', async () => {
  const at = Temporal.Instant.from('2026-11-05T08:00:00.123456Z')
  const day = Temporal.PlainDate.from('2026-02-28')
  const bytes = Buffer.from([0, 1, 255])
  const [row] = await db.once<Record<string, unknown>>(sql`
    select ${at}::timestamptz as at, ${day}::date as day, ${2 ** 52}::int8 as number, ${bytes}::bytea as bytes,
      ${[at, at]}::timestamptz[] as ats, ${[day]}::date[] as days, ${[1, 2]}::int8[] as numbers, ${[bytes]}::bytea[] as all,
      ${{ a: [1] }}::jsonb as json, null as nothing`)
  expect(String(row?.['at'])).toBe('2026-11-05T08:00:00.123456Z')
  expect(row?.['at']).toBeInstanceOf(Temporal.Instant)
  expect(row?.['day']).toBeInstanceOf(Temporal.PlainDate)
  expect(String(row?.['day'])).toBe('2026-02-28')
  expect((row?.['ats'] as unknown[]).map(String)).toEqual([at.toString(), at.toString()])
  expect((row?.['days'] as unknown[]).map(String)).toEqual(['2026-02-28'])
  expect(row).toMatchObject({ number: 2 ** 52, bytes, numbers: [1, 2], all: [bytes], json: { a: [1] }, nothing: null })
})

test.each([[[]], [[null]], [[Buffer.alloc(0), null, randomBytes(3000), Buffer.from([0, 255])]], [[randomBytes(32)]]])(
  'a list of bytes arrives as it was sent: %#',
  async (bytes) => {
    const [row] = await db.once<{ all: unknown; n: number }>(
      sql`select ${bytes}::bytea[] as all, cardinality(${bytes}::bytea[]) as n`,
    )
    expect(row).toEqual({ all: bytes, n: bytes.length })
    const [first] = bytes
    if (first) expect(await db.once(sql`select 1 as found where ${first}::bytea = any (${bytes})`)).toHaveLength(1)
  },
)

test('a whole number too large to be exact is a fault, not a wrong number', async () => {
  await expect(db.once(sql`select 9007199254740993 as n`)).rejects.toThrow('the database failed')
})

test('work that throws leaves nothing behind', async () => {
  const work = db.transaction(async (tx) => {
    await tx.rows(sql`insert into persons values ('a@example.org')`)
    throw new Error('stop')
  })
  await expect(work).rejects.toThrow('stop')
  expect(await db.once(sql`select from persons`)).toEqual([])
})

test('work that hides a failed statement is not taken for committed', async () => {
  const work = db.transaction(async (tx) => {
    await tx.rows(sql`insert into persons values ('b@example.org')`)
    await tx.rows(sql`select 1 / 0`).catch(() => undefined)
  })
  await expect(work).rejects.toThrow('rolled back')
  expect(await db.once(sql`select from persons`)).toEqual([])
})

test.each([
  ['a double', sql`insert into persons values (${'secret@example.org'}), (${'secret@example.org'})`, '23505'],
  ['a value of the wrong kind', sql`select ${'secret@example.org'}::uuid`, '22P02'],
  ['a value that cannot be counted with', sql`select (${'secret@example.org'} || 1)::int`, '22P02'],
  ['a row against a rule', sql`insert into persons values ('nobody', ${4711})`, '23514'],
])('the fault of %s says what was attempted and keeps the values to itself', async (_what, query, code) => {
  const fault: unknown = await db.once(query).catch((error: unknown) => error)
  expect(fault).toMatchObject({ name: 'DatabaseFault', code })
  const everything = JSON.stringify(fault, Object.getOwnPropertyNames(fault))
  expect(everything).toContain('running')
  expect(everything).not.toMatch(/secret|4711/)
})

test('a conflict is recognised by the name of its constraint', async () => {
  await expect(db.once(sql`insert into persons values ('nobody')`)).rejects.toMatchObject({
    constraint: 'persons_email_check',
  })
})

test('a refusal by a function of ours (class CH) keeps its words', async () => {
  await db.once(sql`create function refuse() returns void language plpgsql as
    $$ begin raise exception 'case-closed' using errcode = 'CH001', detail = 'the case is closed'; end $$`)
  const refusal = { code: 'CH001', says: 'case-closed', detail: 'the case is closed' }
  await expect(db.once(sql`select refuse()`)).rejects.toMatchObject(refusal)
})

test('a statement is planned once on each connection', async () => {
  const one = connect({ url: database.urls.owner, max: 1 })
  for (const n of [1, 2, 3]) await one.once(sql`select ${n}::int as counted`)
  const plans = await one.once(sql`select from pg_prepared_statements where statement like 'select $1%as counted'`)
  expect(plans).toHaveLength(1)
  await one.close()
})

test('statements of one transaction keep their order, though they are sent without waiting', async () => {
  const answers = await db.transaction((tx) =>
    Promise.all([1, 2, 3, 4].map((n) => tx.row<{ n: number }>(sql`select ${n}::int as n, pg_sleep(0.01)`))),
  )
  expect(answers.map((answer) => answer?.n)).toEqual([1, 2, 3, 4])
})

test('a connection serves under the group role it was asked for', async () => {
  const row = await database.app.transaction((tx) => tx.row(sql`select current_user::text as role`))
  expect(row).toEqual({ role: 'cityhall_app' })
})

test('a statement that takes too long is ended by the server, and the pool goes on', async () => {
  const hurried = connect({ url: database.urls.owner, statementTimeout: 50, max: 1 })
  await expect(hurried.once(sql`select pg_sleep(5)`)).rejects.toMatchObject({ code: '57014' })
  expect(await hurried.once(sql`select 1 as one`)).toEqual([{ one: 1 }])
  await hurried.close()
})

test('a connection cut while it rested is replaced unnoticed', async () => {
  const cut = connect({ url: database.urls.owner, max: 1 })
  const [before] = await cut.once<{ pid: number }>(sql`select pg_backend_pid() as pid`)
  await db.once(sql`select pg_terminate_backend(${before?.pid}, 1000)`)
  const after = await cut.transaction((tx) => tx.row<{ pid: number }>(sql`select pg_backend_pid() as pid`))
  expect(after?.pid).not.toBe(before?.pid)
  await cut.close()
})

test('a server that stays away is a fault after the patience asked for, without the password', async () => {
  const nowhere = connect({ url: 'postgres://me:hunter2@127.0.0.1:1/none', patience: 100 })
  const fault: unknown = await nowhere.once(sql`select 1`).catch((error: unknown) => error)
  expect(fault).toMatchObject({ code: 'ECONNREFUSED' })
  expect(String(fault)).not.toContain('hunter2')
  await nowhere.close()
})

test('a pool cannot be asked outside a transaction as if it were one', () => {
  // @ts-expect-error: a Db has no rows; only a transaction has.
  expect(db.rows).toBeUndefined()
})

test('numbered text of a library becomes a statement with the same values in the same places', async () => {
  const query = statement('select $2::int - $1::int as a, $1::int as b', [3, 10])
  expect(await db.once(query)).toEqual([{ a: 7, b: 3 }])
  expect(await db.once(sql`select ${1}::int as n ${fixedText('order by 1')}`)).toEqual([{ n: 1 }])
})
