import { createHash, createHmac, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql, type Db, type Reader, type Sql, type Tx } from '../../src/plumbing/index.ts'
import type { CaseId, TopicId } from '../../src/city/index.ts'
import {
  assign,
  caseOnDesk,
  close,
  move,
  newId,
  note,
  openLetter,
  reopen,
  reply,
  type House,
} from '../../src/services/correspondence/index.ts'
import type { StaffActor } from '../../src/trust/need-to-know/index.ts'
import { nothing, setTheScene, type Scene } from './scene.ts'
import { told, wireTo, type Wire } from './wire.ts'

let scene: Scene
let app: Wire
beforeAll(async () => {
  scene = await setTheScene()
  app = scene.app
})
afterAll(() => scene.shut())

const cases = `select count(*) as n from correspondence.visible`
const secret = randomBytes(32)
const hash = createHash('sha256').update(secret).digest()

describe('nobody starts a session with the app’s password alone', () => {
  const seconds = () => Math.floor(Date.now() / 1000)
  const sessions = async () => {
    const [row] = await scene.database.owner.once<{ n: number }>(
      sql`select count(*)::int as n from need_to_know.session where secret_hash = ${hash}`,
    )
    return row?.n
  }

  test('with a proof that is wrong, or left out, in whatever combination', async () => {
    const employee = scene.dana.employee
    const asWebWould = (key: Buffer) =>
      createHmac('sha256', key)
        .update(`start|${employee}|${hash.toString('hex')}|password|${seconds()}`)
        .digest()
    const proofs = [null, Buffer.alloc(0), Buffer.alloc(32), asWebWould(Buffer.alloc(32)), asWebWould(randomBytes(32))]
    for (const proof of proofs)
      for (const at of [null, seconds(), 0])
        for (const who of [employee, null])
          for (const method of ['password', null]) {
            const values = [who, hash, method, at, proof]
            const said = await app.ask('select need_to_know.start_session($1, $2, $3, $4, $5) as s', values)
            expect(said.error !== '' || said.rows[0] === '{"s":null}', told(said)).toBe(true)
          }
    expect(await sessions()).toBe(0)
    expect((await app.ask('select * from need_to_know.enter_staff($1)', [secret])).rows).toEqual([])
  })

  test('with a proof older than a minute, or made for another employee, secret or method', async () => {
    const key = scene.keys.derive('session-authority').export()
    const proof = (employee: number, of: Buffer, method: string, at: number) =>
      createHmac('sha256', key)
        .update(`start|${employee}|${of.toString('hex')}|${method}|${at}`)
        .digest()
    const start = (values: unknown[]) => app.ask('select need_to_know.start_session($1, $2, $3, $4, $5) as s', values)
    const { employee } = scene.dana
    const old = seconds() - 120
    const now = seconds()
    const wrong = [
      [employee, hash, 'password', old, proof(employee, hash, 'password', old)],
      [employee, hash, 'password', now, proof(employee, hash, 'password', old)],
      [employee + 1, hash, 'password', now, proof(employee, hash, 'password', now)],
      [employee, hash, 'passkey', now, proof(employee, hash, 'password', now)],
      [employee, hash, 'password', now, proof(employee, randomBytes(32), 'password', now)],
    ]
    for (const values of wrong) expect((await start(values)).rows).toEqual(['{"s":null}'])
    expect((await start([employee, hash, 'password', now, proof(employee, hash, 'password', now)])).rows[0]).toMatch(
      /-/,
    )
    expect(await sessions()).toBe(1)
  })

  test('and nobody changes a password with a session’s secret alone', async () => {
    for (const values of [
      ['$argon2id$x', null, null],
      ['$argon2id$x', seconds(), null],
      ['$argon2id$x', null, Buffer.alloc(32)],
      [null, null, null],
    ])
      await app.trying(async () => {
        await app.ask('select need_to_know.enter_staff($1)', [scene.dana.actor.secret])
        const said = await app.ask('select need_to_know.change_password($1, $2, $3) as c', values)
        expect(said.rows.join(''), told(said)).not.toContain('true')
      })
  })

  test('and nobody is told whether an employee is there, or what her password’s hash is', async () => {
    for (const handle of ['dana', 'nobody', 'rae'])
      for (const proof of [null, Buffer.alloc(32), randomBytes(32)]) {
        const said = await app.ask('select * from need_to_know.sign_in_material($1, $2)', [handle, proof])
        expect([said.rows, said.error]).toEqual([[], ''])
      }
  })
})

