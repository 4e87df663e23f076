import type { FastifyInstance } from 'fastify'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../../../test/support/house.ts'
import { createServer, html, sql, type Clock } from '../../../plumbing/index.ts'
import { whoIs, type Desk, type Visit } from '../../../trust/need-to-know/index.ts'
import { newId, readReceipt, type House } from '../../correspondence/index.ts'
import { enrolmentNotices } from '../notices.ts'
import { houseAt, join, pay, type Joined } from '../testing/scene.ts'
import { turnActivities } from '../turn.ts'
import { activitiesDeskRoutes } from './routes.ts'

let test: TestHouse
let house: House
let app: FastifyInstance
/** A Wednesday evening in winter, on which the pottery class meets; the chess club does not. */
let time = '2027-01-14T02:00:00Z'
let leader: Clerk
let coordinator: Clerk
let outsider: Clerk
let visitor: Clerk
let ann: ReturnType<typeof made>
let ben: ReturnType<typeof made>

const now = () => houseAt(test, test.database.owner, time)
const made = (joined: Joined) => {
  if ('refused' in joined) throw new Error(joined.refused)
  return joined
}
const rows = (query: ReturnType<typeof sql>) => test.database.owner.once<Record<string, unknown>>(query)

beforeAll(async () => {
  test = await openTestHouse()
  leader = await test.hire('diego', 'recreation-leader')
  coordinator = await test.hire('aisha', 'recreation-coordinator')
  outsider = await test.hire('otto', 'librarian')
  visitor = leader
  const clock: Clock = { now: () => Temporal.Instant.from(time) }
  const db: House['db'] = {
    transaction: (work) => now().db.transaction(work),
    once: (query) => now().db.once(query),
    close: () => Promise.resolve(),
  }
  house = { keys: test.keys, city: test.city, clock, db }
  app = await createServer({
    publicUrl: 'http://city.test',
    log: { info: () => undefined, error: () => undefined },
    problemPage: ({ status }) => html`<h1>${status}</h1>`,
  })
  activitiesDeskRoutes(desk(app), house)
  time = '2026-12-01T20:00:00Z'
  ann = made(await join(now(), 'pottery-winter', { name: 'Ann Archer', email: 'ann@example.org' }))
  ben = made(await join(now(), 'pottery-winter', { name: 'Ben Brook' }))
  await pay(now(), ann.caseId)
  await turnActivities(now().db)
  time = '2026-12-02T20:00:00Z'
})
afterAll(async () => {
  await app.close()
  await test.close()
})

/** The desk's door, as it stands open for the visitor of the moment. */
function desk(server: FastifyInstance): Desk {
  const admitted = (answer: (visit: Visit) => unknown) => async (request: Visit['request'], reply: Visit['reply']) => {
    const staff = await whoIs(test.db, visitor.actor)
    if (!staff) throw new Error('nobody is signed in')
    const posted = Object.fromEntries(Object.entries((request.body ?? {}) as Record<string, string>))
    return answer({ actor: visitor.actor, staff, request, reply, posted })
  }
  return {
    get: (path, answer) => void server.get(path, admitted(answer) as never),
    post: (path, answer) => void server.post(path, admitted(answer) as never),
    postWithFiles: () => undefined,
    look: () => undefined,
  }
}
const get = async (url: string, as: Clerk) => {
  visitor = as
  const answer = await app.inject({ url })
  return { status: answer.statusCode, body: answer.body }
}
const post = async (url: string, fields: readonly (readonly [string, string])[], as: Clerk) => {
  visitor = as
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const payload = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])).toString()
  const answer = await app.inject({ method: 'POST', url, headers, payload })
  return { status: answer.statusCode, body: answer.body, to: answer.headers['location'] }
}
const roster = '/desk/activities/pottery-winter/roster'
const actsOf = async (caseId: string) =>
  (await rows(sql`select act, detail from ledger.entry where case_id = ${caseId} order by at, subject_count`)).map(
    ({ act, detail }) => `${String(act)} ${String(detail)}`,
  )

