import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../plumbing/index.ts'
import {
  casesIn,
  cookieSet,
  hidden,
  openCityDesk,
  publicUrl,
  setCookies,
  type CityDesk,
} from '../../test/support/city-desk.ts'
import { Browser } from '../../test/support/identity-provider.ts'

const patience = 60_000
let desk: CityDesk
beforeAll(async () => {
  desk = await openCityDesk()
}, patience)
afterAll(() => desk.close(), patience)
beforeEach(() => {
  desk.piaIs()
})

describe('the way there and back', () => {
  test('leads to the provider with PKCE, state and nonce, and nothing about anybody', async () => {
    const { answer, address } = await desk.begun({ then: '/desk/outbox' })
    const asked = new URL(address).searchParams
    expect(asked.get('code_challenge_method')).toBe('S256')
    expect([asked.get('state')?.length, asked.get('nonce')?.length, asked.get('code_challenge')?.length]).toEqual([
      43, 43, 43,
    ])
    expect(asked.get('redirect_uri')).toBe(`${publicUrl}/desk/sign-in/city/return`)
    expect(address).not.toContain('outbox')
    expect(setCookies(answer)).toEqual([
      expect.stringMatching(
        /^cityhall-way=[\w-]{43}; Path=\/desk\/sign-in\/city; HttpOnly; SameSite=Lax; Max-Age=600$/,
      ),
    ])
  })

  test('makes her an employee by issuer and subject, with the duties of her groups, and goes on where she wanted', async () => {
    const { address, way } = await desk.begun({ then: '/desk/outbox' })
    const back = await desk.idp.visit(address)
    const answer = await desk.get(back.pathname + back.search, { 'cityhall-way': way })
    expect(answer.statusCode).toBe(200)
    // By a page of ours: a browser that comes from the provider keeps a Strict cookie back on a redirect.
    expect(answer.headers['refresh']).toBe('0;url=/desk/outbox')
    expect(setCookies(answer).at(-1)).toMatch(/^cityhall=[\w-]{43}; Path=\/desk; HttpOnly; SameSite=Strict$/)
    const account = await desk.get('/desk/account', { cityhall: cookieSet(answer, 'cityhall') })
    expect(account.body).toContain('Pia Quist')
    expect(account.body).toContain('User name pia.quist')
    expect(account.body).toContain('Public works dispatcher')
    expect(await desk.acts('employee.appointed')).toBeGreaterThan(0)
    const kept = await desk.owner.once<{ all: string }>(
      sql`select string_agg(a::text, ' ') || (select string_agg(s::text, ' ') from need_to_know.session s) as all from need_to_know.city_account a`,
    )
    expect(kept[0]?.all).not.toMatch(/subject-pia|eyJ/)
  })

  test('finds the same employee again, also under another name and address', async () => {
    await desk.signedIn()
    const count = async () => (await desk.owner.once(sql`select from need_to_know.employee`)).length
    const before = await count()
    desk.piaIs({ name: 'Pia Quist-Lund', preferred_username: 'plund' })
    const cookies = await desk.signedIn()
    expect((await desk.get('/desk/account', cookies)).body).toContain('Pia Quist-Lund')
    expect((await desk.get('/desk/account', cookies)).body).toContain('User name pia.quist')
    expect(await count()).toBe(before)
  })

  test('somebody else with a name that is taken gets another user name, never the other’s account', async () => {
    await desk.signedIn()
    desk.idp.people.set('subject-two', { name: 'Pia Quist', preferred_username: 'pia.quist', groups: ['library'] })
    desk.idp.signsIn = 'subject-two'
    const body = (await desk.get('/desk/account', await desk.signedIn())).body
    expect(body).toContain('User name pia.quist-2')
    expect(body).not.toContain('Public works dispatcher')
  })

  test('without a group that has a duty nobody becomes an employee, and the page says what to ask for', async () => {
    desk.idp.people.set('subject-none', { name: 'No Group', preferred_username: 'none', groups: ['chess'] })
    desk.idp.signsIn = 'subject-none'
    const { address, way } = await desk.begun()
    const back = await desk.idp.visit(address)
    const answer = await desk.get(back.pathname + back.search, { 'cityhall-way': way })
    expect(answer.statusCode).toBe(403)
    expect(answer.body).toContain('none of your groups has a duty here')
    expect(cookieSet(answer, 'cityhall')).toBe('')
    expect(await desk.owner.once(sql`select from need_to_know.employee where handle = 'none'`)).toEqual([])
  })

  test('a refusal at the provider is told, with a way to start again', async () => {
    desk.idp.signsIn = undefined
    const { address, way } = await desk.begun({ then: '/desk/outbox' })
    const back = await desk.idp.visit(address)
    const answer = await desk.get(back.pathname + back.search, { 'cityhall-way': way })
    expect([answer.statusCode, hidden(answer.body, 'then')]).toEqual([403, '/desk/outbox'])
    expect(answer.body).toContain('did not let you in')
  })
})

