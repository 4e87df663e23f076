import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../../../test/support/house.ts'
import { moveIn, type Neighbour } from '../../../../test/support/people.ts'
import type { Programme, Session, SessionId } from '../../../city/index.ts'
import { preview, readHeld, revoke, tendConsents, type ConsentId } from '../../../people/consent/index.ts'
import type { ChildId } from '../../../people/residents/index.ts'
import { sql } from '../../../plumbing/index.ts'
import { openRoster, rosterOfToday } from '../desk/lead.ts'
import { issueToken } from '../../correspondence/index.ts'
import { answers, openFamilies, type ConsentsAsked, type Families, type SigningUp } from '../testing/families.ts'
import { houseAt, offering, pay } from '../testing/scene.ts'
import { turnActivities } from '../turn.ts'
import type { ChildEnrolled } from './enrol-child.ts'

type House = TestHouse & Readonly<{ publicUrl: string }>
let house: House
let families: Families
let leader: Clerk
let swim: Session

const now = Temporal.Now.instant()
const today = now.toZonedDateTimeISO('America/Los_Angeles').toPlainDate()
const meetings = [{ start: now.add({ minutes: 1 }), end: now.add({ hours: 1 }) }]
const round = { first: today, last: today, meetings, opens: now.subtract({ hours: 1 }), closes: now.add({ hours: 20 }) }

const afar = now.add({ hours: 24 * 30 })
const later = {
  first: today.add({ days: 30 }),
  last: today.add({ days: 30 }),
  meetings: [{ start: afar, end: afar.add({ hours: 1 }) }],
}

beforeAll(async () => {
  const test = await openTestHouse()
  const offered = await offering(
    test,
    test.database.owner,
    { id: 'swim-now', like: 'swimming-1-winter', places: 2, ...round },
    { id: 'swim-later', like: 'swimming-1-spring', places: 1, ...round, ...later },
    { id: 'swim-next', like: 'swimming-2-spring', places: 5, ...round },
    { id: 'swim-season', like: 'swimming-1-winter', places: 5, ...round },
  )
  house = { ...offered, publicUrl: 'https://city.example' }
  families = openFamilies(house, await house.hire('ines', 'consent-clerk'))
  leader = await house.hire('wade', 'aquatics-leader')
  swim = sessionOf('swim-now')
})
afterAll(() => house.close())

const sessionOf = (id: string) => house.city.activities.sessions.get(id as SessionId) as Session
const programmeOf = ({ programme: id }: Session) => house.city.activities.programmes.get(id) as Programme
const rows = (query: ReturnType<typeof sql>) => house.database.owner.once<Record<string, unknown>>(query)

const child = (of: Neighbour, firstName: string, born?: Temporal.PlainDate) => families.child(of, firstName, born)
const consents = (of: Neighbour, id: ChildId, more: ConsentsAsked = {}) =>
  families.consents(of, id, { session: swim, ...more })
const signUp = (of: Neighbour, id: ChildId, session = swim, said = false, more: SigningUp = {}) =>
  families.signUp(of, id, { session, said, ...more })

const of = (enrolled: ChildEnrolled) => ('as' in enrolled ? enrolled.as : enrolled.refused)
const stateOf = async (id: ChildId) =>
  (await rows(sql`select state, price, drawn_with <> ticket as along from activities.enrolment where child = ${id}`))[0]
const idOf = (given: ReadonlyMap<string, ConsentId>, purpose: string) => given.get(purpose) ?? expect.unreachable()

describe('a child', () => {
  it('is signed up by nobody before every needed consent is in force, and shown to be a guardian’s', async () => {
    const rosa = await moveIn(house, 'Rosa Early')
    const maya = await child(rosa, 'Maya')
    expect(of(await signUp(rosa, maya))).toBe('consent')
    await consents(rosa, maya, { shown: false })
    expect(of(await signUp(rosa, maya))).toBe('consent')
    const stranger = await moveIn(house, 'Stranger')
    await expect(signUp(stranger, maya)).rejects.toThrow('no child')
    expect(await rows(sql`select from activities.enrolment where child = ${maya}`)).toEqual([])
    expect(await rows(sql`select from consent.held`)).toEqual([])
  })

  it('is of the age on the first day, by the sealed birth date', async () => {
    const rosa = await moveIn(house, 'Rosa Young')
    const small = await child(rosa, 'Small', today.subtract({ years: 5 }).add({ days: 1 }))
    const just = await child(rosa, 'Just', today.subtract({ years: 5 }))
    await consents(rosa, small)
    await consents(rosa, just, { session: sessionOf('swim-next') })
    expect(of(await signUp(rosa, small))).toBe('age')
    expect(of(await signUp(rosa, just, sessionOf('swim-next')))).toBe('age')
  })

  it('has to have done what comes first: found here, or said by her guardian and looked at on the first day', async () => {
    const rosa = await moveIn(house, 'Rosa Level')
    const maya = await child(rosa, 'Maya')
    const next = sessionOf('swim-next')
    await consents(rosa, maya, { session: next })
    expect(of(await signUp(rosa, maya, next))).toBe('before')
    expect(of(await signUp(rosa, maya, next, true))).toBe('held')
    expect(await rows(sql`select before from activities.enrolment where child = ${maya}`)).toEqual([{ before: 'said' }])
    expect(of(await signUp(rosa, maya, next, true))).toBe('again')
  })
})

