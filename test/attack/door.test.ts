import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../../src/plumbing/index.ts'
import { discharge, charge } from '../../src/trust/need-to-know/index.ts'
import { setTheScene, victimsLetter, written, type Scene } from './scene.ts'
import { told, wireTo, type Wire } from './wire.ts'

/** The one door: no key without an entry that stays. */
let scene: Scene
let clerk: Wire
let caseId: string
beforeAll(async () => {
  scene = await setTheScene()
  clerk = await wireTo(scene.database.urls.app, 'cityhall_app')
})
beforeEach(async () => {
  caseId = (await written(scene, victimsLetter)).caseId
})
afterAll(async () => {
  await clerk.end()
  await scene.shut()
})

const enter = async (wire = clerk, id = caseId, secret = scene.dana.actor.secret) =>
  wire.ask('select need_to_know.enter_staff($1, $2)', [secret, id])
const opened = async (wire = clerk): Promise<string> => {
  const { rows } = await wire.ask(`select vault.open('answer', 'send-crew') as opening`)
  return (JSON.parse(rows[0] ?? '{}') as { opening: string }).opening
}
const named = async (opening: string, wire = clerk) =>
  (await wire.ask('select * from vault.key($1)', [opening])).rows.length
/** By the opening's name, and of the case in hand: one is given where the other is. */
const keys = async (opening: string, wire = clerk) => {
  const given = await named(opening, wire)
  expect((await wire.ask('select * from vault.key_in_hand()')).rows).toHaveLength(given)
  return given
}
const entries = async () => {
  const [row] = await scene.database.owner.once<{ n: number }>(
    sql`select count(*)::int as n from ledger.entry where case_id = ${caseId} and actor_kind = 'staff'`,
  )
  return row?.n
}
const committed = async (): Promise<string> => {
  await clerk.ask('begin')
  await enter()
  const opening = await opened()
  await clerk.ask('commit')
  return opening
}
/** Whether the opening still gives its key to Dana, in a transaction of its own. */
const keysLater = (opening: string, wire = clerk, id = caseId, secret?: Buffer) =>
  wire.trying(async () => {
    await enter(wire, id, secret)
    return keys(opening, wire)
  })
/** The same by its name alone, where another opening of the case in hand may lie open. */
const namedLater = (opening: string, id = caseId) =>
  clerk.trying(async () => {
    await enter(clerk, id)
    return named(opening)
  })

