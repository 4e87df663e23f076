import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../../../test/support/house.ts'
import { moveIn, openOwnSite, type Neighbour } from '../../../../test/support/people.ts'
import type { Session, SessionId } from '../../../city/index.ts'
import type { ChildId } from '../../../people/residents/index.ts'
import { sql } from '../../../plumbing/index.ts'
import { issueToken } from '../../correspondence/index.ts'
import { giveKept, showBefore, type KeptReason } from '../desk/run.ts'
import { standings } from '../standing.ts'
import { answers, openFamilies, type Families } from '../testing/families.ts'
import { importActivities } from '../import-activities.ts'
import { enrolmentNotices } from '../notices.ts'
import { join, offering, pay } from '../testing/scene.ts'
import { turnActivities } from '../turn.ts'
import { childrenPanel } from './panel.ts'
import { childRoutes } from './routes.ts'

let house: TestHouse & Readonly<{ publicUrl: string }>
let families: Families
let site: Awaited<ReturnType<typeof openOwnSite>>
let coordinator: Clerk
let outsider: Clerk

const now = Temporal.Now.instant()
const today = now.toZonedDateTimeISO('America/Los_Angeles').toPlainDate()
const afar = now.add({ hours: 24 * 30 })
const round = {
  first: today.add({ days: 30 }),
  last: today.add({ days: 30 }),
  meetings: [{ start: afar, end: afar.add({ hours: 1 }) }],
  opens: now.subtract({ hours: 1 }),
  closes: now.add({ hours: 24 * 20 }),
}

beforeAll(async () => {
  const test = await openTestHouse()
  const like = 'swimming-1-winter'
  const offered = await offering(
    test,
    test.database.owner,
    { id: 'swim-two', like, places: 2, ...round },
    { id: 'swim-kept', like, places: 3, reserve: { places: 2, until: now.add({ hours: 24 * 10 }) }, ...round },
    { id: 'swim-next', like: 'swimming-2-spring', places: 5, ...round },
    { id: 'pool-all', like: 'chess-winter', places: 5, ...round },
  )
  house = { ...offered, publicUrl: 'http://city.test' }
  families = openFamilies(house, await house.hire('ines', 'consent-clerk'))
  coordinator = await house.hire('aisha', 'recreation-coordinator')
  outsider = await house.hire('otto', 'librarian')
  site = await openOwnSite(house, {
    panels: [childrenPanel(house)],
    routes: (page) => {
      childRoutes(page, house)
    },
  })
})
afterAll(async () => {
  await site.close()
  await house.close()
})

const sessionOf = (id: string) => house.city.activities.sessions.get(id as SessionId) as Session
const rows = (query: ReturnType<typeof sql>) => house.database.owner.once<Record<string, unknown>>(query)
const rowOf = async (child: ChildId) =>
  (
    await rows(
      sql`select id, case_id, state, before, because, price, passed, version from activities.enrolment where child = ${child}`,
    )
  )[0] ?? {}
const stateOf = async (child: ChildId) => (await rowOf(child))['state']
const actsOf = async (child: ChildId) =>
  (
    await rows(sql`select l.act, l.actor_kind as kind, l.detail from ledger.entry l join activities.enrolment e on e.case_id = l.case_id
    where e.child = ${child} and l.act like 'enrolment.%' order by l.at, l.subject_count`)
  ).map(({ act, kind, detail }) => `${String(act)} ${String(kind)} ${String(detail)}`)

/** A mother with children whose consents are there. */
async function familyOf(name: string, firstNames: readonly string[], id: string) {
  const mother = await moveIn(house, name)
  const children: ChildId[] = []
  for (const firstName of firstNames) {
    const child = await families.child(mother, firstName)
    await families.consents(mother, child, { session: sessionOf(id) })
    children.push(child)
  }
  return { mother, children }
}
/** What a browser posts on the page for several. */
function together(mother: Neighbour, id: string, children: readonly ChildId[], more: Record<string, string> = {}) {
  const each = children.flatMap((child, n) => [
    [`with-${child}`, 'yes'],
    [`${String(n)}-token`, issueToken(house.keys)],
    ...Object.entries(answers).map(([field, text]) => [`${String(n)}-${field}`, text]),
  ])
  return site.post(mother, `/me/activities/${id}/together`, {
    ...Object.fromEntries(each),
    group: 'full',
    ...more,
  } as Record<string, string>)
}
const giveUp = (child: ChildId) =>
  rows(
    sql`select activities.give_up(id, 'cancelled-by-person', null, 'none') from activities.enrolment where child = ${child}`,
  )