describe('whoever leads a session', () => {
  it('sees nothing of it on a day on which it does not meet, and nothing of others ever', async () => {
    expect((await get(roster, leader)).status).toBe(404)
    expect((await post(`${roster}/openings`, [], leader)).status).toBe(404)
    expect((await post(`${roster}/attendance`, [['came', ann.id]], leader)).status).toBe(404)
    expect((await get('/desk/activities', leader)).body).toContain('Walking group')
    expect((await get('/desk/activities', leader)).body).not.toContain('Pottery')
    expect((await get('/desk/activities/pottery-winter', leader)).status).toBe(404)
    time = '2027-01-14T02:00:00Z'
    expect((await get('/desk/activities', leader)).body).toContain('Pottery evenings')
    expect((await get(roster, leader)).status).toBe(200)
    expect((await get(roster, coordinator)).status).toBe(404)
    expect((await get(roster, outsider)).status).toBe(404)
    expect((await get('/desk/activities', outsider)).status).toBe(404)
    expect((await get('/desk/activities/chess-winter/roster', leader)).status).toBe(404)
  })

  it('sees case numbers until she opens the names; each look is in the ledger first, and the person reads it', async () => {
    expect((await get(roster, leader)).body).not.toMatch(/Ann Archer|Ben Brook/)
    expect((await post(`${roster}/openings`, [], leader)).to).toBe(roster)
    const open = (await get(roster, leader)).body
    expect(open).toContain('Ann Archer')
    expect(open).toContain('Ben Brook')
    expect(open).not.toContain('ann@example.org')
    expect(await actsOf(ann.caseId)).toContain('enrolment.roster-opened session=pottery-winter day=2027-01-13')
    const receipt = await readReceipt(house, ann.code)
    expect('history' in receipt && receipt.history.map(({ act }) => act)).toContain('enrolment.roster-opened')
    const printed = (await get(`${roster}/print`, leader)).body
    expect(printed).toContain('Ann Archer')
    expect(printed).not.toMatch(/example\.org|unpaid|not paid/)
    time = '2027-01-15T02:00:00Z'
    expect((await get(roster, leader)).status).toBe(404)
    time = '2027-01-14T02:00:00Z'
  })

  it('another who leads has her own looks: what one has opened is sealed to the other', async () => {
    const other = await test.hire('dana', 'recreation-leader')
    expect((await get(roster, other)).body).not.toContain('Ann Archer')
  })

  it('notes who came, once and as it is changed', async () => {
    expect(
      (
        await post(
          `${roster}/attendance`,
          [
            ['came', ann.id],
            ['came', ben.id],
          ],
          leader,
        )
      ).status,
    ).toBe(303)
    expect((await post(`${roster}/attendance`, [['came', ann.id]], leader)).status).toBe(303)
    expect((await post(`${roster}/attendance`, [['came', ann.id]], leader)).status).toBe(303)
    expect(await rows(sql`select came from activities.attendance order by came`)).toEqual([
      { came: false },
      { came: true },
    ])
    expect((await actsOf(ben.caseId)).filter((act) => act.startsWith('enrolment.attended'))).toEqual([
      'enrolment.attended session=pottery-winter day=2027-01-13 came=yes',
      'enrolment.attended session=pottery-winter day=2027-01-13 came=no',
    ])
  })
})