describe('nobody acts as another', () => {
  const payload = () =>
    JSON.stringify({ kind: 'staff', employee: scene.dana.employee, topics: ['potholes'], case: scene.caseId })

  test('with a context made by hand, also where the key to check it is gone', async () => {
    const set = `select set_config('cityhall.context', $1, true)`
    const tries = ['', '0'.repeat(64), ''.padEnd(64, 'f'), createHmac('sha256', '').update(payload()).digest('hex')]
    const none = async (about: string) => {
      for (const mac of tries)
        await app.trying(async () => {
          expect((await app.ask(set, [mac + payload()])).error).toBe('')
          expect((await app.ask(cases)).rows, about).toEqual(['{"n":"0"}'])
          expect((await app.ask('select need_to_know.context() as c')).rows, about).toEqual(['{"c":null}'])
        })
    }
    await none('with the key in place')
    await scene.database.owner.once(sql`alter table need_to_know.authority rename to authority_kept`)
    await scene.database.owner.once(sql`create table need_to_know.authority (like need_to_know.authority_kept)`)
    await none('without the key')
    await scene.database.owner.once(sql`drop table need_to_know.authority`)
    await scene.database.owner.once(sql`alter table need_to_know.authority_kept rename to authority`)
  })

  test('with a context captured from the very statement before, in the next transaction or on another connection', async () => {
    const other = await wireTo(scene.database.urls.app, 'cityhall_app')
    await app.ask('begin')
    await app.ask('select need_to_know.enter_staff($1, $2)', [scene.dana.actor.secret, scene.caseId])
    const { rows } = await app.ask(`select current_setting('cityhall.context') as c`)
    const captured = (JSON.parse(rows[0] ?? '{}') as { c: string }).c
    expect(captured.length).toBeGreaterThan(100)
    expect((await app.ask(cases)).rows).not.toEqual(['{"n":"0"}'])
    for (const wire of [other, app]) {
      if (wire === app) await app.ask('commit')
      await wire.trying(async () => {
        await wire.ask(`select set_config('cityhall.context', $1, true)`, [captured])
        expect((await wire.ask(cases)).rows).toEqual(['{"n":"0"}'])
        expect((await wire.ask(`select vault.open('answer', 'send-crew') as o`)).rows).toEqual(['{"o":null}'])
      })
      await wire.ask(`select set_config('cityhall.context', $1, false)`, [captured])
      expect((await wire.ask(cases)).rows).toEqual(['{"n":"0"}'])
    }
    await other.end()
  })

  test('with a hash out of a stolen dump instead of the secret', async () => {
    const hashes = await scene.database.owner.once<{ h: Buffer }>(
      sql`select secret_hash as h from need_to_know.session union all select receipt_hash from correspondence.casefile`,
    )
    expect(hashes.length).toBeGreaterThan(4)
    for (const { h } of hashes) {
      expect((await app.ask('select * from need_to_know.enter_staff($1)', [h])).rows).toEqual([])
      expect((await app.ask('select * from need_to_know.enter_receipt($1)', [h])).rows).toEqual([])
    }
  })

  test('by bringing what looks as if the city had recorded it, or as if it had come by mail', async () => {
    const letter = `array[gen_random_uuid()], array['x'], array[1], array['potholes'], array[null]::text[], array['en'],
      array['2027-01-04'::date], array[gen_random_uuid()], array['k'::bytea], array['k'], array[gen_random_uuid()],
      array['s'::bytea], array[null]::bytea[], array[sha256('r')], array[sha256('i')], array['d'::bytea], array[false],
      '{}'::uuid[], '{}'::text[], '{}'::bytea[]`
    const one = `gen_random_uuid(), 'x', 1, 'potholes', null, 'en', '2027-01-04', gen_random_uuid(), 'k', 'k', gen_random_uuid(),
      's', null, sha256('r'), sha256('i'), 'd', false, '{}', '{}', '{}', '{}', '{}', '{}', '{}'`
    for (const channel of ['letter', 'counter', 'telephone', 'email', 'Form', '']) {
      expect((await app.ask(`select correspondence.receive('${channel}', ${letter})`)).error, channel).toMatch(/^CH003/)
      expect((await app.ask(`select attachments.receive('${channel}', ${one})`)).error, channel).toMatch(/^CH003/)
      const said = await app.ask(`select (counter.receive('intake-clerk', null, '{}', '${channel}', ${one})).outcome`)
      expect([said.error, said.rows], channel).toEqual(['', ['{"outcome":"not-there"}']])
    }
    for (const call of [`correspondence.take_in('letter', ${letter})`, `attachments.take_in('letter', ${one})`])
      expect((await app.ask(`select ${call}`)).error).toMatch(/^42501/)
    for (const call of [`correspondence.receive_mail(${letter})`, `attachments.receive_mail(${one})`])
      expect((await app.ask(`select ${call}`)).error).toMatch(/^42501/)
  })

  test('by writing a letter of his own under another’s message, and a letter gives no sight but of itself', async () => {
    const own = { id: newId(), subject: nothing(), receipt: randomBytes(32) }
    const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest()
    await app.ask('begin')
    const said = await app.ask(
      `select * from correspondence.receive('form', array[$1::uuid], array['x'], array[1], array['potholes'], array[null]::text[], array['en'],
        array['2027-01-04'::date], array[$2::uuid], array['k'::bytea], array['k'], array[$3::uuid], array['s'::bytea],
        array[null]::bytea[], array[$4::bytea], array[$5::bytea], array['d'::bytea], array[false], array[$6::uuid], array['name'], array[$4::bytea])`,
      [
        own.id,
        own.subject,
        scene.hidden['message']?.[0],
        sha(own.receipt),
        randomBytes(32),
        scene.hidden['subject']?.[0],
      ],
    )
    expect([said.error, said.rows]).toEqual(['', [`{"case_id":"${own.id}","outcome":"received"}`]])
    await app.ask('select need_to_know.enter_receipt($1)', [own.receipt])
    expect((await app.ask('select id from correspondence.in_hand()')).rows).toEqual([`{"id":"${own.id}"}`])
    expect((await app.ask('select kind from correspondence.messages_in_hand()')).rows).toEqual(['{"kind":"letter"}'])
    await app.ask('rollback')
    const [row] = await scene.database.owner.once<{ n: number }>(
      sql`select count(*)::int as n from vault.token where subject = ${scene.hidden['subject']?.[0]}::uuid`,
    )
    expect(row?.n).toBe(3)
  })
})

