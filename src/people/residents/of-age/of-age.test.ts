import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Temporal } from 'temporal-polyfill'
import { openTestHouse, type Clerk, type TestHouse } from '../../../../test/support/house.ts'
import { sql, type OutgoingMail } from '../../../plumbing/index.ts'
import { actAtCounter, findPeople, peopleInHand } from '../desk/find-people.ts'
import {
  addChild,
  comeOfAge,
  enterResident,
  ofAgeToken,
  openPage,
  postToPeople,
  tellGuardians,
  type ChildId,
} from '../index.ts'
import { moveIn, type Neighbour } from '../testing/move-in.ts'

let house: TestHouse
let rosa: Neighbour
let ines: Clerk
let dana: Clerk
const sent: OutgoingMail[] = []
const today = Temporal.Now.plainDateISO('America/Los_Angeles')
const born = (age: number, days = 0) => today.subtract({ years: age }).add({ days }).toString()
beforeAll(async () => {
  house = await openTestHouse()
  rosa = await moveIn(house, 'Rosa Vega')
  ines = await house.hire('ines', 'consent-clerk')
  dana = await house.hire('dana', 'works-dispatcher')
})
afterAll(() => house.close())

async function add(who: Neighbour, firstName: string, birthday: string): Promise<ChildId> {
  return house.db.transaction(async (tx) => {
    await enterResident(tx, who.actor)
    const added = await addChild(tx, house.keys, 'parent', { firstName, born: birthday })
    if ('refused' in added) throw new Error(added.refused)
    return added.child
  })
}
const office = () => ({ keeper: house.database.keeper, keys: house.keys, city: house.city, clock: house.clock })
const onDay = (days: number) => ({
  ...office(),
  clock: { now: () => house.clock.now().add({ hours: 24 * days }) },
})
const names = async (who: Neighbour) =>
  (await openPage(house, who.actor, (_tx, { children }) => children.map(({ about }) => about.firstName)))?.sort()
const owner = async <T>(text: ReturnType<typeof sql>) => (await house.database.owner.once<{ is: T }>(text))[0]?.is
const deliver = async () => {
  const mailer = {
    send: (mail: OutgoingMail) => (sent.push(mail), Promise.resolve({ sent: true } as const)),
    close: () => undefined,
  }
  await postToPeople({ ...office(), codesOnDesk: false, mailer }, (error) => {
    throw error as Error
  })
}

describe('who is eighteen', () => {
  it('decides alone from that day on, also where the worker missed the day, and nobody else does', async () => {
    await comeOfAge(office())
    await add(rosa, 'Tomorrow', born(18, 1))
    await add(rosa, 'InThreeDays', born(18, 3))
    await add(rosa, 'Younger', born(12))
    expect(await comeOfAge(office())).toBe(0)
    expect(await names(rosa)).toEqual(['InThreeDays', 'Tomorrow', 'Younger'])
    expect(await comeOfAge(onDay(1))).toBe(1)
    expect(await names(rosa)).toEqual(['InThreeDays', 'Younger'])
    expect(await Promise.all([comeOfAge(onDay(9)), comeOfAge(onDay(9))]).then((done) => done.sort())).toEqual([0, 1])
    expect(await names(rosa)).toEqual(['Younger'])
  })

  it('is told of to each guardian by one mail on the day', async () => {
    await tellGuardians(office())
    await tellGuardians(office())
    await deliver()
    const mails = sent.filter(({ to }) => to === rosa.email).map(({ subject }) => subject)
    expect(mails.sort()).toEqual(['From today InThreeDays decides alone', 'From today Tomorrow decides alone'])
  })

  it('is handed to the rooms above in the same transaction', async () => {
    await house.database.owner.once(sql`create table residents.heard (child uuid, at xid8)`)
    await house.database.owner.once(sql`create function residents.hear(p_ids uuid[]) returns text language sql as $$
      insert into residents.heard select unnest(p_ids), pg_current_xact_id() returning null::text $$`)
    await house.database.owner.once(sql`insert into residents.follower values ('test', 'of-age', 'residents.hear')`)
    const child = await add(rosa, 'Heard', born(18, 20))
    expect(await comeOfAge(onDay(30))).toBe(1)
    expect(await owner(sql`select child as is from residents.heard`)).toBe(child)
    await house.database.owner.once(sql`delete from residents.follower where room = 'test'`)
  })

  it('born on 29 February is of age on 1 March, where the year has no such day', () => {
    const same = (one: string, other: string) => ofAgeToken(house.keys, one).equals(ofAgeToken(house.keys, other))
    expect(same('2008-02-29', '2008-03-01')).toBe(true)
    expect(same('2008-02-29', '2008-02-28')).toBe(false)
  })
})

