import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { issueToken, receive } from '../../src/services/correspondence/index.ts'
import { sql } from '../../src/plumbing/index.ts'
import { relations } from './reachable.ts'
import { setTheScene, victimsLetter, type ActorName, type Scene } from './scene.ts'
import { told, wireTo, type Wire } from './wire.ts'

/** What PostgreSQL tells of its insides: plans, statistics, catalogues, other sessions, and what a login may make. */
let scene: Scene
beforeAll(async () => {
  scene = await setTheScene()
  for (let n = 0; n < 30; n++) await receive(scene, victimsLetter, issueToken(scene.keys))
  await scene.database.owner.once(sql`analyze`)
})
afterAll(() => scene.shut())

const identifiers = () => Object.values(scene.hidden).flat()
const expectSilence = (text: string, about: string) => {
  for (const id of [...identifiers(), 'Marisol']) expect(text.includes(id), `${about}: ${text}`).toBe(false)
}

describe('a plan', () => {
  const conditions: [string, string, string][] = [
    ['topic = $1', 'potholes', 'no-such-topic'],
    [`state in ('new', 'open') and topic = $1`, 'potholes', 'no-such-topic'],
    ['state = $1', 'new', 'open'],
    ['language = $1', 'es', 'xx'],
    ['number = $1', '1', '4000000'],
    ['received_at > $1', '2020-01-01', '2090-01-01'],
    ['assignee = $1', '1', '77'],
  ]
  const without = (text: string) => text.replace(/'[^']*'|= \d+\)/g, '(it)')

  const nobodies: ActorName[] = ['outsider', 'other resident', 'left', 'discharged']
  test.each(nobodies)(
    'is the same to %s for what is there and what is not: estimates, rows removed, work done',
    async (actor) => {
      const plan = async (condition: string, value: string, seqscan: string) =>
        scene.app.trying(async () => {
          await scene.enter(scene.app, actor)
          await scene.app.ask(`set local enable_seqscan = ${seqscan}`)
          const said = await scene.app.ask(`explain (analyze, costs, timing off, summary off, buffers off)
          select 1 from correspondence.visible where ${condition.replace('$1', `'${value}'`)}`)
          expect(said.error).toBe('')
          return without(told(said))
        })
      for (const seqscan of ['on', 'off'])
        for (const [condition, real, absent] of conditions) {
          const said = await plan(condition, real, seqscan)
          expect(said, condition).toMatch(/Scan.*\(never executed\)/)
          expect(said, condition).toBe(await plan(condition, absent, seqscan))
        }
    },
  )

  test('is not made of a table that may not be read', async () => {
    const everything = await relations(scene.app)
    let closed = 0
    for (const { name } of everything) {
      if ((await scene.app.ask(`select * from ${name} limit 0`)).error === '') continue
      closed += 1
      expect((await scene.app.ask(`explain select * from ${name}`)).error, name).toMatch(/^42501/)
    }
    expect(closed).toBeGreaterThan(15)
  })
})

describe('the catalogue', () => {
  test('keeps no statistics that the app or the keeper can read of rows about people', async () => {
    for (const wire of [scene.app, scene.keeper]) {
      const { rows } = await wire.ask(`select tablename from pg_stats where schemaname in ('correspondence', 'vault')
        or schemaname = 'need_to_know' and tablename not in ('duty', 'duty_topic')
        or schemaname = 'ledger' and tablename = 'entry' and not pg_has_role('cityhall_keeper', 'usage')`)
      expect(rows).toEqual([])
      expect((await wire.ask('select * from pg_statistic')).error).toMatch(/^42501/)
      expectSilence(told(await wire.ask('select * from pg_stats_ext')), 'pg_stats_ext')
    }
  })

  test('shows no other session’s statement, and of our own only texts without values', async () => {
    const other = await wireTo(scene.database.urls.keeper, 'cityhall_keeper')
    await other.ask(`select 'Marisol in a statement of the keeper'`)
    const { rows } = await scene.app.ask('select query, usename, client_addr::text from pg_stat_activity')
    expect(rows.filter((row) => row.includes('cityhall_web')).length).toBeGreaterThan(1)
    expectSilence(rows.join('\n'), 'pg_stat_activity')
    await other.end()
  })

  test('tells nothing through locks while a clerk works on a case', async () => {
    const clerk = await wireTo(scene.database.urls.app, 'cityhall_app')
    await clerk.ask('begin')
    await clerk.ask('select need_to_know.enter_staff($1, $2)', [scene.dana.actor.secret, scene.caseId])
    expect((await clerk.ask('select correspondence.assign(2, null) as done')).rows).toEqual(['{"done":"done"}'])
    expectSilence(told(await scene.app.ask('select l::text from pg_locks l')), 'pg_locks')
    await clerk.ask('rollback')
    await clerk.end()
  })

  test('counts nothing through a sequence', async () => {
    const name = 'correspondence.casefile_number_seq'
    for (const wire of [scene.app, scene.keeper]) {
      for (const text of [`select last_value from ${name}`, `select nextval('${name}')`, `select setval('${name}', 1)`])
        expect((await wire.ask(text)).error, text).toMatch(/^42501/)
      const seen = await wire.ask(`select pg_sequence_last_value('${name}') as last`)
      expect(seen.rows.join('') || seen.error).toMatch(/null|^42501/)
      expect(told(await wire.ask('select last_value from pg_sequences'))).not.toMatch(/\d/)
    }
  })
})

