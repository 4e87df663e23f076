import type { FastifyInstance } from 'fastify'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../../test/support/house.ts'
import { createServer, html, sql, type Clock } from '../../plumbing/index.ts'
import { deliver, readReceipt, type House } from '../correspondence/index.ts'
import { bookingPanel, bookingNotices, bookingReceiptRoutes, bookingsRoutes } from './index.ts'
import { facilityOf, houseAt, lending, makeBooking } from './testing/scene.ts'

let test: TestHouse
/** The house behind the pages, its clock set by each test. */
let house: House
let time = '2026-12-08T22:00:00Z'
let app: FastifyInstance
const hall = facilityOf('hall', {
  name: { en: 'The hall', es: 'El salón' },
  cancel: { until: 2, freeUntil: 48, refund: 'full', lateRefund: 'half' },
  price: { slot: 9000, groups: new Map() },
})
const tables = facilityOf('tables', { capacity: 3, mostPlaces: 2, unit: { en: 'table', es: 'mesa' } })
const rare = facilityOf('rare', { horizon: 60, open: new Map([[6, [{ opens: 600, closes: 660 }]]]) })

beforeAll(async () => {
  test = await openTestHouse()
  test = await lending(test, test.database.owner, [hall, tables, rare], '2026-12-08')
  const clock: Clock = { now: () => Temporal.Instant.from(time) }
  const now = () => houseAt(test, test.database.owner, time)
  const db: House['db'] = {
    transaction: (work) => now().db.transaction(work),
    once: (query) => now().db.once(query),
    close: () => Promise.resolve(),
  }
  house = { keys: test.keys, city: test.city, clock, db, panels: [bookingPanel({ city: test.city, clock })] }
  const log = { info: () => undefined, error: () => undefined }
  app = await createServer({
    publicUrl: 'http://city.test',
    log,
    problemPage: ({ status }) => html`<h1>${status}</h1>`,
  })
  bookingsRoutes(app, house)
  bookingReceiptRoutes(app, house)
})
afterAll(async () => {
  await app.close()
  await test.close()
})

const at = (when: string) => {
  time = when
}
const start = (local: string) => Temporal.PlainDateTime.from(local).toZonedDateTime(test.city.timeZone).toInstant()
const plain = (text: string) => text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
async function booked(
  local: string,
  more: { email?: string; language?: 'en' | 'es'; facility?: typeof hall; places?: number } = {},
) {
  const { facility = hall, places = 1, email, language } = more
  const wish = { facility: facility.id, start: start(local), slots: 1, places }
  const made = await makeBooking(house, wish, email, language)
  if ('refused' in made) throw new Error(made.refused)
  return made
}
const post = (url: string, refund: string) =>
  app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: `refund=${refund}`,
  })
const onReceipt = async (code: Parameters<typeof readReceipt>[1], language: 'en' | 'es' = 'en') => {
  const receipt = await readReceipt(house, code, language)
  if ('refused' in receipt) throw new Error(receipt.refused)
  return { ...receipt, top: plain(receipt.top.join('')) }
}
const stateOf = async (id: string) =>
  (await test.database.owner.once<{ state: string }>(sql`select state from bookings.booking where id = ${id}`))[0]
    ?.state

describe('the receipt of a booking', () => {
  it('says when and where, in the person’s language, with her table and what she shows at the door', async () => {
    at('2026-12-08T22:00:00Z')
    const made = await booked('2026-12-12T10:00', { facility: tables, places: 2, language: 'es' })
    const { top, line } = await onReceipt(made.code, 'es')
    expect(top).toContain('sábado, 12 de diciembre de 2026')
    expect(top).toContain('mesa 1, mesa 2')
    expect(top).toContain(`En la puerta basta su número de caso: ${String(line.number)}.`)
    expect(top).not.toContain('Vega')
  })

  it('gives a calendar file with the right moment, the same UID, a rising SEQUENCE, and nobody’s name or code', async () => {
    at('2026-12-08T22:00:00Z')
    const made = await booked('2027-07-05T10:00')
    const url = `/receipt/${made.code}/bookings/${made.id}/calendar.ics`
    const first = await app.inject({ url })
    expect(first.headers['content-type']).toBe('text/calendar; charset=utf-8')
    expect(first.headers['cache-control']).toBe('no-store')
    expect(first.body).toContain('METHOD:PUBLISH')
    expect(first.body).toContain('SEQUENCE:0')
    expect(first.body).toContain('DTSTART:20270705T170000Z')
    expect(first.body).toContain('DTEND:20270705T180000Z')
    expect(first.body).toContain('SUMMARY:The hall (City of Almendra)')
    expect(first.body).not.toMatch(/Vega|Marisol/)
    expect(first.body.replace(/\r\n[ \t]/g, '')).not.toContain(made.code)
    expect((await post(`/receipt/${made.code}/bookings/${made.id}/cancellation`, 'full')).statusCode).toBe(303)
    const second = await app.inject({ url })
    expect(second.body).toContain('METHOD:CANCEL')
    expect(second.body).toContain('STATUS:CANCELLED')
    expect(second.body).toContain('SEQUENCE:1')
    const uid = (body: string) => /^UID:(.*)$/m.exec(body)?.[1]
    expect(uid(second.body)).toBe(uid(first.body))
  })
})

