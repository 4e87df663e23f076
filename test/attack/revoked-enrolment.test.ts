import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Session, SessionId } from '../../src/city/index.ts'
import { preview, readHeld, revoke, type ConsentId } from '../../src/people/consent/index.ts'
import { openDeskSite } from '../../src/people/consent/testing/desk-site.ts'
import { openTown, type Town } from '../../src/people/consent/testing/town.ts'
import type { ChildId } from '../../src/people/residents/index.ts'
import { sql } from '../../src/plumbing/index.ts'
import {
  activitiesDeskRoutes,
  activitiesRoutes,
  childRoutes,
  childrenPanel,
  enrolmentNotices,
  openRoster,
  rosterOfToday,
} from '../../src/services/activities/index.ts'
import { newId } from '../../src/services/correspondence/index.ts'
import { openFamilies } from '../../src/services/activities/testing/families.ts'
import { offering, pay } from '../../src/services/activities/testing/scene.ts'
import { turnActivities } from '../../src/services/activities/turn.ts'
import type { Clerk } from '../support/house.ts'
import { openOwnSite, type Neighbour } from '../support/people.ts'
import { relations } from './reachable.ts'
import { told, wireTo } from './wire.ts'

/** What is said of the child for a session that meets today. */
const said = { name: 'Zacarías-Ñuñez', pickup: 'Aunt Quetzalli, 555-0142', medical: 'Levothyroxine 🐢' }
const traces = ['zacar', 'quetzalli', 'levothyrox', '🐢', Buffer.from('Levothyroxine').toString('hex')]
const holds = (text: string) => traces.filter((trace) => text.toLowerCase().includes(trace))

let town: Town
let own: Awaited<ReturnType<typeof openOwnSite>>
let desk: Awaited<ReturnType<typeof openDeskSite>>
let leader: Clerk
let rosa: Neighbour
let omar: Neighbour
let child: ChildId
let waits: ChildId
let given: ReadonlyMap<string, ConsentId>
let caseId: string
let before: { roster: string; print: string; held: number; mails: number; follows: string[] }

const now = Temporal.Now.instant()
const session = 'swim-today' as SessionId
const roster = `/desk/activities/${session}/roster`
const why = { purpose: 'lead-session', reason: 'lead' }
const rows = <R>(query: ReturnType<typeof sql>) => town.rows<R>(query)

beforeAll(async () => {
  const opened = await openTown()
  const today = now.toZonedDateTimeISO('America/Los_Angeles').toPlainDate()
  const round = {
    first: today,
    last: today,
    meetings: [{ start: now.add({ minutes: 1 }), end: now.add({ hours: 1 }) }],
    opens: now.subtract({ hours: 1 }),
    closes: now.add({ hours: 20 }),
  }
  town = await offering(opened, opened.test.database.owner, {
    id: session,
    like: 'swimming-1-winter',
    places: 1,
    ...round,
  })
  leader = await town.test.hire('wade', 'aquatics-leader')
  own = await openOwnSite(town, {
    panels: [childrenPanel(town)],
    routes: (page) => {
      childRoutes(page, town)
    },
  })
  desk = await openDeskSite(town, (routes, app) => {
    activitiesDeskRoutes(routes, town)
    activitiesRoutes(app, town)
  })
  const families = openFamilies(town, town.clerk, said)
  const its = town.city.activities.sessions.get(session) as Session
  rosa = await town.neighbour('Rosa')
  const maya = await families.enrolled(rosa, 'Maya', its)
  child = maya.id
  given = maya.given
  omar = await town.second(child)
  waits = (await families.enrolled(await town.neighbour('Otis'), 'Wren', its)).id
  const [row] = await rows<{ case_id: string }>(sql`select case_id from activities.enrolment where child = ${child}`)
  caseId = row?.case_id ?? expect.unreachable()
  await pay({ ...town, db: town.test.database.owner }, caseId)
  await turnActivities(town.test.database.owner)
  await desk.post(leader, `${roster}/openings`, {})
  await desk.post(leader, `${roster}/messages`, { id: newId(), words: 'Bring a towel.' })
  before = {
    roster: (await desk.get(leader, roster)).body,
    print: (await desk.get(leader, `${roster}/print`)).body,
    held: (await readHeld(town, leader.actor, [...given.values()], why)).length,
    mails: (await waiting()).length,
    follows: [],
  }
  const all = [...given.values()]
  const seen = await preview(town, rosa.actor, all)
  before.follows.push(...(seen?.follows ?? []).map(({ code }) => code))
  expect(await revoke(town, rosa.actor, all, seen?.digest ?? '')).toHaveProperty('done')
})
afterAll(async () => {
  await Promise.all([own.close(), desk.close()])
  await town.test.close()
})

