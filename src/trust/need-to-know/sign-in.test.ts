import { createHmac, createSecretKey, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sha256, sql } from '../../plumbing/index.ts'
import { changePassword } from './change-password.ts'
import { whoIs } from './enter.ts'
import { isPassword } from './password.ts'
import { startSession } from './session.ts'
import { setPassword } from './set-password.ts'
import { acts, employ, password, settle, signedIn, type SmallTown } from './testing/small-city.ts'

let town: SmallTown
beforeAll(async () => {
  town = await settle()
})
afterAll(() => town.drop())

const attempt = (handle: string, typed: string) => town.signIn.withPassword(town.app, { handle, password: typed })

test('the right name and password start a session, and the ledger notes it', async () => {
  const before = (await acts(town.owner)).filter((act) => act === 'staff.signed-in').length
  const started = await attempt('ana', password)
  expect(started).toMatchObject({ secret: expect.any(Buffer) })
  const after = (await acts(town.owner)).filter((act) => act === 'staff.signed-in').length
  expect(after).toBe(before + 1)
})

test('the same characters typed on another keyboard are the same password', async () => {
  await employ(town.owner, town.keys, 'eva', 'Eva Sol', 'librarian')
  await town.owner.transaction(async (tx) => {
    const row = await tx.row<{ id: number }>(sql`select id from need_to_know.employee where handle = 'eva'`)
    await setPassword(tx, row?.id ?? 0, 'contrase\u00f1a del caf\u00e9', town.keys.pepper)
  })
  expect(await attempt('eva', 'contrasen\u0303a del cafe\u0301')).toHaveProperty('secret')
})

test('a wrong password, a name that is not there and an employee without password get the same answer', async () => {
  await town.owner.once(sql`insert into need_to_know.employee (handle, name) values ('nopass', 'No Password')`)
  const answers = [
    await attempt('ben', 'not the right words'),
    await attempt('nobody', password),
    await attempt('nopass', ''),
  ]
  for (const answer of answers) expect(answer).toEqual({ refused: 'no-match' })
})

test('after five failures a name must wait, whether it is there or not, and the right password does not help', async () => {
  await employ(town.owner, town.keys, 'fay', 'Fay Lind', 'librarian')
  for (const name of ['fay', 'ghost']) {
    for (let tried = 0; tried < 5; tried++) expect(await attempt(name, 'wrong words')).toEqual({ refused: 'no-match' })
    expect(await attempt(name, password)).toEqual({ refused: 'wait', seconds: expect.any(Number) })
  }
})

test('tries sent at the same moment are counted one after the other', async () => {
  const tries = await Promise.all(Array.from({ length: 12 }, () => attempt('crowd', 'wrong words')))
  expect(tries.filter((answer) => 'refused' in answer && answer.refused === 'no-match')).toHaveLength(5)
})

test('signing in clears the failures', async () => {
  for (let round = 0; round < 3; round++) {
    for (let tried = 0; tried < 3; tried++) await attempt('ben', 'wrong words')
    expect(await attempt('ben', password)).toHaveProperty('secret')
  }
})

test('the table of failures names nobody', async () => {
  await attempt('someone-typed-this', 'x')
  const [{ rows }] = (await town.owner.once<{ rows: string }>(
    sql`select string_agg(t::text, ' ') as rows from need_to_know.throttle t`,
  )) as [{ rows: string }]
  expect(rows).not.toContain('someone')
  expect(rows).not.toContain(sha256('someone-typed-this').toString('hex'))
})

test('a session cannot be started with the database password alone', async () => {
  const start = (mac: Buffer, at: number) =>
    town.app.once<{ session: string | null }>(
      sql`select need_to_know.start_session(${town.ana}::int, ${sha256('mine')}, 'password', ${at}::bigint, ${mac}) as session`,
    )
  const now = Math.floor(Date.now() / 1000)
  const words = (at: number) => `start|${town.ana}|${sha256('mine').toString('hex')}|password|${at}`
  const mac = (key: Buffer, at: number) => createHmac('sha256', key).update(words(at)).digest()
  expect(await start(randomBytes(32), now)).toEqual([{ session: null }])
  expect(await start(mac(randomBytes(32), now), now)).toEqual([{ session: null }])
  expect(await start(mac(town.keys.authority.export(), now - 120), now - 120)).toEqual([{ session: null }])
  expect(await startSession(town.app, createSecretKey(randomBytes(32)), town.ana, 'password')).toBeUndefined()
})

test('a stored hash without the pepper matches nothing', async () => {
  const [row] = await town.owner.once<{ password_hash: string }>(
    sql`select password_hash from need_to_know.employee where handle = 'ana'`,
  )
  expect(row?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(await isPassword(password, row?.password_hash ?? '', town.keys.pepper.export())).toBe(true)
  expect(await isPassword(password, row?.password_hash ?? '', randomBytes(32))).toBe(false)
})

test('a password must be long, not one sign repeated, and not hold the name it belongs to', async () => {
  const set = (wanted: string) => town.owner.transaction((tx) => setPassword(tx, town.ben, wanted, town.keys.pepper))
  expect(await set('fourteen signs')).toEqual({ refused: 'too-short' })
  expect(await set('a'.repeat(20))).toEqual({ refused: 'too-simple' })
  expect(await set('the words of Ben are long')).toEqual({ refused: 'too-simple' })
  expect(await set('x1'.repeat(200))).toEqual({ refused: 'too-long' })
})

test('who changes her password gives the old one, and her other sessions end', async () => {
  await employ(town.owner, town.keys, 'gus', 'Gus Hall', 'librarian')
  const [here, there] = [await signedIn(town, 'gus'), await signedIn(town, 'gus')]
  const change = (old: string, wanted: string) => changePassword(town.app, town.signIn, here, { old, wanted })
  expect(await change('not the old one', 'five other plain words')).toEqual({ refused: 'no-match' })
  expect(await change(password, 'short')).toEqual({ refused: 'too-short' })
  expect(await change(password, 'five other plain words')).toEqual({ done: true })
  expect(await whoIs(town.app, here)).toMatchObject({ handle: 'gus' })
  expect(await whoIs(town.app, there)).toBeUndefined()
  expect(await attempt('gus', password)).toEqual({ refused: 'no-match' })
  expect(await attempt('gus', 'five other plain words')).toHaveProperty('secret')
  expect(await acts(town.owner)).toContain('password.changed')
})