describe('the key of a subject', () => {
  test('is given once its entry has committed, and each opening has one entry', async () => {
    const opening = await committed()
    expect(await keysLater(opening)).toBe(1)
    expect(await entries()).toBe(1)
    const [row] = await scene.database.owner.once<{ acts: string[] }>(sql`select array_agg(e.act) as acts
      from vault.opening o join ledger.entry e on e.id = o.entry_id where o.id = ${opening}::uuid`)
    expect(row?.acts).toEqual(['letter.opened'])
    const orphans = await scene.database.owner.once(sql`select o.id from vault.opening o left join ledger.entry e
      on e.id = o.entry_id and e.subject = o.subject and e.case_id = o.case_id and e.actor_kind = o.actor_kind
      where e.id is null union all select (array_agg(id))[1] from vault.opening group by entry_id having count(*) > 1`)
    expect(orphans).toEqual([])
  })

  test('is not given in the transaction that writes the entry', async () => {
    await clerk.trying(async () => {
      await enter()
      expect(await keys(await opened())).toBe(0)
    })
    expect(await entries()).toBe(0)
  })

  test('is not given out of a savepoint, neither before it is released, after, nor rolled back', async () => {
    await clerk.ask('begin')
    await enter()
    await clerk.ask('savepoint s')
    const opening = await opened()
    expect(await keys(opening)).toBe(0)
    await clerk.ask('release s')
    expect(await keys(opening)).toBe(0)
    await clerk.ask('savepoint t')
    const undone = await opened()
    await clerk.ask('rollback to t')
    expect(await keys(undone)).toBe(0)
    await clerk.ask('commit')
    expect(await keysLater(opening)).toBe(1)
    expect(await namedLater(undone)).toBe(0)
    expect(await entries()).toBe(1)
  })

  test('is not given after a rollback', async () => {
    await clerk.ask('begin')
    await enter()
    const opening = await opened()
    await clerk.ask('rollback')
    expect(await keysLater(opening)).toBe(0)
    expect(await entries()).toBe(0)
  })

  test('is not given inside one statement that opens, whatever the order of its parts', async () => {
    for (const text of [
      `select (vault.key(vault.open('answer', 'send-crew'))).*`,
      `with o as materialized (select vault.open('answer', 'send-crew') as id) select k.* from o, vault.key(o.id) k`,
      `with o as materialized (select vault.open('answer', 'send-crew') as id) select k.* from o, vault.key_in_hand() k`,
      `do $$ declare o uuid; k record; begin o := vault.open('answer', 'send-crew');
        select * into k from vault.key(o); if found then raise exception 'the key: %', k; end if; end $$`,
    ])
      await clerk.trying(async () => {
        await enter()
        const said = await clerk.ask(text)
        expect([said.rows, said.error], text).toEqual([[], ''])
      })
    expect(await entries()).toBe(0)
  })

  test('is not given to a second connection while the first still may roll back', async () => {
    const second = await wireTo(scene.database.urls.app, 'cityhall_app')
    await clerk.ask('begin')
    await enter()
    const opening = await opened()
    expect(await keysLater(opening, second)).toBe(0)
    const snapshot = await clerk.ask('select pg_export_snapshot() as s')
    expect(snapshot.error).toBe('')
    await clerk.ask('rollback')
    expect(await keysLater(opening, second)).toBe(0)
    await second.end()
  })

  test('is not given while the opening is a prepared transaction, where the server has any', async () => {
    await clerk.ask('begin')
    await enter()
    const opening = await opened()
    const prepared = await clerk.ask(`prepare transaction 'look'`)
    await clerk.ask('rollback')
    if (prepared.error === '') {
      expect(await keysLater(opening)).toBe(0)
      await clerk.ask(`rollback prepared 'look'`)
    }
    expect(await keysLater(opening)).toBe(0)
    expect(await entries()).toBe(0)
  })

  test('is given to the session that opened, with that case in hand, and to no other', async () => {
    const opening = await committed()
    const colleague = await scene.hire(`kim${caseId.slice(-6)}`, 'works-dispatcher')
    expect(await keysLater(opening, clerk, caseId, colleague.actor.secret)).toBe(0)
    expect(await namedLater(opening, scene.caseId)).toBe(0)
    expect(await clerk.trying(() => keys(opening))).toBe(0)
    expect(await keysLater(opening)).toBe(1)
  })

  test('is not given when the opening has run out', async () => {
    const opening = await committed()
    await scene.database.owner.once(sql`update vault.opening set ends_at = now() where id = ${opening}::uuid`)
    expect(await keysLater(opening)).toBe(0)
  })

  test('is not given after the case moved on, even should it come back', async () => {
    const opening = await committed()
    await clerk.ask('begin')
    await enter()
    expect((await clerk.ask(`select correspondence.move(1, 'library-general', '2027-01-04') as m`)).rows).toEqual([
      '{"m":"done"}',
    ])
    await clerk.ask('commit')
    expect(await keysLater(opening)).toBe(0)
    await scene.database.owner.once(
      sql`update correspondence.casefile set topic = 'potholes' where id = ${caseId}::uuid`,
    )
    expect(await keysLater(opening)).toBe(0)
  })

  test.each(['withdrawn', 'destroyed'])('is not given of a subject who is %s, and nothing opens it', async (state) => {
    const opening = await committed()
    await scene.database.owner.once(sql`update vault.subject set state = ${state},
      wrapped_key = case when ${state} = 'destroyed' then null else wrapped_key end
      where id = (select subject from correspondence.casefile where id = ${caseId}::uuid)`)
    expect(await keysLater(opening)).toBe(0)
    await clerk.trying(async () => {
      await enter()
      expect(await opened()).toBe(null)
    })
  })

  test('is not given to who lost the duty, also in a transaction that was begun before', async () => {
    const kay = await scene.hire(`kay${caseId.slice(-6)}`, 'works-dispatcher')
    await clerk.ask('begin')
    await enter(clerk, caseId, kay.actor.secret)
    const opening = await opened()
    await clerk.ask('commit')
    await clerk.trying(async () => {
      await enter(clerk, caseId, kay.actor.secret)
      expect(await keys(opening)).toBe(1)
      await scene.database.owner.transaction((tx) => discharge(tx, kay.employee, 'works-dispatcher'))
      expect(await keys(opening)).toBe(0)
      expect(await opened()).toBe(null)
    })
    await scene.database.owner.transaction((tx) => charge(tx, kay.employee, 'librarian'))
    expect(await keysLater(opening, clerk, caseId, kay.actor.secret)).toBe(0)
  })

  test('is wrapped: without the city’s key file it opens nothing', async () => {
    const opening = await committed()
    const said = await clerk.trying(async () => {
      await enter()
      return told(await clerk.ask('select wrapped_key, kek from vault.key($1)', [opening]))
    })
    for (const key of scene.keys.wrapping.values()) expect(said).not.toContain(key.export().toString('hex'))
    expect(said).toMatch(/"wrapped_key":"01[0-9a-f]{120}"/)
  })
})

