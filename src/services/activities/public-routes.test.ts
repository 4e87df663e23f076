import type { FastifyInstance } from 'fastify'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../../test/support/house.ts'
import { createServer, html } from '../../plumbing/index.ts'
import { activitiesRoutes } from './public-routes.ts'

let house: TestHouse
let app: FastifyInstance

beforeAll(async () => {
  house = await openTestHouse({ clock: { now: () => Temporal.Instant.from('2026-11-25T20:00:00Z') } })
  const log = { info: () => undefined, error: () => undefined }
  app = await createServer({
    log,
    publicUrl: 'https://almendra.example.org',
    problemPage: ({ status }) => html`${status}`,
  })
  activitiesRoutes(app, { ...house, publicUrl: 'https://almendra.example.org' })
})
afterAll(async () => {
  await app.close()
  await house.close()
})

const get = async (url: string) => app.inject({ url })

describe('the pages of activities', () => {
  it('are the same for everybody, set no cookie, run no script, and may be kept by any cache for a moment', async () => {
    const page = await get('/activities')
    expect(page.statusCode).toBe(200)
    expect(page.headers).toMatchObject({ 'cache-control': 'public, max-age=15' })
    expect(page.headers['set-cookie']).toBeUndefined()
    expect(page.body).not.toContain('<script')
    expect(page.body).toContain('12 places left')
    expect(page.body).toContain('Registration opens Monday, March 1, 2027')
    expect((await get('/es/activities')).body).toContain('Quedan 12 lugares')
  })

  it('are sifted by age, season and place without a script; what is not understood is left out', async () => {
    const eight = (await get('/activities?age=8&season=spring-2027&venue=')).body
    expect(eight).toContain('Spring soccer league')
    expect(eight).not.toContain('Pottery evenings')
    expect(eight).not.toContain('Summer camp')
    expect((await get('/activities?venue=cannery-studio')).body).toMatch(/2 activities, 3 sessions/)
    expect((await get('/activities?age=3')).body).toContain('Nothing fits all of that')
    expect((await get('/activities?age=old&season=%3Cb%3E')).body).toContain('8 activities')
  })

  it('say of a session when, where, for whom, for how much, what to agree to, and how it stands', async () => {
    const page = (await get('/activities/pottery-evenings/pottery-winter')).body
    for (const words of [
      'January 13 – March 3, 2027',
      'Cannery Arts Studio',
      'Adults',
      '$118.00',
      'hot kilns',
      '12 places left',
    ])
      expect(page.replaceAll('\u00a0', ' ')).toContain(words)
    expect((await get('/activities/pottery-wheel/pottery-wheel-winter')).body).toContain('Places are drawn.')
    expect((await get('/activities/swimming-2')).body).toContain('href="/activities/swimming-1"')
    for (const nowhere of [
      '/activities/moon',
      '/activities/chess-club/pottery-winter',
      '/activities/moon/calendar.ics',
    ])
      expect((await get(nowhere)).statusCode).toBe(404)
  })

  it('offer the days as a calendar to follow, which names nobody', async () => {
    const feed = await get('/activities/pottery-evenings/pottery-winter/calendar.ics')
    expect(feed.headers['content-type']).toBe('text/calendar; charset=utf-8')
    expect(feed.body.match(/BEGIN:VEVENT/g)).toHaveLength(8)
    expect(feed.body).toContain('DTSTART:20270114T023000Z')
    expect(feed.body).not.toMatch(/ATTENDEE|ORGANIZER/)
    expect((await get('/activities/calendar.ics')).body).toContain('UID:chess-winter-1@')
  })
})
