import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyCustody } from '../../src/people/consent/custody/custody.ts'
import { asked, given, type Given } from '../../src/people/consent/testing/scene.ts'
import { all, one, openTown, type Town } from '../../src/people/consent/testing/town.ts'
import { sql } from '../../src/plumbing/index.ts'

let town: Town
let done: Given
let number: number
beforeAll(async () => {
  town = await openTown()
  done = await town.wholeWay(await town.neighbour('Rosa'))
  const [row] = await town.rows<{ number: number }>(sql`select number from consent.request where id = ${done.request}`)
  number = row?.number ?? 0
})
afterAll(() => town.test.close())

/** The program as an operator runs it, in a process of its own, on the test's PostgreSQL. */
function cityhall(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const { urls } = town.test.database
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
    CITYHALL_DATA: town.test.folder,
    CITYHALL_KEY: 'file:keys.json',
    CITYHALL_CITY: join(import.meta.dirname, '../../city'),
    DATABASE_URL: urls.app,
    CITYHALL_MIGRATE_URL: urls.owner,
    CITYHALL_KEEPER_URL: urls.keeper,
  }
  const program = join(import.meta.dirname, '../../bin/cityhall.mjs')
  return new Promise((resolve) => {
    execFile(process.execPath, [program, 'consent', ...words], { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err })
    })
  })
}

test('consent show tells an operator codes and days of one request, and no word of anybody', async () => {
  const shown = await cityhall('show', String(number), '--json')
  expect([shown.code, shown.err]).toEqual([0, ''])
  const told = JSON.parse(shown.out) as { number: number; consents: { id: string; state: string; held: number }[] }
  expect(told.number).toBe(number)
  expect(told.consents.map(({ id, state, held }) => [id, state, held]).sort()).toEqual(
    all(done)
      .map((id) => [id, 'in-force', 1])
      .sort(),
  )
  expect(shown.out).not.toMatch(/Maya|Rosa|secret-words|@/)
  const missing = await cityhall('show', '999999')
  expect([missing.code, missing.err.trim()]).toEqual([1, 'There is no request 999999.'])
  expect((await cityhall('show', 'abc')).code).toBe(2)
})

test('consent revoke says first what will follow and does it with --yes, once; the ledger says that an operator did', async () => {
  const only = await cityhall('revoke', ...all(done))
  expect(only.code).toBe(0)
  expect(only.out).toContain('custody-until')
  expect(only.out).toContain('Nothing was done. Add --yes to do it.')
  expect(new Set(Object.values(await town.statesOf(done)))).toEqual(new Set(['in-force']))
  const omar = await town.neighbour('Omar')
  const other = await given(town, omar.actor, await asked(town, omar.email))
  expect((await cityhall('revoke', '--yes', ...all(done), ...all(other))).code).toBe(1)
  const revoked = await cityhall('revoke', '--yes', '--json', ...all(done))
  expect(revoked.code).toBe(0)
  expect(JSON.parse(revoked.out)).toMatchObject({ receipt: expect.stringMatching(/^[0-9a-f-]{36}$/) as string })
  expect(new Set(Object.values(await town.statesOf(done)))).toEqual(new Set(['revoked']))
  const [entry] =
    await town.rows(sql`select e.actor_kind from ledger.entry e join consent.consent c on c.subject = e.subject
    where c.id = ${one(done, 'photos')} and e.act = 'consent.revoked'`)
  expect(entry).toEqual({ actor_kind: 'operator' })
  expect((await cityhall('revoke', '--yes', ...all(done))).code).toBe(1)
  expect((await cityhall('revoke', 'nobody')).code).toBe(2)
})

test('consent custody opens a copy from the desk with the custody key, and with no other', async () => {
  const officer = await town.test.hire('cora', 'custody-officer')
  const copy = await copyCustody(town, officer.actor, one(done, 'take-part'), 'court-order')
  const file = join(town.test.folder, 'copy.json')
  writeFileSync(file, JSON.stringify(copy))
  const opened = await cityhall('custody', file, '--keys', town.test.folder)
  expect([opened.code, opened.out.includes('secret-words take-partAnswer')]).toEqual([0, true])
  expect((await cityhall('custody', file, '--keys', join(town.test.folder, 'nowhere'))).code).toBe(1)
  expect((await cityhall('custody', town.test.keyFile, '--keys', town.test.folder)).code).toBe(1)
})
