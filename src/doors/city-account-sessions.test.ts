import { createSecretKey, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hidden, onward, openCityDesk, publicUrl, type CityDesk } from '../../test/support/city-desk.ts'
import { freePort } from '../../test/support/free-port.ts'
import { Browser, clientId } from '../../test/support/identity-provider.ts'
import { sql } from '../plumbing/index.ts'

const patience = 60_000
let desk: CityDesk
let short: CityDesk
let port: number
beforeAll(async () => {
  port = await freePort()
  desk = await openCityDesk({ backchannel: `http://127.0.0.1:${String(port)}/desk/sign-in/city/logout` })
  await desk.app.listen({ port, host: '127.0.0.1' })
  short = await openCityDesk({ accessSeconds: 1, groupsInIdToken: true })
}, patience)
afterAll(async () => {
  await desk.close()
  await short.close()
}, patience)
beforeEach(() => {
  desk.piaIs()
  short.piaIs()
})

const secretOf = (cookies: Record<string, string>) => Buffer.from(cookies['cityhall'] ?? '', 'base64url')

describe('tokens', () => {
  test('are renewed when they run out, by one of many requests, and the groups are asked again', async () => {
    const cookies = await short.signedIn()
    const answers = await Promise.all([1, 2, 3, 4].map(() => short.get('/desk/account', cookies)))
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200])
    expect(answers[0]?.body).toContain('Public works dispatcher')
    short.piaIs({ groups: ['library'] })
    const { body } = await short.get('/desk/account', cookies)
    expect(body).not.toContain('Public works dispatcher')
    expect(body).toContain('Librarian')
  })

  test('an account that the provider no longer lets in ends here at the next request', async () => {
    const cookies = await short.signedIn()
    short.idp.people.delete('subject-pia')
    expect((await short.get('/desk', cookies)).statusCode).toBe(303)
    short.piaIs()
    expect((await short.get('/desk', cookies)).statusCode).toBe(303)
  })

  test('are not in the database as they are, and open in no other session', async () => {
    const cookies = await desk.signedIn()
    const [row] = await desk.owner.once<{ sealed: Buffer }>(
      sql`select sealed from need_to_know.city_session(${secretOf(cookies)})`,
    )
    expect(row?.sealed.toString('latin1')).not.toMatch(/eyJ|access|subject/)
    const other = await desk.signedIn()
    await desk.owner.once(sql`update need_to_know.session set sealed_tokens = ${row?.sealed}
      where secret_hash = sha256(${secretOf(other)})`)
    expect((await desk.get('/desk', other)).statusCode).toBe(500)
  })
})

describe('signing out', () => {
  test('ends the session here, and then at the provider, with the ID token as the hint', async () => {
    const browser = new Browser()
    const cookies = await desk.signedIn({}, browser)
    const answer = await desk.post('/desk/sign-outs', {}, cookies)
    const away = new URL(onward(answer))
    expect(away.origin).toBe(desk.idp.issuer)
    expect(away.searchParams.get('post_logout_redirect_uri')).toBe(`${publicUrl}/desk/sign-in`)
    expect(away.searchParams.get('id_token_hint')).toMatch(/^eyJ/)
    expect((await desk.get('/desk', cookies)).statusCode).toBe(303)
    const asked = await fetch(away, { headers: { cookie: browser.header() } })
    expect([asked.status, await asked.text()]).toEqual([200, expect.stringContaining('op.logoutForm')])
  })

  test('at the provider ends the sessions here, by the provider’s own word', async () => {
    const browser = new Browser()
    const cookies = await desk.signedIn({}, browser)
    const elsewhere = await desk.signedIn()
    const out = await fetch(`${desk.idp.issuer}/session/end`, { headers: { cookie: browser.header() } })
    browser.take(out)
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(await out.text())?.[1] ?? ''
    const done = await fetch(`${desk.idp.issuer}/session/end/confirm`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: browser.header(), 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ xsrf, logout: 'yes' }),
    })
    expect(done.status).toBeLessThan(400)
    await expect.poll(async () => (await desk.get('/desk', cookies)).statusCode, { timeout: 20_000 }).toBe(303)
    expect((await desk.get('/desk', elsewhere)).statusCode).toBe(200)
  })

  const told = (claims: Record<string, unknown> = {}) => ({
    iss: desk.idp.issuer,
    aud: clientId,
    iat: Math.floor(Date.now() / 1000),
    jti: randomUUID(),
    sub: 'subject-pia',
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    ...claims,
  })
  const say = async (token: string) =>
    (await desk.post('/desk/sign-in/city/logout', { logout_token: token })).statusCode

  test('a logout token that is not one, is somebody else’s, is old or comes twice ends nothing', async () => {
    const cookies = await desk.signedIn()
    for (const wrong of [
      { iss: 'https://evil.example' },
      { aud: 'another' },
      { iat: Math.floor(Date.now() / 1000) - 600 },
      { iat: undefined },
      { jti: undefined },
      { events: undefined },
      { events: { other: {} } },
      { nonce: 'an ID token is not a logout token' },
      { sub: undefined },
    ])
      expect(await say(await desk.idp.sign(told(wrong))), JSON.stringify(wrong)).toBe(400)
    const stranger = createSecretKey(Buffer.alloc(32, 3))
    expect(await say(await new SignJWT(told()).setProtectedHeader({ alg: 'HS256' }).sign(stranger))).toBe(400)
    expect(await say('')).toBe(400)
    expect((await desk.get('/desk', cookies)).statusCode).toBe(200)

    const token = await desk.idp.sign(told())
    expect(await say(token)).toBe(200)
    expect((await desk.get('/desk', cookies)).statusCode).toBe(303)
    const again = await desk.signedIn()
    expect(await say(token)).toBe(400)
    expect((await desk.get('/desk', again)).statusCode).toBe(200)
  })
})

