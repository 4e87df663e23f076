import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../../test/support/house.ts'
import { connect, sql } from '../../plumbing/index.ts'
import { enterReceipt } from '../../trust/need-to-know/index.ts'
import { holderOf, newId, readReceipt, type House, type ReceiptCode } from '../correspondence/index.ts'
import { acceptOffer, cancelEnrolment } from './cancel.ts'
import { enrolmentsInHand } from './in-hand.ts'
import { standings } from './standing.ts'
import { turnActivities } from './turn.ts'
import { houseAt, join, offering, pay, type Joined } from './testing/scene.ts'

let house: TestHouse
/** While registration for the winter is open. */
let then: House

const now = Temporal.Now.instant()

beforeAll(async () => {
  house = await openTestHouse()
  house = await offering(
    house,
    house.database.owner,
    { id: 'two-wheels', like: 'pottery-winter', places: 2 },
    { id: 'one-board', like: 'chess-winter', places: 1 },
    { id: 'rush', like: 'chess-winter', places: 50, opens: now.subtract({ hours: 1 }), closes: now.add({ hours: 24 }) },
  )
  then = houseAt(house, house.database.owner, '2026-12-01T20:00:00Z')
})
afterAll(() => house.close())

const rows = (query: ReturnType<typeof sql>) => house.database.owner.once<Record<string, unknown>>(query)
function made(joined: Joined) {
  if ('refused' in joined) throw new Error(joined.refused)
  return joined
}
const inHand = (at: House, code: ReceiptCode) =>
  at.db.transaction(async (tx) => {
    await enterReceipt(tx, holderOf(at, code))
    return (await enrolmentsInHand(tx))[0]
  })
const stateOf = async (at: House, code: ReceiptCode) => (await inHand(at, code))?.standing
const actsOf = async (caseId: string) =>
  (await rows(sql`select act from ledger.entry where case_id = ${caseId} order by at, subject_count`)).map(
    ({ act }) => act,
  )
const at = (time: string) => houseAt(house, house.database.owner, time)

describe('an enrolment', () => {
  it('takes a place for one letter, is charged with it, keeps the very words agreed to, and is in the ledger', async () => {
    const joined = made(await join(then, 'two-wheels', { email: 'marisol@example.org' }))
    expect(joined.as).toBe('held')
    expect(await inHand(then, joined.code)).toMatchObject({
      price: 11800,
      waiver: { en: expect.stringContaining('hot kilns') as string },
    })
    expect(await rows(sql`select total, state from payments.charge where case_id = ${joined.caseId}`)).toEqual([
      { total: 11800, state: 'due' },
    ])
    expect(
      await rows(
        sql`select actor_kind, detail from ledger.entry where case_id = ${joined.caseId} and act = 'enrolment.made'`,
      ),
    ).toEqual([{ actor_kind: 'person', detail: 'session=two-wheels as=held' }])
    expect(await rows(sql`select state from correspondence.casefile where id = ${joined.caseId}`)).toEqual([
      { state: 'answered' },
    ])
    expect(
      await rows(sql`select m.kind, n.news from correspondence.mail m join activities.notice n on n.mail = m.id
      where m.case_id = ${joined.caseId}`),
    ).toEqual([{ kind: 'enrolment', news: 'held' }])
    await pay(then, joined.caseId)
    await turnActivities(then.db)
    expect(await stateOf(then, joined.code)).toEqual({ state: 'enrolled' })
  })

  it('says nothing about a person outside the sealed letter', async () => {
    const columns = await rows(sql`select string_agg(column_name, ' ' order by column_name) as names
      from information_schema.columns where table_schema = 'activities' and table_name = 'enrolment'`)
    expect(columns[0]?.['names']).toBe(
      'because before case_id child drawn drawn_with ended_at family id made_at passed place price refund session state ticket turn until version waiver',
    )
  })

  it('is refused before registration, after it, for what others agreed to, and for what is for children only', async () => {
    const before = await rows(sql`select count(*) as n from correspondence.casefile`)
    expect(await join(at('2026-11-16T16:59:59Z'), 'two-wheels')).toEqual({ refused: 'too-early' })
    expect(await join(at('2027-01-13T01:00:00Z'), 'two-wheels')).toEqual({ refused: 'closed' })
    expect(await join(then, 'two-wheels', { waiver: Buffer.alloc(32) })).toEqual({ refused: 'waiver' })
    expect(await join(then, 'swimming-1-winter')).toEqual({ refused: 'not-there' })
    expect(await join(then, 'moon-base')).toEqual({ refused: 'not-there' })
    expect(await rows(sql`select count(*) as n from correspondence.casefile`)).toEqual(before)
    const [outcome] = await house.db.once<{ outcome: string }>(
      sql`select activities.enrol(${newId()}, ${newId()}, 'rush', null, null, '123456789012') as outcome`,
    )
    expect(outcome).toEqual({ outcome: 'not-there' })
  })
})