const forbidden = [
  'create temporary table t (n int)',
  'create table city.t (n int)',
  'create schema mine',
  `create function pg_temp.leak(uuid) returns boolean language plpgsql cost 0.0001 as $$ begin raise notice '%', $1; return true; end $$`,
  `create function correspondence.leak(uuid) returns boolean language sql as 'select true'`,
  'create operator pg_temp.=== (leftarg = uuid, rightarg = uuid, function = uuid_eq)',
  'create extension dblink schema city',
  'create extension pg_trgm schema city',
  'create view correspondence.everything as select * from correspondence.casefile',
  'create policy everything on correspondence.casefile using (true)',
  'alter table correspondence.casefile disable row level security',
  'alter view correspondence.visible owner to cityhall_app',
  'create or replace view correspondence.visible as select 1 as id',
  'create trigger leak before insert on correspondence.casefile execute function ledger.refuse_change()',
  'create publication leak for all tables',
  'copy correspondence.casefile to stdout',
  `copy (select 1) to program 'cat'`,
  `copy city.topic from '/etc/passwd'`,
  'set role cityhall_owner',
  'set role cityhall_reader',
  'set session authorization cityhall_owner',
  'alter role cityhall_app bypassrls',
  'alter role current_user superuser',
  'alter role current_user bypassrls',
  `alter role cityhall_owner password 'x'`,
  'grant cityhall_owner to current_user',
  'grant cityhall_reader to current_user',
  'grant select on correspondence.casefile to public',
  `alter system set log_statement = 'all'`,
  `select pg_read_file('/etc/passwd')`,
  `select pg_ls_dir('.')`,
  `select pg_read_binary_file('PG_VERSION')`,
  'select pg_ls_waldir()',
  `select lo_import('/etc/passwd')`,
  `select lo_export(1, '/tmp/x')`,
  'select * from pg_authid',
  'select * from pg_shadow',
  'select * from pg_largeobject',
  `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'cityhall_owner'`,
  'set session_replication_role = replica',
  `set log_statement = 'all'`,
  'lock table correspondence.casefile',
  'lock table ledger.entry',
  'truncate ledger.entry',
  'vacuum full correspondence.casefile',
  `select need_to_know.sign('{"kind":"staff","topics":["potholes"]}')`,
  `select need_to_know.mac('context', 'x')`,
  `select need_to_know.install_authority('context', 'x')`,
  `select ledger.write('letter.opened', 'staff')`,
  `select vault.record('letter.opened', 'staff', null, null)`,
]

test.each(forbidden)('no serving role may: %s', async (text) => {
  const logins: [Wire, string][] = [
    [scene.app, 'app'],
    [scene.keeper, 'keeper'],
  ]
  for (const [wire, who] of logins) {
    const said = await wire.trying(() => wire.ask(text))
    const nobodyToEnd = text.includes('pg_terminate_backend') && said.rows.every((row) => row.includes('false'))
    expect(nobodyToEnd || /^(42501|25001|0LP01|42P16|0A000)/.test(said.error), `${who}: ${told(said)}`).toBe(true)
  }
  expect((await scene.app.trying(() => scene.app.ask('set role cityhall_keeper'))).error).toMatch(/^42501/)
  expect((await scene.keeper.trying(() => scene.keeper.ask('set role cityhall_app'))).error).toMatch(/^42501/)
})

test('who turns row-level security off reads nothing', async () => {
  await scene.app.trying(async () => {
    await scene.enter(scene.app, 'librarian')
    await scene.app.ask('set local row_security = off')
    expect((await scene.app.ask('select * from correspondence.visible')).error).toMatch(/^42501/)
  })
})