describe('proving it once more', () => {
  test('who was let through without typing anything may add no passkey until she signs in again', async () => {
    const browser = new Browser()
    const cookies = await desk.signedIn({}, browser)
    await desk.owner.once(sql`update need_to_know.session set proved_at = now() - interval '6 minutes'`)
    const { address, way } = await desk.begun({ then: '/desk/account', again: 'yes' }, cookies)
    expect(new URL(address).searchParams.get('prompt')).toBe('login')
    const back = await desk.idp.visit(address, browser)
    const answer = await desk.get(back.pathname + back.search, { 'cityhall-way': way })
    const fresh = /cityhall=([\w-]{43})/.exec(String(answer.headers['set-cookie']))?.[1] ?? ''
    const [row] = await desk.owner.once<{ fresh: boolean }>(sql`select proved_at > now() - interval '1 minute' as fresh
      from need_to_know.session where secret_hash = sha256(${secretOf({ cityhall: fresh })})`)
    expect(row?.fresh).toBe(true)
    expect((await desk.get('/desk', cookies)).statusCode).toBe(303)
  })
})

describe('words of a session that ended', () => {
  test('come back to her who typed them, and to nobody else', async () => {
    const cookies = await desk.signedIn()
    await desk.owner.once(sql`delete from need_to_know.session`)
    const typed = { q: 'what Pia typed about a resident, longer than forty signs' }
    const stopped = await desk.post('/desk/search', typed, cookies)
    expect(stopped.statusCode).toBe(401)
    expect(stopped.body).not.toContain('Pia typed')
    const along = { then: hidden(stopped.body, 'then'), kept: hidden(stopped.body, 'kept') }

    desk.idp.people.set('subject-max', { name: 'Max Other', preferred_username: 'max', groups: ['library'] })
    desk.idp.signsIn = 'subject-max'
    const others = await desk.begun(along)
    const othersBack = await desk.idp.visit(others.address)
    const shown = await desk.get(othersBack.pathname + othersBack.search, { 'cityhall-way': others.way })
    expect(shown.body).toContain('Somebody else was writing here')
    expect(shown.body).not.toContain('Pia typed')

    desk.piaIs()
    const hers = await desk.begun(along)
    const back = await desk.idp.visit(hers.address)
    const again = await desk.get(back.pathname + back.search, { 'cityhall-way': hers.way })
    expect(hidden(again.body, 'q')).toBe(typed.q)
  })
})

describe('a city that has only its own accounts', () => {
  test('offers no password, and takes none', async () => {
    const only = await desk.deskWith({ only: true })
    const page = await desk.get('/desk/sign-in', {}, only)
    expect(page.body).toContain('Sign in with the city’s account')
    expect(page.body).not.toContain('type="password"')
    expect((await desk.post('/desk/sign-in', { handle: 'x', password: 'y' }, {}, only)).statusCode).toBe(404)
    await only.close()
  })
})