describe('brothers and sisters', () => {
  let one: Awaited<ReturnType<typeof familyOf>>
  let two: Awaited<ReturnType<typeof familyOf>>
  let single: Awaited<ReturnType<typeof familyOf>>
  const [first, second] = [0, 1] as const
  const of = (family: typeof one, n: 0 | 1) => family.children[n] ?? expect.unreachable()

  it('are signed up together by one page: all have places at once, the second at the sibling price', async () => {
    one = await familyOf('Rosa Two', ['Maya', 'Leo'], 'swim-two')
    const choice = await site.get(one.mother, '/me/activities/swim-two')
    expect(choice.text).toContain('Sign several up together')
    expect(choice.text).toContain('That can happen three times at most')
    expect((await site.get(one.mother, `/me/activities/swim-two/together?with-${of(one, first)}=yes`)).text).toContain(
      'Check two children',
    )
    const page = await site.get(
      one.mother,
      `/me/activities/swim-two/together?${one.children.map((id) => `with-${id}=yes`).join('&')}`,
    )
    expect(page.body).toContain('name="1-pickup"')
    expect((await together(one.mother, 'swim-two', one.children, { '1-pickup': ' ' })).status).toBe(422)
    expect(await rows(sql`select from activities.enrolment where session = 'swim-two'`)).toEqual([])
    expect((await together(one.mother, 'swim-two', one.children)).status).toBe(303)
    expect([await rowOf(of(one, first)), await rowOf(of(one, second))]).toMatchObject([
      { state: 'held', price: 7200 },
      { state: 'held', price: 6120 },
    ])
    expect(await actsOf(of(one, second))).toEqual([
      'enrolment.made person session=swim-two as=waiting sibling=yes together=yes',
      'enrolment.seated person session=swim-two as=held',
    ])
  })

  it('all wait where there are too few places for all of them; a child whose consent is missing keeps all from it', async () => {
    two = await familyOf('Ida Two', ['Kit', 'Kai'], 'swim-two')
    single = await familyOf('Otis', ['Wren'], 'swim-two')
    const without = await families.child(two.mother, 'New')
    expect((await together(two.mother, 'swim-two', [...two.children, without])).text).toContain(
      'First give your consent for New',
    )
    expect((await together(two.mother, 'swim-two', two.children)).status).toBe(303)
    expect(await families.signUp(single.mother, of(single, first), { session: sessionOf('swim-two') })).toMatchObject({
      as: 'waiting',
    })
    expect([await stateOf(of(two, first)), await stateOf(of(two, second))]).toEqual(['waiting', 'waiting'])
    expect((await site.get(two.mother, `/me/activities/swim-two/${of(two, first)}`)).text).toContain(
      'Waits together with Kai',
    )
  })

  it('are not offered less than they need: one free place goes to who needs no more, and they are counted as passed over', async () => {
    await giveUp(of(one, first))
    expect(await stateOf(of(single, first))).toBe('offered')
    expect(await rowOf(of(two, first))).toMatchObject({ state: 'waiting', passed: 1 })
    expect(await rowOf(of(two, second))).toMatchObject({ state: 'waiting', passed: 1 })
  })

  it('are offered all their places together, and take all of them by one press, or none', async () => {
    await rows(sql`update activities.enrolment set passed = 3 where child = any (${two.children}::uuid[])`)
    await giveUp(of(single, first))
    expect(await stateOf(of(two, first))).toBe('waiting')
    expect((await standings(house.db)).get('swim-two' as SessionId)).toMatchObject({ free: 1 })
    const late = await familyOf('Late', ['Zoe'], 'swim-two')
    expect(await families.signUp(late.mother, of(late, first), { session: sessionOf('swim-two') })).toMatchObject({
      as: 'waiting',
    })
    await turnActivities(house.database.owner)
    expect(await stateOf(of(late, first))).toBe('waiting')
    await giveUp(of(one, second))
    expect([await stateOf(of(two, first)), await stateOf(of(two, second))]).toEqual(['offered', 'offered'])
    const at = `/me/activities/swim-two/${of(two, first)}`
    expect((await site.get(two.mother, at)).text).toContain('Take the places for Kit and Kai')
    await rows(
      sql`update activities.enrolment set until = now() - interval '1 second' where child = ${of(two, second)}`,
    )
    expect((await site.post(two.mother, `${at}/acceptance`, { together: 'yes' })).status).toBe(409)
    expect(await stateOf(of(two, first))).toBe('offered')
    await rows(sql`update activities.enrolment set until = now() + interval '1 hour' where child = ${of(two, second)}`)
    expect((await site.post(two.mother, `${at}/acceptance`, { together: 'yes' })).status).toBe(303)
    expect([await stateOf(of(two, first)), await stateOf(of(two, second))]).toEqual(['held', 'held'])
  })

  it('wait one by one where she says so', async () => {
    const three = await familyOf('Ana Three', ['Uma', 'Ugo'], 'swim-two')
    await together(three.mother, 'swim-two', three.children)
    const at = `/me/activities/swim-two/${of(three, first)}`
    expect((await site.get(three.mother, at)).text).toContain('Wait one by one instead')
    for (const who of [two.mother, three.mother])
      expect((await site.post(who, `${at}/waiting-alone`, {})).status).toBe(who === three.mother ? 303 : 404)
    expect((await site.get(three.mother, at)).text).not.toContain('Waits together')
    expect(await actsOf(of(three, second))).toContain('enrolment.split person session=swim-two')
  })
})