describe('cancelling', () => {
  it('shows first what follows, then does that, frees the place, and is in the ledger and the mail', async () => {
    at('2026-12-08T22:00:00Z')
    const made = await booked('2026-12-14T10:00', { email: 'marisol@example.org' })
    const url = `/receipt/${made.code}/bookings/${made.id}/cancellation`
    const preview = await app.inject({ url })
    expect(plain(preview.body)).toContain('Nothing is cancelled yet.')
    expect(plain(preview.body)).toContain(
      'Everything you paid is paid back. This holds until Saturday, December 12 at 10:00',
    )
    expect(await stateOf(made.id)).toBe('booked')
    const done = await post(url, 'full')
    expect(done.headers['location']).toBe(`/receipt/${made.code}#bookings`)
    expect((await post(url, 'full')).statusCode).toBe(303)
    expect(await stateOf(made.id)).toBe('cancelled-by-person')
    expect(
      await makeBooking(house, { facility: hall.id, start: start('2026-12-14T10:00'), slots: 1, places: 1 }),
    ).toHaveProperty('id')
    const { history, top, line } = await onReceipt(made.code)
    expect(history.filter(({ act }) => act === 'booking.cancelled')).toMatchObject([
      { actorKind: 'person', detail: 'facility=hall start=2026-12-14t18:00z refund=full' },
    ])
    expect(top).toContain('You cancelled it. Everything you paid is paid back.')
    expect(line).toMatchObject({ state: 'closed', closedBecause: 'withdrawn' })
  })

  it('late gives back what the rule says; what changed while the page lay open is shown again, not done', async () => {
    at('2026-12-13T17:59:00Z')
    const made = await booked('2026-12-15T10:00')
    const url = `/receipt/${made.code}/bookings/${made.id}/cancellation`
    expect(plain((await app.inject({ url })).body)).toContain('Everything you paid is paid back.')
    at('2026-12-13T18:01:00Z')
    const changed = await post(url, 'full')
    expect(changed.statusCode).toBe(409)
    expect(plain(changed.body)).toContain('what is paid back has changed')
    expect(plain(changed.body)).toContain('Half of what you paid is paid back.')
    expect(await stateOf(made.id)).toBe('booked')
    expect((await post(url, 'half')).statusCode).toBe(303)
    expect(await stateOf(made.id)).toBe('cancelled-by-person')
  })

  it('is refused in the last hours, with whom to call', async () => {
    at('2026-12-15T17:00:00Z')
    const made = await booked('2026-12-15T13:00')
    const url = `/receipt/${made.code}/bookings/${made.id}/cancellation`
    at('2026-12-15T19:00:01Z')
    expect((await onReceipt(made.code)).top).toContain('You could cancel it here until')
    const late = await post(url, 'half')
    expect(late.statusCode).toBe(409)
    expect(plain(late.body)).toContain('Call Recreation at (530) 555-0108')
    expect(await stateOf(made.id)).toBe('booked')
  })

  it('of another person’s booking is not there, with her receipt or without one', async () => {
    at('2026-12-08T22:00:00Z')
    const [mine, hers] = [await booked('2026-12-16T10:00'), await booked('2026-12-16T12:00')]
    for (const path of ['cancellation', 'calendar.ics']) {
      expect((await app.inject({ url: `/receipt/${mine.code}/bookings/${hers.id}/${path}` })).statusCode).toBe(404)
      expect(
        (await app.inject({ url: `/receipt/000000000000000000000000/bookings/${hers.id}/${path}` })).statusCode,
      ).toBe(404)
    }
    expect((await post(`/receipt/${mine.code}/bookings/${hers.id}/cancellation`, 'full')).statusCode).toBe(404)
    expect((await app.inject({ url: `/receipt/${mine.code}/bookings/nonsense'/cancellation` })).statusCode).toBe(404)
    const [outcome] = await test.db.once<{ outcome: string }>(
      sql`select bookings.cancel(${hers.id}, 'full') as outcome`,
    )
    expect(outcome).toEqual({ outcome: 'not-there' })
    expect(await stateOf(hers.id)).toBe('booked')
  })
})