describe('the waiting list', () => {
  let first: ReturnType<typeof made>
  let second: ReturnType<typeof made>
  let third: ReturnType<typeof made>

  it('gives whoever comes to a full session the next number, and asks for no money', async () => {
    first = made(await join(then, 'one-board'))
    second = made(await join(then, 'one-board', { email: 'two@example.org' }))
    third = made(await join(then, 'one-board'))
    expect([first.as, second.as, third.as]).toEqual(['enrolled', 'waiting', 'waiting'])
    expect(await stateOf(then, second.code)).toEqual({ state: 'waiting', number: 1 })
    expect(await stateOf(then, third.code)).toEqual({ state: 'waiting', number: 2 })
    expect((await standings(then.db)).get('one-board' as never)).toMatchObject({ free: 0, waiting: 2 })
  })

  it('offers a place that is given up to whoever is next, in the same moment, and to nobody who comes now', async () => {
    expect(await cancelEnrolment(then, first.code, { id: first.id, refund: 'none', version: 1 })).toEqual({
      done: true,
    })
    expect(await cancelEnrolment(then, first.code, { id: first.id, refund: 'none', version: 1 })).toEqual({
      done: true,
    })
    expect(await stateOf(then, second.code)).toMatchObject({ state: 'offered' })
    expect(await stateOf(then, third.code)).toEqual({ state: 'waiting', number: 1 })
    expect(made(await join(then, 'one-board')).as).toBe('waiting')
    expect(await actsOf(first.caseId)).toEqual(expect.arrayContaining(['enrolment.cancelled', 'case.closed']))
    expect(await actsOf(second.caseId)).toContain('enrolment.offered')
  })

  it('ends an offer that is not taken in its hours, and offers the place to the one after', async () => {
    const late = at('2026-12-02T20:00:01Z')
    expect(await acceptOffer(late, second.code, second.id)).toEqual({ refused: 'too-late' })
    await turnActivities(late.db)
    expect(await stateOf(late, second.code)).toMatchObject({ state: 'lapsed', because: 'offer-over' })
    expect(await stateOf(late, third.code)).toMatchObject({ state: 'offered' })
    expect(await acceptOffer(late, third.code, third.id)).toEqual({ as: 'enrolled' })
    expect(await acceptOffer(late, third.code, third.id)).toEqual({ as: 'again' })
    expect(await acceptOffer(late, first.code, third.id)).toEqual({ refused: 'not-there' })
    const receipt = await readReceipt(house, third.code)
    expect('history' in receipt && receipt.history.map(({ act }) => act)).toContain('enrolment.accepted')
  })

  it('asks for the price when a place is taken, and lets go what is not paid', async () => {
    const waiting = []
    while (waiting.length < 2) {
      const joined = made(await join(then, 'two-wheels'))
      if (joined.as === 'waiting') waiting.push(joined)
      else await pay(then, joined.caseId)
    }
    await turnActivities(then.db)
    const [one, two] = waiting as [ReturnType<typeof made>, ReturnType<typeof made>]
    const [holder] = await rows(
      sql`select e.id, e.case_id from activities.enrolment e where e.session = 'two-wheels' and e.state = 'enrolled' limit 1`,
    )
    await then.db.once(
      sql`select activities.give_up(${String(holder?.['id'])}::uuid, 'cancelled-by-person', null, 'none')`,
    )
    expect(await rows(sql`select from payments.charge where case_id = ${one.caseId}`)).toEqual([])
    expect(await acceptOffer(then, one.code, one.id)).toEqual({ as: 'held' })
    expect(await rows(sql`select total, state from payments.charge where case_id = ${one.caseId}`)).toEqual([
      { total: 11800, state: 'due' },
    ])
    const late = at('2026-12-04T20:00:01Z')
    await turnActivities(late.db)
    expect(await stateOf(late, one.code)).toMatchObject({ state: 'lapsed', because: 'not-paid' })
    expect(await rows(sql`select state from payments.charge where case_id = ${one.caseId}`)).toEqual([
      { state: 'cancelled' },
    ])
    expect(await stateOf(late, two.code)).toMatchObject({ state: 'offered' })
  })
})