describe('the post office', () => {
  test('gets a key for a waiting mail only, and after its entry has committed', async () => {
    const [mail] = await scene.database.owner.once<{ id: string }>(
      sql`select id from correspondence.mail where case_id = ${caseId}::uuid`,
    )
    const keysForMail = async (opening: string) =>
      (
        await scene.keeper.ask('select * from vault.key_for_delivery(array[$2]::uuid[], array[$1]::uuid[])', [
          opening,
          mail?.id,
        ])
      ).rows.length
    const open = async () => {
      const { rows } = await scene.keeper.ask(`select opening as o from vault.open_for('mail', array[$1]::uuid[])`, [
        mail?.id,
      ])
      return (JSON.parse(rows[0] ?? '{}') as { o: string }).o
    }
    await scene.keeper.ask('begin')
    const undone = await open()
    expect(await keysForMail(undone)).toBe(0)
    await scene.keeper.ask('rollback')
    expect(await keysForMail(undone)).toBe(0)
    const opening = await open()
    expect(await keysForMail(opening)).toBe(1)
    expect(await keysForMail(await committed())).toBe(0)
    expect(await namedLater(opening)).toBe(0)
    await scene.keeper.ask(`select correspondence.settle_mail($1, 'kept')`, [mail?.id])
    expect(await keysForMail(opening)).toBe(0)
    expect(await open()).toBeUndefined()
  })
})

describe('the ledger', () => {
  test.each(['app', 'keeper'] as const)('is neither changed, deleted, emptied nor forged by the %s', async (who) => {
    await committed()
    const before = await scene.database.owner.once(sql`select e::text from ledger.entry e order by id`)
    for (const text of [
      `update ledger.entry set reason = 'x'`,
      `delete from ledger.entry`,
      `truncate ledger.entry`,
      `update ledger.leaf set seq = seq + 1`,
      `delete from ledger.leaf`,
      `delete from ledger.checkpoint`,
      `update ledger.checkpoint set note = ''`,
      `insert into ledger.entry select * from ledger.entry`,
      `insert into ledger.entry (at, act, actor_kind, salt, commitment) values (now(), 'letter.opened', 'staff', sha256(''), sha256(''))`,
      `merge into ledger.entry e using (select 1) x on true when matched then delete`,
      `alter table ledger.entry disable trigger all`,
      `select ledger.write('letter.opened', 'staff')`,
      `select ledger.write_first(now(), 'letter.received', '{}', '{}', '{}', 'x', 'x')`,
      `select vault.record('letter.opened', 'staff', null, null)`,
      `update vault.opening set ends_at = 'infinity'`,
      `insert into vault.opening select * from vault.opening`,
      `update vault.subject set entries = 0`,
    ])
      expect((await scene[who].trying(() => scene[who].ask(text))).error, text).toMatch(/^42501/)
    expect(await scene.database.owner.once(sql`select e::text from ledger.entry e order by id`)).toEqual(before)
  })

  test('is append-only for the owner too, as long as she does not take the trigger away', async () => {
    const owner = await wireTo(scene.database.urls.owner)
    for (const text of [
      `update ledger.entry set reason = 'x'`,
      'delete from ledger.entry',
      'truncate ledger.entry cascade',
    ])
      expect((await owner.ask(text)).error, text).toMatch(/^CH001/)
    await owner.end()
  })

  test('is dated by the clock of the server, whatever the app or the keeper pretends', async () => {
    await clerk.ask('begin')
    await clerk.ask(`set local cityhall.clock = '1999-01-01'`)
    await enter()
    await opened()
    await clerk.ask('commit')
    const [row] = await scene.database.owner.once<{ old: number }>(
      sql`select count(*)::int as old from ledger.entry where at < now() - interval '1 hour'`,
    )
    expect([await entries(), row?.old]).toEqual([1, 0])
  })
})