/** The mails of her guardian's case that are still to go out. */
const waiting = () =>
  rows<{
    id: string
    news: string
  }>(sql`select m.id, n.news from correspondence.mail m join activities.notice n on n.mail = m.id
    where m.case_id = ${caseId} and m.state = 'waiting'`)

test('while the consents were in force the leader of the day read all of it, on paper only who picks her up, and mail waited', () => {
  expect(holds(before.roster)).toEqual(['zacar', 'quetzalli', 'levothyrox', '🐢'])
  expect(holds(before.print)).toEqual(['zacar', 'quetzalli'])
  expect(before.held).toBe(3)
  expect(before.mails).toBeGreaterThanOrEqual(3)
  expect(before.follows).toEqual(expect.arrayContaining(['place-ends', 'place-offered', 'mail-dropped', 'use-stops']))
})

test('the roster that is open on the leader’s desk shows nothing of her at the next request, nor the printed one, nor by a new opening', async () => {
  for (const again of [false, true]) {
    if (again) await openRoster(town, leader.actor, session)
    const { people } = (await rosterOfToday(town, leader.actor, session)) ?? expect.unreachable()
    expect(people).toEqual([])
    for (const address of [roster, `${roster}/print`, '/desk/activities'])
      expect(holds((await desk.get(leader, address)).body), address).toEqual([])
  }
  expect(await readHeld(town, leader.actor, [...given.values()], why)).toEqual([])
  const [hers] = await rows<{ id: string }>(sql`select id from activities.enrolment where child = ${child}`)
  await desk.post(leader, `${roster}/attendance`, { came: hers?.id ?? '' })
  expect(await rows(sql`select from activities.attendance`)).toEqual([])
})

test('no page of hers, of the other guardian, of who runs it or of the public site shows her, nor a calendar', async () => {
  const at = `/me/activities/${session}/${child}`
  for (const who of [rosa, omar])
    for (const address of ['/me', at, `${at}/cancellation`, `/me/activities/${session}`, `/me/consents/${child}/held`])
      expect(holds((await own.get(who, address)).body), address).toEqual([])
  expect(holds((await own.post(rosa, '/me/copy', {})).body)).toEqual([])
  const open = `/activities/swimming-1/${session}`
  for (const address of [
    `/desk/activities/${session}`,
    '/desk/activities',
    open,
    `${open}/calendar.ics`,
    '/activities/calendar.ics',
  ])
    expect(holds((await desk.get(town.coordinator, address)).body), address).toEqual([])
})

test('her place went to whoever was next, and what was paid is on its way back', async () => {
  expect(await rows(sql`select state, because from activities.enrolment where child = ${child}`)).toEqual([
    { state: 'cancelled-by-person', because: 'consent' },
  ])
  expect(await rows(sql`select state from activities.enrolment where child = ${waits}`)).toEqual([{ state: 'offered' }])
})

test('of the mail that waited one goes out, which says that it has ended and names nobody; a message to everybody reaches her no more', async () => {
  const left = await waiting()
  expect(left.map(({ news }) => news)).toEqual(['cancelled-by-person'])
  await desk.post(leader, `${roster}/messages`, { id: newId(), words: 'The pool is warm.' })
  expect(await waiting()).toEqual(left)
  const notices = await enrolmentNotices(town.city, town.keys)(town.test.database.keeper, left.map(({ id }) => id)) // prettier-ignore
  const words = [...notices.values()].map((notice) => notice('en').words).join()
  expect(words).toContain('A consent that taking part needs was taken back or ran out')
  expect(holds(words)).toEqual([])
})

test('no column of any table or view has it, as text or as bytes, for whoever owns the database', async () => {
  const wire = await wireTo(town.test.database.urls.super)
  let read = 0
  for (const { name, columns } of await relations(wire))
    for (const column of columns) {
      const found = await wire.ask(`select t.${column} as v, t.${column}::text as t from ${name} t`)
      read += found.rows.length
      expect(holds(told(found)), `${name}.${column}`).toEqual([])
    }
  expect(read).toBeGreaterThan(300)
  await wire.end()
})