describe('giving up a place', () => {
  it('gives back by the rule what was shown, and nothing where another sum was shown', async () => {
    const joined = made(await join(then, 'pottery-winter'))
    await pay(then, joined.caseId)
    await turnActivities(then.db)
    const early = at('2027-01-05T20:00:00Z')
    expect(await inHand(early, joined.code)).toMatchObject({ refundNow: 'full', back: { cents: 11800, way: 'hosted' } })
    const late = at('2027-01-12T20:00:00Z')
    const shown = { id: joined.id, refund: 'half', version: 2 } as const
    expect(await cancelEnrolment(late, joined.code, { ...shown, refund: 'full' })).toEqual({ refused: 'changed' })
    expect(await cancelEnrolment(late, joined.code, { ...shown, version: 1 })).toEqual({ refused: 'changed' })
    expect(await cancelEnrolment(late, joined.code, shown)).toEqual({ done: true })
    expect(
      await rows(sql`select r.amount, r.reason, r.state from payments.refund r join payments.charge c on c.id = r.charge
      where c.case_id = ${joined.caseId}`),
    ).toEqual([{ amount: 5900, reason: 'by-rule', state: 'waiting' }])
  })

  it('is over with the session, which completes who took part and tells who still waited', async () => {
    const player = made(await join(then, 'chess-winter'))
    const over = at('2027-03-20T20:00:00Z')
    expect(await cancelEnrolment(over, player.code, { id: player.id, refund: 'none', version: 1 })).toEqual({
      refused: 'too-late',
    })
    await turnActivities(over.db)
    expect(await stateOf(over, player.code)).toMatchObject({ state: 'completed' })
    expect(await rows(sql`select state from correspondence.casefile where id = ${player.caseId}`)).toEqual([
      { state: 'closed' },
    ])
    expect(
      await rows(
        sql`select because from activities.enrolment where session = 'one-board' and state = 'lapsed' and because = 'no-place'`,
      ),
    ).not.toEqual([])
  })
})

describe('five hundred at once', () => {
  it('on fifty places, over many connections: fifty have one each, the others a number of their own in the order they came', async () => {
    const pool = connect({ url: house.database.urls.app, role: 'cityhall_app', max: 40 })
    const app = { keys: house.keys, city: house.city, clock: house.clock, db: pool }
    const joined = await Promise.all(Array.from({ length: 500 }, () => join(app, 'rush')))
    await pool.close()
    expect(joined.filter((one) => 'refused' in one)).toEqual([])
    const [count] = await rows(sql`select count(*) filter (where state = 'enrolled')::int as places,
      count(distinct place)::int as numbers, count(*) filter (where state = 'waiting')::int as waiting,
      count(distinct turn) filter (where state = 'waiting')::int as turns from activities.enrolment where session = 'rush'`)
    expect(count).toEqual({ places: 50, numbers: 50, waiting: 450, turns: 450 })
  })

  it('could not be more than there are places by a broken program either: the tables refuse', async () => {
    const broken = (change: ReturnType<typeof sql>) => house.database.owner.once(change)
    const one = sql`(select id from activities.enrolment where session = 'rush' and state = 'waiting' limit 1)`
    await expect(
      broken(sql`update activities.enrolment set state = 'enrolled', place = 7 where id = ${one}`),
    ).rejects.toThrow(/23505/)
    await expect(
      broken(sql`update activities.enrolment set state = 'enrolled', place = 51 where id = ${one}`),
    ).rejects.toThrow(/23503/)
    await expect(broken(sql`update activities.enrolment set state = 'enrolled' where id = ${one}`)).rejects.toThrow(
      /23514/,
    )
  })
})
