import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../../../test/support/house.ts'
import { moveIn, openOwnSite, type Neighbour } from '../../../../test/support/people.ts'
import type { Session, SessionId } from '../../../city/index.ts'
import { object, preview, revoke } from '../../../people/consent/index.ts'
import type { ChildId } from '../../../people/residents/index.ts'
import { sql } from '../../../plumbing/index.ts'
import { issueToken } from '../../correspondence/index.ts'
import { answers, openFamilies, type Families } from '../testing/families.ts'
import { offering, pay } from '../testing/scene.ts'
import { turnActivities } from '../turn.ts'
import { childrenPanel } from './panel.ts'
import { childRoutes } from './routes.ts'

let house: TestHouse & Readonly<{ publicUrl: string }>
let families: Families
let site: Awaited<ReturnType<typeof openOwnSite>>

const now = Temporal.Now.instant()
const today = now.toZonedDateTimeISO('America/Los_Angeles').toPlainDate()
const afar = now.add({ hours: 24 * 30 })
const round = {
  first: today.add({ days: 30 }),
  last: today.add({ days: 30 }),
  meetings: [{ start: afar, end: afar.add({ hours: 1 }) }],
  opens: now.subtract({ hours: 1 }),
  closes: now.add({ hours: 20 }),
}

beforeAll(async () => {
  const test = await openTestHouse()
  const one = { like: 'swimming-1-winter', places: 1, ...round }
  const offered = await offering(
    test,
    test.database.owner,
    ...['one', 'two', 'three', 'four', 'five', 'six'].map((id) => ({ id: `swim-${id}`, ...one })),
  )
  house = { ...offered, publicUrl: 'http://city.test' }
  families = openFamilies(house, await house.hire('ines', 'consent-clerk'))
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
const statesOf = async (child: ChildId) =>
  (await rows(sql`select state from activities.enrolment where child = ${child}`)).map(({ state }) => state)
const nextTo = async (child: ChildId): Promise<Neighbour> => {
  const made = await moveIn(house, `Omar ${child.slice(0, 8)}`)
  await rows(sql`insert into residents.guardianship (resident, child, kind) values (${made.id}, ${child}, 'parent')`)
  return made
}
/** What the page of giving up says, and so what a browser sends. */
async function shownTo(who: Neighbour, at: string) {
  const { body } = await site.get(who, `${at}/cancellation`)
  const field = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(body)?.[1] ?? ''
  return { refund: field('refund'), version: field('version') }
}
/** A full session: who has its place, and a child who is offered it. */
async function offeredIn(id: string) {
  const session = sessionOf(id)
  const rosa = await moveIn(house, `Rosa ${id}`)
  const first = await moveIn(house, `Otis ${id}`)
  const has = await families.enrolled(first, 'Wren', session)
  const maya = await families.enrolled(rosa, 'Maya', session)
  const at = `/me/activities/${id}/${maya.id}`
  const free = async () => {
    const its = `/me/activities/${id}/${has.id}`
    expect((await site.post(first, `${its}/cancellation`, await shownTo(first, its))).status).toBe(303)
    expect(await statesOf(maya.id)).toEqual(['offered'])
  }
  return { session, rosa, maya, at, free }
}

describe('a guardian, at her own page', () => {
  it('sees the child’s number, takes the place when it is offered, and pays: pressing twice is once', async () => {
    const { rosa, maya, at, free } = await offeredIn('swim-one')
    expect((await site.get(rosa, '/me')).text).toContain('You are number 1 on the waiting list')
    expect((await site.get(rosa, at)).text).toContain('You are number 1 on the waiting list')
    expect((await site.post(rosa, `${at}/acceptance`, {})).status).toBe(409)
    await free()
    expect((await site.get(rosa, '/me')).body).toContain(`action="${at}/acceptance"`)
    expect((await site.post(rosa, `${at}/acceptance`, {})).to).toBe(at)
    expect((await site.post(rosa, `${at}/acceptance`, {})).to).toBe(at)
    const page = await site.get(rosa, at)
    expect(page.text).toContain('A place is held for you until')
    expect(page.body).toMatch(/href="\/pay\/\d{12}"/)
    expect(await statesOf(maya.id)).toEqual(['held'])
    const accepted =
      await rows(sql`select actor_kind, detail from ledger.entry e join activities.enrolment x on x.case_id = e.case_id
      where x.child = ${maya.id} and act = 'enrolment.accepted'`)
    expect(accepted).toEqual([{ actor_kind: 'person', detail: 'session=swim-one as=held' }])
  })

  it('is told that an offer is over, and nothing is taken', async () => {
    const { rosa, maya, at, free } = await offeredIn('swim-two')
    await free()
    await rows(sql`update activities.enrolment set until = now() - interval '1 second' where child = ${maya.id}`)
    const late = await site.post(rosa, `${at}/acceptance`, {})
    expect([late.status, late.text.includes('This offer is over')]).toEqual([409, true])
    await turnActivities(house.database.owner)
    expect((await site.post(rosa, `${at}/acceptance`, {})).text).toContain('This offer is over')
    expect(await statesOf(maya.id)).toEqual(['lapsed'])
    const gone = await site.get(rosa, `${at}/cancellation`)
    expect(gone.text).toContain('The place that was offered was not taken in time.')
  })

  it('finds an offer withdrawn by a consent that was taken back meanwhile, and reads why', async () => {
    const { rosa, maya, at, free } = await offeredIn('swim-three')
    await free()
    const needed = [maya.given.get('pick-up') ?? expect.unreachable()]
    const seen = await preview(house, rosa.actor, needed)
    expect(await revoke(house, rosa.actor, needed, seen?.digest ?? '')).toHaveProperty('done')
    const after = await site.post(rosa, `${at}/acceptance`, {})
    expect(after.status).toBe(409)
    expect(after.text).toContain('It was given up or ended a moment ago.')
    expect(after.text).toContain('because a consent that it needs was taken back')
    expect(
      await rows(sql`select from payments.charge c join activities.enrolment e on e.case_id = c.case_id
      where e.child = ${maya.id}`),
    ).toEqual([])
  })

  it('takes nothing while the other guardian objects to what it needs', async () => {
    const { rosa, maya, at, free } = await offeredIn('swim-four')
    const omar = await nextTo(maya.id)
    await free()
    expect(await object(house, omar.actor, maya.given.get('pick-up') ?? expect.unreachable())).toEqual({ done: true })
    for (const who of [rosa, omar]) {
      const stopped = await site.post(who, `${at}/acceptance`, {})
      expect([stopped.status, stopped.text.includes('Two guardians do not agree')]).toEqual([409, true])
    }
    expect(await statesOf(maya.id)).toEqual(['offered'])
  })

  it('and the other guardian, at the same moment: one acts, the other reads how it stands now', async () => {
    const { rosa, maya, at, free } = await offeredIn('swim-five')
    const omar = await nextTo(maya.id)
    await free()
    const shown = await shownTo(omar, at)
    const [takes, gives] = await Promise.all([
      site.post(rosa, `${at}/acceptance`, {}),
      site.post(omar, `${at}/cancellation`, shown),
    ])
    const [state] = await statesOf(maya.id)
    if (state === 'held') expect([takes.status, gives.status]).toEqual([303, 409])
    else expect([state, takes.status, gives.status]).toEqual(['cancelled-by-person', 409, 303])
    const loser = state === 'held' ? gives : takes
    expect(loser.text).toMatch(/Something changed while this page was open|It was given up or ended a moment ago/)
    expect(await site.post(omar, `${at}/cancellation`, { refund: 'all', version: 'x' })).toMatchObject({ status: 404 })
  })

  it('gives a place up with what goes back shown first; the copy she takes has all of it', async () => {
    const ida = await moveIn(house, 'Ida')
    const kit = await families.enrolled(ida, 'Kit', sessionOf('swim-six'))
    const at = `/me/activities/swim-six/${kit.id}`
    const stranger = await moveIn(house, 'Stranger')
    for (const address of [at, `${at}/cancellation`]) expect((await site.get(stranger, address)).status).toBe(404)
    const [row] = await rows(sql`select case_id from activities.enrolment where child = ${kit.id}`)
    await pay({ ...house, db: house.database.owner }, String(row?.['case_id']))
    await turnActivities(house.database.owner)
    const asked = await site.get(ida, `${at}/cancellation`)
    expect(asked.text).toContain('All that you paid goes back to you.')
    expect(asked.text).toContain('$72.00 goes back by itself')
    expect(asked.text).toMatch(/This holds until \w+/)
    const shown = await shownTo(ida, at)
    for (const who of [stranger, ida])
      expect((await site.post(who, `${at}/cancellation`, shown)).status).toBe(who === ida ? 303 : 404)
    expect((await site.post(ida, `${at}/cancellation`, shown)).status).toBe(303)
    expect((await site.get(ida, `${at}/cancellation`)).text).toContain('You gave it up. All that you paid goes back')
    expect(await rows(sql`select amount from payments.refund`)).toEqual([{ amount: 7200 }])
    const copy = JSON.parse((await site.post(ida, '/me/copy', {})).body) as { activities: unknown[] }
    expect(copy.activities).toEqual([
      expect.objectContaining({ firstName: 'Kit', session: 'swim-six', state: 'cancelled-by-person', refund: 'full' }),
    ])
    const other = JSON.parse((await site.post(stranger, '/me/copy', {})).body) as { activities: unknown[] }
    expect(other.activities).toEqual([])
  })
})

it('signed up by two guardians and eight pages at the same moment, a child is in it once; the others read how she stands', async () => {
  const rosa = await moveIn(house, 'Rosa Once')
  const session = sessionOf('swim-one')
  const maya = await families.child(rosa, 'Maya')
  await families.consents(rosa, maya, { session })
  const omar = await nextTo(maya)
  const at = `/me/activities/swim-one/${maya}`
  const posted = await Promise.all(
    Array.from({ length: 8 }, (_, n) =>
      site.post(n % 2 === 0 ? rosa : omar, at, { ...answers, group: 'full', token: issueToken(house.keys) }),
    ),
  )
  expect(posted.map(({ status }) => status).sort()).toEqual([303, ...Array<number>(7).fill(409)])
  for (const { text } of posted.filter(({ status }) => status === 409)) {
    expect(text).toContain('signed up for this already')
    expect(text).toContain('You are number 1 on the waiting list')
  }
  expect(await statesOf(maya)).toEqual(['waiting'])
  const letters = await rows(sql`select from correspondence.casefile c join activities.enrolment e on e.case_id = c.id
    where e.child = ${maya}`)
  expect(letters).toHaveLength(1)
})