describe('signing a child up', () => {
  it('twice by the same page is once, and leads to the same receipt', async () => {
    const rosa = await moveIn(house, 'Rosa Twice')
    const maya = await child(rosa, 'Maya')
    const session = sessionOf('swim-next')
    await consents(rosa, maya, { session })
    const token = issueToken(house.keys)
    const first = await signUp(rosa, maya, session, true, { token })
    const second = await signUp(rosa, maya, session, true, { token })
    expect(second).toEqual({ code: 'code' in first && first.code, as: 'again' })
    expect(await rows(sql`select count(*)::int as n from activities.enrolment where child = ${maya}`)).toEqual([
      { n: 1 },
    ])
  })

  it('needs what its notice calls needed, whatever a program names', async () => {
    const rosa = await moveIn(house, 'Rosa Less')
    const maya = await child(rosa, 'Maya')
    const session = sessionOf('swim-next')
    const yes = await consents(rosa, maya, { session })
    const pickUp = [idOf(yes, 'pick-up')]
    const seen = await preview(house, rosa.actor, pickUp)
    await revoke(house, rosa.actor, pickUp, seen?.digest ?? '')
    const only = programmeOf(session).purposes.filter(({ id }) => id === 'taking-part')
    expect(of(await signUp(rosa, maya, session, true, { purposes: only }))).toBe('consent')
  })
})