describe('what was tampered with signs nobody in', () => {
  async function returned(change: (back: URL) => void, way?: (own: string) => string) {
    const { address, way: own } = await desk.begun()
    const back = await desk.idp.visit(address)
    change(back)
    const answer = await desk.get(back.pathname + back.search, { 'cityhall-way': way ? way(own) : own })
    expect(cookieSet(answer, 'cityhall')).toBe('')
    return answer
  }

  test('another state, another issuer (mix-up), another code', async () => {
    for (const [name, value] of [
      ['state', 'x'.repeat(43)],
      ['iss', 'https://evil.example'],
      ['code', 'stolen'],
    ] as const) {
      const answer = await returned((back) => {
        back.searchParams.set(name, value)
      })
      expect(answer.statusCode, name).toBe(422)
    }
    expect((await returned((back) => back.searchParams.delete('iss'))).statusCode).toBe(422)
  })

  test('another nonce', async () => {
    const { address, way } = await desk.begun()
    const other = new URL(address)
    other.searchParams.set('nonce', 'y'.repeat(43))
    const back = await desk.idp.visit(other.href)
    const answer = await desk.get(back.pathname + back.search, { 'cityhall-way': way })
    expect([answer.statusCode, cookieSet(answer, 'cityhall')]).toEqual([422, ''])
  })

  test('a return that comes again, comes too late, or comes to another browser (session fixation)', async () => {
    const { address, way } = await desk.begun()
    const back = await desk.idp.visit(address)
    const url = back.pathname + back.search
    const other = await desk.begun()
    for (const stranger of ['', 'A'.repeat(43)])
      expect((await desk.get(url, { 'cityhall-way': stranger })).statusCode).toBe(422)
    expect((await desk.get(url, { 'cityhall-way': other.way })).statusCode).toBe(422)
    expect((await desk.get(url, { 'cityhall-way': way })).statusCode).toBe(200)
    const again = await desk.get(url, { 'cityhall-way': way })
    expect([again.statusCode, cookieSet(again, 'cityhall')]).toEqual([422, ''])
    expect(again.body).toContain('Start again')

    const late = await desk.begun()
    const lateBack = await desk.idp.visit(late.address)
    await desk.owner.once(sql`update need_to_know.sign_in_attempt set ends_at = now() - interval '1 second'`)
    expect((await desk.get(lateBack.pathname + lateBack.search, { 'cityhall-way': late.way })).statusCode).toBe(422)
  })

  test('`then` leads nowhere but to the desk', async () => {
    for (const then of ['https://evil.example/', '//evil.example', '/desk/../../evil', '/desk\\evil', 'javascript:x']) {
      const { address, way } = await desk.begun({ then })
      const back = await desk.idp.visit(address)
      const answer = await desk.get(back.pathname + back.search, { 'cityhall-way': way })
      expect(answer.headers['refresh'], then).toBe('0;url=/desk')
    }
  })

  test('signing in always makes a new session and ends the one this browser had', async () => {
    const planted = await desk.signedIn()
    const { address, way } = await desk.begun({}, planted)
    const back = await desk.idp.visit(address)
    const answer = await desk.get(back.pathname + back.search, { 'cityhall-way': way })
    expect(cookieSet(answer, 'cityhall')).not.toBe(planted['cityhall'])
    expect((await desk.get('/desk', planted)).statusCode).toBe(303)
  })
})