describe('the mail about a booking', () => {
  const mailsOf = async (caseId: string) => {
    const office = {
      keeper: house.db,
      keys: test.keys,
      city: test.city,
      publicUrl: 'http://city.test',
      notices: bookingNotices(test.city),
    }
    const sent: { subject: string; text: string }[] = []
    const mailer = {
      send: (mail: { subject: string; text: string }) => {
        sent.push(mail)
        return Promise.resolve({ sent: true } as const)
      },
      close: () => undefined,
    }
    const waiting = await test.database.owner.once<{ id: string }>(
      sql`select id from correspondence.mail where case_id = ${caseId} and state = 'waiting' order by created_at, id`,
    )
    for (const { id } of waiting) await deliver({ ...office, mailer: mailer }, id)
    return sent
  }

  it('takes the place of the acknowledgement, and says what, when and where, but not the code or a name', async () => {
    at('2026-12-08T22:00:00Z')
    const made = await booked('2026-12-17T10:00', { email: 'marisol@example.org' })
    const sent = await mailsOf(made.caseId)
    expect(sent).toHaveLength(1)
    expect(sent[0]?.subject).toBe('City of Almendra: booked for you: The hall')
    expect(sent[0]?.text).toContain('Thursday, December 17, 2026')
    expect(sent[0]?.text).toContain('Somewhere')
    expect(sent[0]?.text).not.toMatch(new RegExp(`Vega|${made.code}`))
    await post(`/receipt/${made.code}/bookings/${made.id}/cancellation`, 'full')
    const [off] = await mailsOf(made.caseId)
    expect(off?.subject).toBe('City of Almendra: cancelled: The hall')
    expect(off?.text).toContain('You get back all that you paid.')
  })
})

describe('the public pages', () => {
  it('link each free time to its form, show what is taken without by whom, and nothing that is past', async () => {
    at('2026-12-18T19:30:00Z')
    await booked('2026-12-18T14:00')
    const { body, headers } = await app.inject({ url: '/bookings/hall?week=2026-12-18' })
    expect(body).not.toContain(encodeURIComponent('hall@2026-12-18T19:00Z'))
    expect(body).toContain(`/forms/facility-booking?slot=${encodeURIComponent('hall@2026-12-18T20:00Z')}`)
    expect(body).not.toContain(encodeURIComponent('hall@2026-12-18T22:00Z'))
    expect(plain(body)).toContain('2:00 PM taken')
    expect(body).not.toMatch(/Vega|Chairs/)
    expect(headers['cache-control']).toBe('public, max-age=30')
  })

  it('are kept no longer than their next time can be booked', async () => {
    at('2026-12-18T19:59:50Z')
    expect((await app.inject({ url: '/bookings/hall' })).headers['cache-control']).toBe('public, max-age=10')
  })

  it('say of a week without a free time where the next one is, and of closed days why', async () => {
    at('2026-12-20T22:00:00Z')
    const { body } = await app.inject({ url: '/bookings/rare?week=2026-12-14' })
    expect(plain(body)).toContain('Nothing is free in this week')
    expect(plain(body)).toContain('The next free time is in the week of December 21, 2026')
    const spanish = await app.inject({ url: '/es/bookings/community-hall?week=2026-12-24' })
    expect(plain(spanish.body)).toContain('Cerrado: Navidad')
    expect((await app.inject({ url: '/bookings/moon-base' })).statusCode).toBe(404)
    for (const odd of ['2026-13-45', 'x', '1900-01-01', '2999-01-01'])
      expect((await app.inject({ url: `/bookings/hall?week=${odd}` })).statusCode).toBe(200)
  })
})