describe('places that are kept', () => {
  it('go to nobody by the public way; a clerk gives them with a reason, which is in the ledger', async () => {
    const four = await familyOf('Kim', ['Ari', 'Bo', 'Cy', 'Di'], 'swim-kept')
    const got: unknown[] = []
    for (const child of four.children)
      got.push(await families.signUp(four.mother, child, { session: sessionOf('swim-kept') }))
    expect(got).toMatchObject([{ as: 'held' }, { as: 'waiting' }, { as: 'waiting' }, { as: 'waiting' }])
    expect((await standings(house.db)).get('swim-kept' as SessionId)).toMatchObject({ free: 0, kept: { places: 2 } })
    const [, bo, cy, di] = four.children as [ChildId, ChildId, ChildId, ChildId]
    const wish = async (child: ChildId, because: string) => {
      const { id, version } = await rowOf(child)
      return { id: String(id), version: Number(version), because: because as KeptReason }
    }
    expect(await giveKept(house, outsider.actor, await wish(cy, 'hardship'))).toEqual({ refused: 'not-there' })
    expect(await giveKept(house, coordinator.actor, await wish(cy, 'a friend'))).toEqual({ refused: 'no-reason' })
    expect(await giveKept(house, coordinator.actor, { ...(await wish(cy, 'hardship')), version: 9 })).toEqual({
      refused: 'changed',
    })
    expect(await giveKept(house, coordinator.actor, await wish(cy, 'hardship'))).toEqual({ done: true })
    expect(await giveKept(house, coordinator.actor, await wish(cy, 'hardship'))).toEqual({ refused: 'ended' })
    expect(await rowOf(cy)).toMatchObject({ state: 'held', version: 2 })
    expect(await actsOf(cy)).toContain('enrolment.kept-given staff session=swim-kept because=hardship as=held')
    expect(
      await rows(sql`select total from payments.charge where case_id = ${String((await rowOf(cy))['case_id'])}`),
    ).toHaveLength(1)
    // When the day has come they are everybody’s: the first in line is offered the one that is left.
    await rows(
      sql`update activities.place set kept_until = now() - interval '1 second' where session = 'swim-kept' and kept_until is not null`,
    )
    await turnActivities(house.database.owner)
    expect([await stateOf(bo), await stateOf(di)]).toEqual(['offered', 'waiting'])
    expect(await giveKept(house, coordinator.actor, await wish(di, 'counter'))).toEqual({ refused: 'none-kept' })
  })
})

