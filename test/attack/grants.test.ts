import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { aboutNobody, allowed } from './allowed.ts'
import { grants, relations, routines } from './reachable.ts'
import { wireTo, type Wire } from './wire.ts'

let database: TestDatabase
let wire: Wire
beforeAll(async () => {
  database = await createTestDatabase()
  wire = await wireTo(database.urls.super)
})
afterAll(async () => {
  await wire.end()
  await database.drop()
})

const question = async <T>(text: string): Promise<T[]> => {
  const { rows, error } = await wire.ask(text)
  expect(error).toBe('')
  return rows.map((row) => JSON.parse(row) as T)
}

test('each role has the rights that were thought about, to the column, and no others', async () => {
  const found = await grants(wire)
  for (const [role, rights] of Object.entries(allowed))
    expect(
      found.filter((grant) => grant.role === role).map(({ right }) => right),
      role,
    ).toEqual([...rights].sort())
  expect(found.filter(({ role }) => !(role in allowed))).toEqual([])
})

test('who serves owns nothing, bypasses nothing, and can become nobody else', async () => {
  const serving = `('cityhall_app', 'cityhall_keeper', 'cityhall_web', 'cityhall_worker', 'cityhall_reader')`
  const strong = await question(`select rolname from pg_roles where rolname in ${serving}
    and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)`)
  expect(strong).toEqual([])
  const memberships = await question<{ m: string }>(`select m.member::regrole || ' in ' || m.roleid::regrole as m
    from pg_auth_members m where m.member::regrole::text in ${serving} order by 1`)
  expect(memberships.map(({ m }) => m)).toEqual(['cityhall_web in cityhall_app', 'cityhall_worker in cityhall_keeper'])
  const owned = await question<{
    what: string
  }>(`select pg_describe_object(classid, objid, objsubid) as what from pg_shdepend
    where deptype = 'o' and refclassid = 'pg_authid'::regclass and refobjid::regrole::text in ${serving}
      and dbid = (select oid from pg_database where datname = current_database()) order by 1`)
  expect(owned.map(({ what }) => what)).toEqual(['view correspondence.posted', 'view correspondence.visible'])
})

test('every table with rows about people is under row-level security', async () => {
  const tables = (await relations(wire)).filter(({ kind }) => 'rpf'.includes(kind))
  expect(tables.length).toBeGreaterThan(15)
  expect(tables.filter(({ secured }) => !secured).map(({ name }) => name)).toEqual(Object.keys(aboutNobody).sort())
})

test('no table on which the app could have a plan made keeps statistics that a plan would show', async () => {
  const kept = await question(`select a.attrelid::regclass as t, a.attname from pg_attribute a
    where a.attrelid in ('correspondence.casefile'::regclass, 'correspondence.mail'::regclass) and a.attnum > 0
      and not a.attisdropped and a.attstattarget is distinct from 0`)
  expect(kept).toEqual([])
})

test('a view hides by its own condition and a policy, and never hands on its reader’s rights', async () => {
  const views = (await relations(wire)).filter(({ kind }) => kind === 'v' || kind === 'm')
  for (const { owner, name } of views) expect(owner, name).toBe('cityhall_reader')
})

test('a function that runs as the owner looks up names in the system’s catalogue first and in a caller’s place last', async () => {
  const definers = (await routines(wire)).filter(({ definer }) => definer)
  expect(definers.length).toBeGreaterThan(30)
  for (const { name, settings } of definers) expect(settings, name).toEqual(['search_path=pg_catalog, pg_temp'])
})

test('a function that runs as the owner builds no statement out of text', async () => {
  const built = await question<{ name: string }>(`select p.oid::regprocedure::text as name from pg_proc p
    where p.prosecdef and p.pronamespace::regnamespace::text not in ('pg_catalog', 'information_schema')
      and p.prosrc ~* '\\mexecute\\M'`)
  expect(built).toEqual([])
})

test('whatever the owner makes from now on is nobody’s until it is granted', async () => {
  const owner = await wireTo(database.urls.owner)
  const app = await wireTo(database.urls.app, 'cityhall_app')
  await owner.ask(`create function city.secret() returns text language sql as $$ select 'secret' $$`)
  await owner.ask('create table city.secrets as select 1 as secret')
  for (const text of ['select city.secret()', 'select * from city.secrets'])
    expect((await app.ask(text)).error).toMatch(/^42501/)
  await Promise.all([owner.end(), app.end()])
})