describe('whoever runs activities', () => {
  it('sees numbers, states and counts, and no name', async () => {
    time = '2026-12-03T20:00:00Z'
    const overview = (await get('/desk/activities', coordinator)).body
    expect(overview).toContain('Pottery evenings')
    expect(overview).not.toContain('Walking group')
    const page = (await get('/desk/activities/pottery-winter', coordinator)).body
    expect(page).toContain('held until')
    expect(page).not.toMatch(/Ann Archer|ann@example/)
    expect((await get('/desk/activities/walking-group-2027', coordinator)).status).toBe(404)
  })

  it('writes to everybody who has a place, in a mail from each case and on each receipt; twice is once', async () => {
    const id = newId()
    const words = 'Bring an apron on Wednesday.'
    const sent = await post(
      '/desk/activities/pottery-winter/messages',
      [
        ['id', id],
        ['words', words],
      ],
      coordinator,
    )
    expect(sent.status).toBe(303)
    await post(
      '/desk/activities/pottery-winter/messages',
      [
        ['id', id],
        ['words', words],
      ],
      coordinator,
    )
    const mails = await rows(
      sql`select m.id from correspondence.mail m join activities.notice n on n.mail = m.id where n.news = 'message'`,
    )
    expect(mails).toHaveLength(1)
    const ids = mails.map((one) => String(one['id']))
    const notices = await enrolmentNotices(test.city, test.keys)(test.database.keeper, ids)
    expect(notices.get(ids[0] ?? '')?.('en').words).toContain(words)
    expect(
      await rows(sql`select from activities.message where position(${Buffer.from('apron')}::bytea in sealed) > 0`),
    ).toEqual([])
    expect(
      (
        await post(
          '/desk/activities/pottery-winter/messages',
          [
            ['id', newId()],
            ['words', ' '],
          ],
          coordinator,
        )
      ).status,
    ).toBe(409)
    expect(
      (
        await post(
          '/desk/activities/pottery-winter/messages',
          [
            ['id', newId()],
            ['words', words],
          ],
          outsider,
        )
      ).status,
    ).toBe(404)
    expect(await actsOf(ben.caseId)).toContain('enrolment.messaged session=pottery-winter')
  })

  it('ends one enrolment with a reason, at the version that was seen', async () => {
    const [row] = await rows(sql`select version from activities.enrolment where id = ${ben.id}`)
    const at = `/desk/activities/pottery-winter/enrolments/${ben.id}/endings`
    const seen = ['version', String(row?.['version'])] as const
    expect((await post(at, [seen, ['because', 'no such']], coordinator)).status).toBe(409)
    expect(
      (
        await post(
          at,
          [
            ['version', '99'],
            ['because', 'asked'],
          ],
          coordinator,
        )
      ).status,
    ).toBe(409)
    expect((await post(at, [seen, ['because', 'asked']], outsider)).status).toBe(404)
    expect((await post(at, [seen, ['because', 'asked']], coordinator)).status).toBe(303)
    expect(await rows(sql`select state, because, refund from activities.enrolment where id = ${ben.id}`)).toEqual([
      { state: 'cancelled-by-city', because: 'asked', refund: 'none' },
    ])
  })

  it('cancels a session for everybody: what was paid goes back, each is told, nobody joins any more', async () => {
    const at = '/desk/activities/pottery-winter/cancellations'
    expect((await post(at, [['because', 'few-people']], coordinator)).status).toBe(409)
    expect(
      (
        await post(
          at,
          [
            ['because', 'few-people'],
            ['sure', 'yes'],
          ],
          outsider,
        )
      ).status,
    ).toBe(404)
    expect(
      (
        await post(
          at,
          [
            ['because', 'few-people'],
            ['sure', 'yes'],
          ],
          coordinator,
        )
      ).status,
    ).toBe(303)
    expect(await rows(sql`select state, because, refund from activities.enrolment where id = ${ann.id}`)).toEqual([
      { state: 'cancelled-by-city', because: 'few-people', refund: 'full' },
    ])
    expect(
      await rows(sql`select r.amount, r.reason from payments.refund r join payments.charge c on c.id = r.charge
      where c.case_id = ${ann.caseId}`),
    ).toEqual([{ amount: 11800, reason: 'by-rule' }])
    expect(
      await rows(
        sql`select n.news from activities.notice n where n.enrolment = ${ann.id} and n.news = 'cancelled-by-city'`,
      ),
    ).toHaveLength(1)
    expect(await join(now(), 'pottery-winter')).toEqual({ refused: 'called-off' })
    expect(await rows(sql`select detail from ledger.entry where act = 'session.called-off'`)).toEqual([
      { detail: 'session=pottery-winter because=few-people' },
    ])
    expect((await get('/desk/activities/pottery-winter', coordinator)).body).toContain('Cancelled: Too few people')
  })
})
