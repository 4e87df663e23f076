import type { FastifyInstance } from 'fastify'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../../test/support/house.ts'
import { createServer, html, sql, type Clock } from '../../plumbing/index.ts'
import type { Desk, Visit } from '../../trust/need-to-know/index.ts'
import { whoIs } from '../../trust/need-to-know/index.ts'
import { newId, readReceipt, type House } from '../correspondence/index.ts'
import { bookingsDeskRoutes } from './index.ts'
import { callOff, mark } from './keep-bookings.ts'
import { facilityOf, houseAt, lending, makeBooking } from './testing/scene.ts'

let test: TestHouse
let house: House
let app: FastifyInstance
let time = '2026-12-08T22:00:00Z'
let keeper: Clerk
let outsider: Clerk
let colleague: Clerk
let visitor: Clerk
const courts = facilityOf('courts', { capacity: 2, mostPlaces: 1, unit: { en: 'court', es: 'cancha' } })
const permits = facilityOf('permits', { topic: 'building-permits' as typeof courts.topic })

beforeAll(async () => {
  test = await openTestHouse()
  test = await lending(test, test.database.owner, [courts, permits], '2026-12-08')
  keeper = await test.hire('kay', 'recreation-coordinator')
  outsider = await test.hire('otto', 'librarian')
  colleague = await test.hire('pia', 'permit-technician')
  visitor = keeper
  const clock: Clock = { now: () => Temporal.Instant.from(time) }
  const now = () => houseAt(test, test.database.owner, time)
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
  const counter = { ...house, cabinet: test.cabinet, publicUrl: 'http://city.test', forms: test.forms }
  bookingsDeskRoutes(desk(app), counter)
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

const at = (when: string) => {
  time = when
}
const start = (local: string) => Temporal.PlainDateTime.from(local).toZonedDateTime(test.city.timeZone).toInstant()
const plain = (text: string) => text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
const get = async (url: string, as = keeper) => {
  visitor = as
  const answer = await app.inject({ url })
  return { status: answer.statusCode, text: plain(answer.body), body: answer.body }
}
const post = async (url: string, fields: Record<string, string>, as = keeper) => {
  visitor = as
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const answer = await app.inject({ method: 'POST', url, headers, payload: new URLSearchParams(fields).toString() })
  return { status: answer.statusCode, text: plain(answer.body), body: answer.body, to: answer.headers['location'] }
}
async function booked(local: string, email?: string) {
  const made = await makeBooking(house, { facility: courts.id, start: start(local), slots: 1, places: 1 }, email)
  if ('refused' in made) throw new Error(made.refused)
  const [row] = await test.database.owner.once<{ number: number }>(
    sql`select number from correspondence.casefile where id = ${made.caseId}`,
  )
  return { ...made, number: row?.number ?? 0 }
}
const stateOf = async (id: string) =>
  (await test.database.owner.once<{ state: string }>(sql`select state from bookings.booking where id = ${id}`))[0]
    ?.state

describe('the bookings desk', () => {
  it('shows a day and a week by case number, time and court, and no person', async () => {
    at('2026-12-08T22:00:00Z')
    const { number } = await booked('2026-12-10T10:00', 'marisol@example.org')
    for (const view of ['day', 'week']) {
      const { text, body } = await get(`/desk/bookings?facility=courts&day=2026-12-10&view=${view}`)
      expect(text).toMatch(new RegExp(`10:00.*${String(number)}.*court 1`))
      expect(body).not.toMatch(/Vega|marisol/i)
    }
    const print = await get('/desk/bookings/print?facility=courts&day=2026-12-10&view=day')
    expect(print.text).toContain(`10:00 – 11:00 AM ${String(number)} court 1 Booked`)
    expect(print.body).not.toMatch(/Vega|marisol|Chairs/i)
    expect((await get('/desk/bookings?facility=courts&day=2026-12-11')).text).toContain('Nothing is booked')
  })

  it('is not there for a department whose topics lend nothing, nor is another’s facility or booking', async () => {
    const { id } = await booked('2026-12-10T12:00')
    expect((await get('/desk/bookings', outsider)).status).toBe(404)
    expect((await get('/desk/bookings', colleague)).text).toContain('permits')
    for (const url of [
      '/desk/bookings?facility=courts',
      `/desk/bookings/${id}`,
      '/desk/bookings/print?facility=courts',
    ])
      expect((await get(url, colleague)).status, url).toBe(404)
    const acts = ['cancellations', 'no-shows', 'confirmations', 'comings']
    for (const act of acts)
      expect((await post(`/desk/bookings/${id}/${act}`, { version: '1', because: 'weather' }, colleague)).status).toBe(
        404,
      )
    expect(await callOff(house, outsider.actor, { id, version: 1, because: 'weather' })).toEqual({
      refused: 'not-there',
    })
    const alone = sql`select bookings.call_off(${id}, 1, 'weather') as outcome, (select count(*)::int from
      bookings.on_desk('courts', now() - interval '9 years', now() + interval '9 years')) as seen`
    expect(await test.db.once(alone)).toEqual([{ outcome: 'not-there', seen: 0 }])
    expect(await stateOf(id)).toBe('booked')
  })

  it('cancels with a reason, once, tells the person by mail, and writes the duty into the ledger', async () => {
    const { id, code, caseId } = await booked('2026-12-11T10:00', 'marisol@example.org')
    expect((await post(`/desk/bookings/${id}/cancellations`, { version: '1' })).text).toContain('Choose why.')
    expect((await post(`/desk/bookings/${id}/cancellations`, { version: '9', because: 'weather' })).text).toContain(
      'Somebody changed it meanwhile.',
    )
    const done = await post(`/desk/bookings/${id}/cancellations`, { version: '1', because: 'weather' })
    expect(done.to).toBe(`/desk/bookings/${id}?done=cancelled`)
    expect((await get(String(done.to))).text).toContain('Cancelled: Weather')
    expect((await post(`/desk/bookings/${id}/cancellations`, { version: '2', because: 'weather' })).status).toBe(409)
    const receipt = await readReceipt(house, code)
    const entry = 'history' in receipt ? receipt.history.find(({ act }) => act === 'booking.called-off') : undefined
    expect(entry).toMatchObject({
      duty: 'recreation-coordinator',
      detail: 'facility=courts start=2026-12-11t18:00z because=weather refund=full',
    })
    const notices = await test.database.owner.once(sql`select n.news, m.kind from bookings.notice n
      join correspondence.mail m on m.id = n.mail where m.case_id = ${caseId} order by m.created_at, m.id`)
    expect(notices).toEqual([
      { news: 'booked', kind: 'booking' },
      { news: 'cancelled-by-city', kind: 'booking' },
    ])
    expect(
      await makeBooking(house, { facility: courts.id, start: start('2026-12-11T10:00'), slots: 1, places: 1 }),
    ).toHaveProperty('id')
  })

  it('notes who did not come, not before the start, and takes it back', async () => {
    const { id } = await booked('2026-12-09T10:00')
    expect(await mark(house, keeper.actor, { id, version: 1, what: 'no-show' })).toEqual({ refused: 'too-soon' })
    at('2026-12-09T18:10:00Z')
    expect((await post(`/desk/bookings/${id}/no-shows`, { version: '1' })).status).toBe(303)
    expect(await stateOf(id)).toBe('no-show')
    expect((await post(`/desk/bookings/${id}/comings`, { version: '2' })).status).toBe(303)
    expect(await stateOf(id)).toBe('taken-place')
    at('2026-12-20T18:10:00Z')
    expect(await mark(house, keeper.actor, { id, version: 3, what: 'no-show' })).toEqual({ refused: 'ended' })
  })

  it('keeps time for the city: nothing can be booked then, what is booked stands, until it is opened again', async () => {
    at('2026-12-08T22:00:00Z')
    const standing = await booked('2026-12-15T10:00')
    const times = { 'from-day': '2026-12-15', from: '09:30', 'until-day': '2026-12-15', until: '12:00' }
    const fields = { id: newId(), facility: 'courts', because: 'repair', ...times }
    expect((await post('/desk/bookings/blocks', { ...fields, until: '09:00' })).status).toBe(422)
    expect((await post('/desk/bookings/blocks', fields, colleague)).status).toBe(404)
    for (const _ of ['once', 'twice']) expect((await post('/desk/bookings/blocks', fields)).status).toBe(303)
    const wish = (local: string) => ({ facility: courts.id, start: start(local), slots: 1, places: 1 })
    for (const hour of ['09:00', '10:00', '11:00'])
      expect(await makeBooking(house, wish(`2026-12-15T${hour}`))).toEqual({ refused: 'closed' })
    expect(await makeBooking(house, wish('2026-12-15T12:00'))).toHaveProperty('id')
    expect(await stateOf(standing.id)).toBe('booked')
    const { text, body } = await get('/desk/bookings?facility=courts&day=2026-12-15')
    expect(text).toContain('Kept by the city: Repair')
    const block = /blocks\/([0-9a-f-]{36})\/endings/.exec(body)?.[1] ?? ''
    expect((await post(`/desk/bookings/blocks/${block}/endings`, {}, colleague)).status).toBe(404)
    expect((await post(`/desk/bookings/blocks/${block}/endings`, {})).status).toBe(303)
    expect(await makeBooking(house, wish('2026-12-15T11:00'))).toHaveProperty('id')
    const entries = await test.database.owner.once<{ act: string }>(
      sql`select act from ledger.entry where act like 'facility.%' order by at, id`,
    )
    expect(entries.map(({ act }) => act)).toEqual(['facility.blocked', 'facility.unblocked'])
  })
})

describe('a booking by telephone', () => {
  const slot = 'courts@2026-12-17T18:00Z'
  const fields = { slot, channel: 'telephone', name: 'Ana Ruiz', language: 'es', duty: 'recreation-coordinator' }
  const token = (body: string) => /name="token"\s+value="([^"]*)"/.exec(body)?.[1] ?? ''

  it('is recorded with a receipt to hand over, and is in the ledger under the clerk’s duty', async () => {
    at('2026-12-08T22:00:00Z')
    const page = await get(`/desk/bookings/new?slot=${encodeURIComponent(slot)}`)
    const sent = { ...fields, token: token(page.body) }
    const done = await post('/desk/bookings', sent)
    expect(done.status).toBe(200)
    expect(done.text).toContain('jueves, 17 de diciembre de 2026')
    expect(done.text).not.toContain('Ana Ruiz')
    const code = (/class="digits">([\s\S]*?)<\/p>/.exec(done.body)?.[1] ?? '').replace(/\D/g, '')
    const receipt = await readReceipt(house, code as Parameters<typeof readReceipt>[1])
    if ('refused' in receipt) throw new Error(receipt.refused)
    expect(receipt.line).toMatchObject({ channel: 'telephone', form: 'facility-booking', topic: 'facility-rentals' })
    expect(receipt.history.map(({ act, duty }) => `${act} ${String(duty)}`)).toEqual(
      expect.arrayContaining(['letter.recorded recreation-coordinator', 'booking.made recreation-coordinator']),
    )
    const again = await post('/desk/bookings', sent)
    expect(again.text).toContain('jueves, 17 de diciembre de 2026')
    const [count] = await test.database.owner.once(
      sql`select count(*)::int as n from bookings.booking where facility = 'courts' and starts_at = ${start('2026-12-17T10:00')}`,
    )
    expect(count).toEqual({ n: 1 })
  })

  it('of a time that is taken leaves no case behind, and keeps what was typed', async () => {
    await booked('2026-12-18T10:00')
    await booked('2026-12-18T10:00')
    const cases = () => test.database.owner.once(sql`select count(*) as n from correspondence.casefile`)
    const before = await cases()
    const refused = await post('/desk/bookings', { ...fields, slot: 'courts@2026-12-18T18:00Z' })
    expect(refused.status).toBe(409)
    expect(refused.text).toContain('Somebody was first: it is taken.')
    expect(refused.body).toContain('value="Ana Ruiz"')
    expect(await cases()).toEqual(before)
    expect((await post('/desk/bookings', { ...fields, email: 'not an address' })).text).toContain(
      'not a whole e-mail address',
    )
    expect((await post('/desk/bookings', fields, colleague)).status).toBe(404)
    expect((await get(`/desk/bookings/new?slot=${encodeURIComponent(slot)}`, outsider)).status).toBe(404)
  })
})
