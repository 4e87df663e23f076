import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../../src/plumbing/index.ts'
import { discharge, leave } from '../../src/trust/need-to-know/index.ts'
import type { Clerk } from '../support/house.ts'
import { nothing, setTheScene, victimsLetter, written, type Scene } from './scene.ts'
import { told, wireTo, type Wire } from './wire.ts'

/** An emergency is a door too: one letter, for an hour, and not without its entries. */
let scene: Scene
let wire: Wire
let joe: Clerk
let caseId: string
let number: string
let made = 0
beforeAll(async () => {
  scene = await setTheScene()
  wire = await wireTo(scene.database.urls.app, 'cityhall_app')
})
beforeEach(async () => {
  joe = await scene.hire(`joe-${String((made += 1))}`, 'police-front-desk')
  caseId = (await written(scene, victimsLetter)).caseId
  const [row] = await scene.database.owner.once<{ number: string }>(
    sql`select number::text from correspondence.casefile where id = ${caseId}::uuid`,
  )
  number = row?.number ?? ''
})
afterAll(async () => {
  await wire.end()
  await scene.shut()
})

const enter = (id?: string, clerk = joe) =>
  wire.ask('select case_id from need_to_know.enter_staff($1, $2)', [clerk.actor.secret, id ?? null])
const breaking = (id: string, its = number) =>
  wire.ask(`select outcome from need_to_know.break_glass($1, $2, 'danger-to-life', '\\x00', '2099-01-01')`, [id, its])
const opening = async (): Promise<string> => {
  const { rows } = await wire.ask('select vault.opening_in_hand() as o')
  return (JSON.parse(rows[0] ?? '{}') as { o: string | null }).o ?? nothing()
}
const keys = async (of: string) => (await wire.ask('select * from vault.key($1)', [of])).rows.length
const inHand = async (id = caseId, clerk = joe) =>
  wire.trying(async () => {
    await enter(id, clerk)
    return (await wire.ask('select id from correspondence.in_hand()')).rows.length
  })
const entries = async () =>
  (
    await scene.database.owner.once(
      sql`select from ledger.entry where case_id = ${caseId}::uuid and actor_kind = 'staff'`,
    )
  ).length
async function broken(): Promise<void> {
  await wire.ask('begin')
  await enter()
  expect((await breaking(nothing())).rows).toEqual(['{"outcome":"done"}'])
  await wire.ask('commit')
}

describe('breaking the glass', () => {
  test('gives no key before its entries have committed, and none after a rollback', async () => {
    await wire.ask('begin')
    await enter()
    await breaking(nothing())
    const of = await opening()
    expect(await keys(of)).toBe(0)
    await wire.ask('rollback')
    expect(await entries()).toBe(0)
    await wire.trying(async () => {
      await enter(caseId)
      expect(await keys(of)).toBe(0)
    })
    await broken()
    expect(await entries()).toBe(2)
    await wire.trying(async () => {
      await enter(caseId)
      expect(await keys(await opening())).toBe(1)
    })
  })

  test('opens no other letter of that topic, and puts none into a list', async () => {
    const sister = (await written(scene, victimsLetter)).caseId
    await broken()
    expect([await inHand(), await inHand(sister)]).toEqual([1, 0])
    await wire.trying(async () => {
      await enter(caseId)
      const seen = await wire.ask('select * from correspondence.visible v, correspondence.posted p')
      expect(seen.rows).toEqual([])
      for (const power of ['read', 'answer', 'note', 'move', 'close'])
        expect((await wire.ask(`select need_to_know.duty_for('potholes', $1) as d`, [power])).rows).toEqual([
          '{"d":null}',
        ])
    })
  })

  test('ends for a key that is in hand, too: with the hour, with the duty, with the employment', async () => {
    const { owner } = scene.database
    const ends = [
      () =>
        owner.once(
          sql`update need_to_know.broken_glass set ends_at = clock_timestamp() where employee = ${joe.employee}`,
        ),
      () => owner.transaction((tx) => discharge(tx, joe.employee, 'police-front-desk')),
      () => owner.transaction((tx) => leave(tx, joe.employee)),
    ]
    for (const end of ends) {
      joe = await scene.hire(`joe-${String((made += 1))}`, 'police-front-desk')
      await broken()
      const of = await wire.trying(async () => {
        await enter(caseId)
        return opening()
      })
      await end()
      await wire.trying(async () => {
        await enter(caseId)
        expect(await keys(of)).toBe(0)
        expect((await wire.ask(`select vault.open('emergency', 'break-glass') as o`)).rows).toEqual(['{"o":null}'])
      })
      expect(await inHand()).toBe(0)
    }
  })

  test('is hers alone: a colleague with the same power sees nothing of it, and cannot take it over', async () => {
    const mate = await scene.hire(`mate-${String(made)}`, 'police-front-desk')
    const id = nothing()
    await wire.ask('begin')
    await enter()
    await breaking(id)
    await wire.ask('commit')
    expect(await inHand(caseId, mate)).toBe(0)
    const taken = await wire.trying(async () => {
      await enter(undefined, mate)
      const own = await wire.ask('select * from need_to_know.own_glass()')
      const again = await breaking(id, '999999')
      return `${told(own)} ${told(again)}`
    })
    expect(taken).not.toContain(caseId)
  })

  test('tells a case that is withdrawn, and one that is not there, in the same words', async () => {
    await scene.database.owner.once(sql`update vault.subject set state = 'withdrawn'
      where id = (select subject from correspondence.casefile where id = ${caseId}::uuid)`)
    const say = (its: string) =>
      wire.trying(async () => {
        await enter()
        return told(await breaking(nothing(), its))
      })
    expect(await say(number)).toBe(await say('999999'))
  })
})