describe('groups', () => {
  test('who left the group sees nothing at her next request, in lists, in the case and in the database', async () => {
    await desk.written('potholes')
    const cookies = await desk.signedIn()
    const [found = ''] = casesIn(await desk.get('/desk', cookies))
    expect(found).not.toBe('')
    expect((await desk.get(found, cookies)).statusCode).toBe(200)
    desk.piaIs({ groups: [] })
    expect((await desk.get(found, cookies)).statusCode).toBe(404)
    expect(casesIn(await desk.get('/desk', cookies))).toEqual([])
    const [charges] = await desk.owner.once<{ n: number }>(sql`select count(*)::int as n
      from need_to_know.charge c join need_to_know.employee e on e.id = c.employee
      where e.handle = 'pia.quist' and (c.until is null or c.until > clock_timestamp())`)
    expect(charges?.n).toBe(0)
    expect(await desk.acts('employee.discharged')).toBeGreaterThan(0)
    desk.piaIs({ groups: ['works'] })
    expect((await desk.get(found, cookies)).statusCode).toBe(200)
  })

  test('who joins a group sees its letters at her next request', async () => {
    await desk.written('library-general')
    const cookies = await desk.signedIn()
    const before = casesIn(await desk.get('/desk', cookies)).length
    desk.piaIs({ groups: ['works', 'library'] })
    expect(casesIn(await desk.get('/desk', cookies)).length).toBeGreaterThan(before)
  })

  test('a duty that the operator gave stays, whatever the groups', async () => {
    const cookies = await desk.signedIn()
    await desk.owner.once(sql`insert into need_to_know.charge (employee, duty)
      select id, 'permit-technician' from need_to_know.employee where handle = 'pia.quist'`)
    desk.piaIs({ groups: [] })
    expect((await desk.get('/desk/account', cookies)).body).toContain('Permit technician')
    await desk.owner.once(sql`delete from need_to_know.charge where duty = 'permit-technician'`)
  })

  test('a session whose provider was not asked for five minutes is blind in the database, whoever holds it', async () => {
    const cookies = await desk.signedIn()
    const secret = Buffer.from(cookies['cityhall'] ?? '', 'base64url')
    const topics = async () =>
      (await desk.house.db.once<{ topics: string[] }>(sql`select topics from need_to_know.enter_staff(${secret})`))[0]
        ?.topics
    expect((await topics())?.length).toBeGreaterThan(0)
    await desk.owner.once(
      sql`update need_to_know.session set checked_at = now() - interval '6 minutes' where method = 'city-account'`,
    )
    expect(await topics()).toEqual([])
    expect((await desk.get('/desk/account', cookies)).body).toContain('Public works dispatcher')
    expect((await topics())?.length).toBeGreaterThan(0)
  })

  test('duties from groups do not come along into a session that was begun with a password', async () => {
    await desk.signedIn()
    const secret = Buffer.alloc(32, 7)
    await desk.owner.once(sql`insert into need_to_know.session (secret_hash, employee, method, ends_at)
      select sha256(${secret}), id, 'password', now() + interval '1 hour' from need_to_know.employee where handle = 'pia.quist'`)
    const [row] = await desk.house.db.once<{ topics: string[] }>(
      sql`select topics from need_to_know.enter_staff(${secret})`,
    )
    expect(row?.topics).toEqual([])
  })

  test('with the database’s password alone nobody confirms duties, starts a session or ends one', async () => {
    const cookies = await desk.signedIn()
    const secret = Buffer.from(cookies['cityhall'] ?? '', 'base64url')
    const [at, mac] = [String(Date.now() * 1000), Buffer.alloc(32, 1)]
    const [row] = await desk.house.db.once(sql`select
      need_to_know.confirm_duties(${secret}, array['librarian'], null, ${at}::bigint, ${mac}) as confirmed,
      need_to_know.admit_account(${secret}, 'eve', 'Eve', array['librarian'], ${at}::bigint, ${mac}) as admitted,
      need_to_know.start_city_session(${secret}, null, ${secret}, ${secret}, 0, ${at}::bigint, ${mac}) as started,
      need_to_know.end_provider_sessions(${secret}, null, ${secret}, ${at}::bigint, ${mac}) as ended,
      need_to_know.confirm_duties(${secret}, array['librarian'], null, ${at}::bigint, null) as nulled`)
    expect(row).toEqual({ confirmed: false, admitted: null, started: null, ended: null, nulled: false })
  })
})

describe('when the provider gives no answer', () => {
  test('the desk stays shut, nothing that was typed is lost, and signing out still works', async () => {
    const cookies = await desk.signedIn()
    await desk.idp.goDown()
    try {
      const shut = await desk.get('/desk', cookies)
      expect(shut.statusCode).toBe(503)
      expect(shut.body).toContain('cannot be reached')
      const held = await desk.post('/desk/search', { q: 'marisol@example.org and more words' }, cookies)
      expect(held.statusCode).toBe(503)
      expect(held.body).not.toContain('marisol')
      const fields = { then: hidden(held.body, 'then'), kept: hidden(held.body, 'kept') }
      const still = await desk.post('/desk/goings-on', fields, cookies)
      expect([still.statusCode, hidden(still.body, 'kept')]).toEqual([503, fields.kept])
      await desk.idp.comeUp()
      const back = await desk.post('/desk/goings-on', fields, cookies)
      expect(back.statusCode).toBe(200)
      expect(hidden(back.body, 'q')).toBe('marisol@example.org and more words')
      await desk.idp.goDown()
      expect((await desk.post('/desk/sign-outs', {}, cookies)).body).toContain('You are signed out here')
    } finally {
      await desk.idp.comeUp()
    }
    expect((await desk.get('/desk', cookies)).statusCode).toBe(303)
  })

  test('where the settings allow it, an earlier answer holds for some seconds', async () => {
    const patient = await desk.deskWith({ grace: 240 })
    const cookies = await desk.signedIn({}, new Browser(), patient)
    await desk.idp.goDown()
    try {
      expect((await desk.get('/desk', cookies, patient)).statusCode).toBe(200)
      await desk.owner.once(sql`update need_to_know.session set checked_at = now() - interval '250 seconds'
        where method = 'city-account'`)
      expect((await desk.get('/desk', cookies, patient)).statusCode).toBe(503)
    } finally {
      await desk.idp.comeUp()
      await patient.close()
    }
  })

  test('a sign-in that cannot begin or be finished says so', async () => {
    const fresh = await desk.deskWith()
    const { address, way } = await desk.begun({}, {}, fresh)
    const back = await desk.idp.visit(address)
    await desk.idp.goDown()
    try {
      expect((await desk.get(back.pathname + back.search, { 'cityhall-way': way }, fresh)).statusCode).toBe(503)
      const cold = await desk.deskWith()
      expect((await desk.post('/desk/sign-in/city', {}, {}, cold)).statusCode).toBe(503)
      await cold.close()
    } finally {
      await desk.idp.comeUp()
      await fresh.close()
    }
  })
})