describe('the counter', () => {
  const find = (actor: Clerk, words: string) => findPeople(house, actor.actor, { words, reason: 'verify' })

  it('finds a child by the birthday on a document or a guardian’s address, each look written down, and for the clerk alone', async () => {
    const leo = await moveIn(house, 'Leo Roca', 'es')
    const child = await add(leo, 'Mateo', born(10, 5))
    expect(await find(dana, born(10, 5))).toEqual({ refused: 'not-there' })
    expect(await find(ines, 'somebody')).toEqual({ refused: 'nothing-asked' })
    expect(await peopleInHand(house, ines.actor)).toEqual([])
    expect(await find(ines, born(10, 5))).toEqual({ done: true })
    expect(await peopleInHand(house, ines.actor)).toMatchObject([
      { id: child, about: { firstName: 'Mateo' }, guardians: [{ contact: { email: leo.email }, state: 'claimed' }] },
    ])
    expect(await peopleInHand(house, dana.actor)).toEqual([])
    const looks = sql`select count(*)::int as is from ledger.entry e where e.actor_kind = 'staff' and e.duty = 'consent-clerk'
      and e.reason = 'verify' and e.subject in (${leo.subject}, (select subject from residents.child where id = ${child}))`
    expect(await owner(looks)).toBe(2)
    expect(await find(ines, leo.email)).toEqual({ done: true })
    expect(await owner(looks)).toBe(2)
  })

  it('writes down that a guardian was shown, appoints another, and discharges one, but never the last', async () => {
    const leo = await moveIn(house, 'Leo Brava')
    const foster = await moveIn(house, 'Fanny Foster')
    const child = await add(leo, 'Nico', born(9, 7))
    const act = (what: Parameters<typeof actAtCounter>[3]) => actAtCounter(house, ines.actor, child, what)
    expect(await act({ act: 'attest', guardian: leo.id, kind: 'legal-guardian' })).toEqual({ refused: 'not-there' })
    await find(ines, born(9, 7))
    expect((await peopleInHand(house, ines.actor)).map(({ about }) => about.firstName)).toEqual(['Nico'])
    expect(await act({ act: 'attest', guardian: leo.id, kind: 'legal-guardian' })).toEqual({ done: true })
    expect(await act({ act: 'discharge', guardian: leo.id })).toEqual({ refused: 'last' })
    expect(await act({ act: 'appoint', email: 'nobody@example.org', kind: 'foster-parent' })).toEqual({
      refused: 'no-page',
    })
    expect(await act({ act: 'appoint', email: foster.email, kind: 'foster-parent' })).toEqual({ done: true })
    expect(await act({ act: 'discharge', guardian: leo.id })).toEqual({ done: true })
    expect([await names(leo), await names(foster)]).toEqual([[], ['Nico']])
    const shown = sql`select array_agg(kind || ' ' || state || ' ' || duty) as is from residents.guardianship
      where child = ${child} and state = 'shown'`
    expect(await owner(shown)).toEqual(['foster-parent shown consent-clerk'])
  })

  it('gives an emancipated minor the word, and her own record to her alone', async () => {
    const leo = await moveIn(house, 'Leo Norte')
    const ana = await moveIn(house, 'Ana Norte')
    const child = await add(leo, 'Ana', born(16, 9))
    const act = (what: Parameters<typeof actAtCounter>[3]) => actAtCounter(house, ines.actor, child, what)
    await find(ines, born(16, 9))
    expect(await act({ act: 'hand-over', email: ana.email })).toEqual({ refused: 'not-of-age' })
    expect(await act({ act: 'emancipate' })).toEqual({ done: true })
    expect(await act({ act: 'emancipate' })).toEqual({ refused: 'not-there' })
    expect(await names(leo)).toEqual([])
    expect(await act({ act: 'hand-over', email: leo.email })).toEqual({ refused: 'a-guardian' })
    expect(await act({ act: 'hand-over', email: 'nobody@example.org' })).toEqual({ refused: 'no-page' })
    expect(await act({ act: 'hand-over', email: ana.email })).toEqual({ done: true })
    expect(await act({ act: 'hand-over', email: rosa.email })).toEqual({ refused: 'has-page' })
    expect(await openPage(house, ana.actor, (_tx, { was }) => was.map(({ about }) => about.firstName))).toEqual(['Ana'])
    expect(await openPage(house, leo.actor, (_tx, { was, children }) => [...was, ...children])).toEqual([])
    const acts = sql`select array_agg(e.act || ' ' || e.actor_kind order by e.subject_count) as is from ledger.entry e
      join residents.child c on c.subject = e.subject where c.id = ${child} and e.act <> 'child.opened'`
    expect(await owner(acts)).toEqual(['child.added person', 'child.emancipated staff', 'child.handed-over staff'])
  })
})