describe('what has to be done first', () => {
  it('is shown at the desk before the place stands: a clerk has seen it, nothing of it is kept', async () => {
    const { mother, children } = await familyOf('Eva', ['Max', 'Mia'], 'swim-next')
    const [max, mia] = children as [ChildId, ChildId]
    for (const child of children)
      expect(await families.signUp(mother, child, { session: sessionOf('swim-next'), said: true })).toMatchObject({
        as: 'held',
      })
    const page = await site.get(mother, `/me/activities/swim-next/${max}`)
    expect(page.text).toContain('once you have shown that what comes first is done')
    await pay({ ...house, db: house.database.owner }, String((await rowOf(max))['case_id']))
    await turnActivities(house.database.owner)
    expect(await rowOf(max)).toMatchObject({ state: 'held', before: 'said' })
    const { id, version } = await rowOf(max)
    const seen = { id: String(id), version: Number(version) }
    expect(await showBefore(house, outsider.actor, seen)).toEqual({ refused: 'not-there' })
    expect(await showBefore(house, coordinator.actor, { ...seen, version: 77 })).toEqual({ refused: 'changed' })
    expect(await showBefore(house, coordinator.actor, seen)).toEqual({ done: true })
    expect(await showBefore(house, coordinator.actor, seen)).toEqual({ done: true })
    expect(await rowOf(max)).toMatchObject({ state: 'enrolled', before: 'shown' })
    expect(await actsOf(max)).toContain('enrolment.shown staff session=swim-next')
    // Never shown: it ends, and what was paid goes back.
    await pay({ ...house, db: house.database.owner }, String((await rowOf(mia))['case_id']))
    await rows(sql`update activities.enrolment set until = now() - interval '1 second' where child = ${mia}`)
    await turnActivities(house.database.owner)
    expect(await rowOf(mia)).toMatchObject({ state: 'cancelled-by-city', because: 'not-shown' })
    expect(await rows(sql`select reason from payments.refund`)).toEqual([{ reason: 'by-rule' }])
  })
})

describe('what the city tells those who take part', () => {
  it('reaches an adult and the guardian of a child once, when the days have changed', async () => {
    const mother = await moveIn(house, 'Mail')
    const id = await families.child(mother, 'Ben', today.subtract({ years: 12 }))
    await families.consents(mother, id, { session: sessionOf('pool-all') })
    expect(await families.signUp(mother, id, { session: sessionOf('pool-all') })).toMatchObject({ as: 'enrolled' })
    const adult = await join(house, 'pool-all', { email: 'adult@example.org' })
    if ('refused' in adult) throw new Error(adult.refused)
    const before = sessionOf('pool-all')
    const meetings = before.meetings.map(({ start, end }) => ({
      start: start.add({ hours: 2 }),
      end: end.add({ hours: 2 }),
    }))
    const sessions = new Map([...house.city.activities.sessions, [before.id, { ...before, meetings }] as const])
    const city = { ...house.city, activities: { ...house.city.activities, sessions } }
    for (let again = 0; again < 2; again += 1)
      await house.database.owner.transaction((tx) => importActivities(tx, city))
    const mails =
      await rows(sql`select m.id, e.child from correspondence.mail m join activities.notice n on n.mail = m.id
      join activities.enrolment e on e.id = n.enrolment where n.news = 'moved' and m.state = 'waiting' order by e.child nulls last`)
    expect(mails.map(({ child }) => child)).toEqual([id, null])
    const notices = await enrolmentNotices(city, house.keys)(house.database.keeper, mails.map((one) => String(one['id']))) // prettier-ignore
    for (const notice of notices.values())
      expect(notice('en').words).toContain('The days or hours are others than when you signed up.')
  })
})