describe('brothers and sisters, a full session, and the end of a consent', () => {
  let rosa: Neighbour
  let maya: ChildId
  let leo: ChildId
  let waits: ChildId
  let given: ReadonlyMap<string, ConsentId>

  it('a child has a place; what was asked is sealed under its consent, and her letter says nothing of her', async () => {
    rosa = await moveIn(house, 'Rosa Vega')
    maya = await child(rosa, 'Maya')
    leo = await child(rosa, 'Leo')
    given = await consents(rosa, maya)
    expect(of(await signUp(rosa, maya))).toBe('held')
    const held = await readHeld(house, rosa.actor, [...given.values()], { purpose: 'own-page', reason: 'look' })
    expect(held.map(({ text }) => text).sort()).toEqual(Object.values(answers).sort())
    expect(await rows(sql`select from consent.held where position('Lena'::bytea in sealed) > 0`)).toEqual([])
    const [entry] =
      await rows(sql`select e.detail from ledger.entry e join activities.enrolment x on x.case_id = e.case_id
      where x.child = ${maya} and e.act = 'enrolment.made'`)
    expect(entry).toEqual({ detail: 'session=swim-now as=held' })
  })

  it('a brother in the same session pays less, and whoever comes to a full session waits', async () => {
    await consents(rosa, leo, { no: ['medical'] })
    expect(of(await signUp(rosa, leo))).toBe('held')
    expect(await stateOf(maya)).toMatchObject({ price: 7200 })
    expect(await stateOf(leo)).toMatchObject({ price: 6120 })
    const other = await moveIn(house, 'Otis')
    waits = await child(other, 'Wren')
    await consents(other, waits)
    expect(of(await signUp(other, waits))).toBe('waiting')
  })

  it('the leader of the day reads names, who picks up and what helps; nobody else does, and each look is written down', async () => {
    expect((await rosterOfToday(house, leader.actor, swim.id))?.people.some(({ name }) => name !== undefined)).toBe(
      false,
    )
    await openRoster(house, leader.actor, swim.id)
    const roster = await rosterOfToday(house, leader.actor, swim.id)
    expect(roster?.people.map(({ name }) => name)).toEqual(['Maya', 'Maya'])
    expect(roster?.people[0]?.held).toEqual(answers)
    expect(roster?.people[1]?.held).toEqual({ name: answers.name, pickup: answers.pickup })
    expect(JSON.stringify(roster)).not.toContain('Rosa')
    const camp = await house.hire('cam', 'recreation-leader')
    expect(await rosterOfToday(house, camp.actor, swim.id)).toBeUndefined()
    expect(await readHeld(house, camp.actor, [...given.values()], { purpose: 'lead-session', reason: 'lead' })).toEqual(
      [],
    )
    const looks =
      await rows(sql`select e.duty, e.reason from ledger.entry e join consent.consent c on c.subject = e.subject
      where c.id = ${idOf(given, 'medical')} and e.act = 'consent.opened' and e.actor_kind = 'staff'`)
    expect(looks).toEqual([{ duty: 'aquatics-leader', reason: 'lead' }])
  })

  it('on the day before and the day after her leader reads nothing; another leader, who runs it and who verifies never do', async () => {
    const camp = await house.hire('camilo', 'recreation-leader')
    const runs = await house.hire('rita', 'recreation-coordinator')
    const verifies = await house.hire('vera', 'consent-clerk')
    const away = [[leader, -24], [leader, 24], [camp, 0], [runs, 0], [verifies, 0]] as const // prettier-ignore
    for (const [who, hours] of away) {
      const then = { ...house, ...houseAt(house, house.database.owner, now.add({ hours }).toString()) }
      expect(await openRoster(then, who.actor, swim.id)).toBe(false)
      expect(await rosterOfToday(then, who.actor, swim.id)).toBeUndefined()
      const why = { purpose: 'lead-session', reason: 'lead' }
      expect(await readHeld(then, who.actor, [...given.values()], why)).toEqual([])
    }
    expect(
      await readHeld(house, leader.actor, [...given.values()], { purpose: 'lead-session', reason: 'lead' }),
    ).toHaveLength(3)
  })

  it('without what it did not need she takes part on; the leader reads it no more', async () => {
    const medical = [idOf(given, 'medical')]
    const seen = await preview(house, rosa.actor, medical)
    expect(seen?.follows.map(({ code }) => code)).toContain('takes-part-on')
    expect(await revoke(house, rosa.actor, medical, seen?.digest ?? '')).toHaveProperty('done')
    expect(await stateOf(maya)).toMatchObject({ state: 'held' })
    expect((await rosterOfToday(house, leader.actor, swim.id))?.people[0]?.held).toEqual({
      name: answers.name,
      pickup: answers.pickup,
    })
  })

  it('without what it needed her place ends and is offered to whoever is next, as the preview said', async () => {
    const [row] = await rows(sql`select case_id from activities.enrolment where child = ${maya}`)
    await pay({ ...house, db: house.database.owner }, String(row?.['case_id']))
    await turnActivities(house.database.owner)
    const needed = [idOf(given, 'pick-up')]
    const seen = await preview(house, rosa.actor, needed)
    expect(
      seen?.follows
        .filter(({ thing }) => thing === 'activity:swim-now')
        .map(({ code, detail }) => `${code} ${detail ?? ''}`.trim()),
    ).toEqual(expect.arrayContaining(['place-ends', 'place-offered']))
    expect(await stateOf(maya)).toMatchObject({ state: 'enrolled' })
    expect(await revoke(house, rosa.actor, needed, seen?.digest ?? '')).toHaveProperty('done')
    expect(await stateOf(maya)).toMatchObject({ state: 'cancelled-by-person' })
    expect(await stateOf(waits)).toMatchObject({ state: 'offered' })
    expect(await stateOf(leo)).toMatchObject({ state: 'held' })
    expect((await rosterOfToday(house, leader.actor, swim.id))?.people).toHaveLength(1)
  })

  it('what was paid goes back by the rule in the same transaction, as the preview said', async () => {
    const ida = await moveIn(house, 'Ida')
    const kit = await child(ida, 'Kit')
    const session = sessionOf('swim-later')
    const yes = await consents(ida, kit, { session })
    expect(of(await signUp(ida, kit, session))).toBe('held')
    const [row] = await rows(sql`select case_id from activities.enrolment where child = ${kit}`)
    await pay({ ...house, db: house.database.owner }, String(row?.['case_id']))
    const needed = [idOf(yes, 'taking-part')]
    const seen = await preview(house, ida.actor, needed)
    expect(seen?.follows.find(({ code }) => code === 'paid-back')?.detail).toBe('cents=7200')
    expect(await rows(sql`select from payments.refund`)).toEqual([])
    expect(await revoke(house, ida.actor, needed, seen?.digest ?? '')).toHaveProperty('done')
    expect(await rows(sql`select amount, reason from payments.refund`)).toEqual([{ amount: 7200, reason: 'by-rule' }])
  })
})

describe('a season', () => {
  it('carries nobody into the next one: its consents end with it, what was no record is gone, and the next is asked anew', async () => {
    const mother = await moveIn(house, 'Rosa Season')
    const round = sessionOf('swim-season')
    const { id } = await families.enrolled(mother, 'Mo', round)
    await rows(
      sql`update activities.enrolment set state = 'completed', until = null, ended_at = now() where child = ${id}`,
    )
    const states = async (days: number) => {
      await tendConsents(houseAt(house, house.database.owner, now.add({ hours: 24 * days }).toString()).db)
      return rows(
        sql`select c.state, s.state as key from consent.consent c join vault.subject s on s.id = c.subject where c.child = ${id} order by 1, 2`,
      )
    }
    expect(await states(29)).toEqual(Array(3).fill({ state: 'in-force', key: 'in-use' }))
    expect(await states(32)).toEqual([
      { state: 'expired', key: 'destroyed' },
      { state: 'expired', key: 'withdrawn' },
      { state: 'expired', key: 'withdrawn' },
    ])
    expect(await rows(sql`select session, state from activities.enrolment where child = ${id}`)).toEqual([
      { session: 'swim-season', state: 'completed' },
    ])
    for (const next of ['swim-next', 'swim-season']) {
      expect(of(await signUp(mother, id, sessionOf(next), true))).toBe('consent')
    }
  })
})