describe('a case that is not hers and a case that is not there', () => {
  const acts: Record<string, (house: House, actor: StaffActor, caseId: CaseId) => Promise<unknown>> = {
    'putting it on the desk': (house, actor, caseId) => caseOnDesk(house, actor, caseId),
    'opening it': (house, actor, caseId) => openLetter(house, actor, caseId, 'send-crew'),
    'answering it': (house, actor, caseId) =>
      reply(house, actor, { caseId, version: 2, words: 'x', messageId: newId() }),
    'noting on it': (house, actor, caseId) => note(house, actor, { caseId, words: 'x', messageId: newId() }),
    'assigning it': (house, actor, caseId) => assign(house, actor, { caseId, version: 2, assignee: 1 }),
    'moving it': (house, actor, caseId) =>
      move(house, actor, { caseId, version: 2, topic: 'library-general' as TopicId }),
    'closing it': (house, actor, caseId) => close(house, actor, { caseId, version: 2, because: 'done' }),
    'reopening it': (house, actor, caseId) => reopen(house, actor, { caseId, version: 2 }),
  }

  test.each(Object.keys(acts))('get the same answer after the same work: %s', async (name) => {
    const actor = { kind: 'staff', secret: scene.actors.librarian ?? Buffer.alloc(0) } as const
    const tried = async (caseId: CaseId) => {
      const said: string[] = []
      const outcome = await acts[name]?.({ ...scene, db: overheard(scene.db, said) }, actor, caseId)
      return { outcome, said }
    }
    const hers = await tried(scene.caseId)
    expect(hers.said.length).toBeGreaterThan(0)
    expect(hers).toEqual(await tried(nothing() as CaseId))
    expect(hers.outcome).toEqual({ refused: 'not-there' })
  })

  test('cost the server the same work but for the page or two on which the case lies', async () => {
    const work = async (id: string) => {
      const pages: number[] = []
      for (let n = 0; n < 4; n++)
        await app.trying(async () => {
          const values = [scene.actors.librarian, id]
          const said = await app.ask(
            'explain (analyze, buffers, costs off, timing off) select * from need_to_know.enter_staff($1, $2)',
            values,
          )
          pages.push(Number(/Buffers: shared hit=(\d+)/.exec(told(said))?.[1]))
        })
      return Math.min(...pages)
    }
    // PostgreSQL plans a statement anew five times, and reads pages for it, before it keeps a plan.
    for (let n = 0; n < 2; n++) await work(nothing())
    const [there, absent] = [await work(scene.caseId), await work(nothing())]
    expect(absent).toBeGreaterThan(3)
    expect(Math.abs(there - absent)).toBeLessThanOrEqual(2)
  })
})

/** The same database, with every statement that is sent written down. */
function overheard(db: Db, said: string[]): Db {
  const hear = (reader: Reader): Tx =>
    ({
      rows: (query: Sql) => (said.push(query.text), reader.rows(query)),
      row: (query: Sql) => (said.push(query.text), reader.row(query)),
    }) as unknown as Tx
  return {
    ...db,
    once: (query) => (said.push(query.text), db.once(query)),
    transaction: (work) => db.transaction((tx) => work(hear(tx))),
  }
}
