import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../../test/support/house.ts'
import { createGate, createLog, createServer, html, sql, type OutgoingMail } from '../../plumbing/index.ts'
import { relyingParty, sessionCookie } from '../../trust/need-to-know/index.ts'
import { addChild } from './add-child.ts'
import { enterResident } from './enter.ts'
import { postToPeople } from './post/run-post.ts'
import { residentsRoutes } from './routes.ts'
import { codeToken } from './sign-in/ask-code.ts'
import { moveIn, type Neighbour } from './testing/move-in.ts'

let house: TestHouse
let app: FastifyInstance
const publicUrl = 'https://almendra.example.org'
const cookie = sessionCookie(publicUrl, { name: 'cityhall-me', path: '/', sameSite: 'Lax' })
const sent: OutgoingMail[] = []

beforeAll(async () => {
  house = await openTestHouse()
  app = await createServer({
    publicUrl,
    log: createLog({ logLevel: 'silent' }),
    problemPage: () => html`<p>problem</p>`,
  })
  await residentsRoutes(app, {
    db: house.db,
    keys: house.keys,
    city: house.city,
    clock: house.clock,
    publicUrl,
    cookie,
    party: relyingParty(publicUrl, 'Almendra'),
    gate: createGate(Date.now, { network: 3, all: 1_000 }),
    codesOnDesk: false,
  })
})
afterAll(async () => {
  await app.close()
  await house.close()
})

type Sending = { headers?: Record<string, string>; as?: Neighbour; from?: string }
const post = (url: string, fields: Record<string, string>, { headers = {}, as, from = '127.0.0.1' }: Sending = {}) =>
  app.inject({
    method: 'POST',
    url,
    remoteAddress: from,
    payload: new URLSearchParams(fields).toString(),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(as && { cookie: cookie.set(as.actor.secret).split(';')[0] }),
      ...headers,
    },
  })
const get = (url: string, as?: Neighbour) =>
  app.inject({ url, ...(as && { headers: { cookie: cookie.set(as.actor.secret).split(';')[0] ?? '' } }) })
const codes = (email: string) =>
  house.database.owner.once(sql`select from residents.code where token = ${codeToken(house.keys, email, 'sign-in')}`)

describe('the door of /me', () => {
  it('says the same of an address that has a page and of one that has none, and sets no cookie before a code is right', async () => {
    const ana = await moveIn(house, 'Ana Known')
    const answers = await Promise.all(
      [ana.email, 'nobody.known@example.org'].map(async (email) => {
        const { statusCode, body, headers } = await post('/me/codes', { email })
        return { statusCode, body: body.replaceAll(email, '(address)'), cookie: headers['set-cookie'] }
      }),
    )
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]).toMatchObject({ statusCode: 200, cookie: undefined })
    const wrong = await Promise.all(
      [ana.email, 'nobody.known@example.org'].map(async (email) => {
        const { statusCode, body } = await post('/me/sessions', { email, code: '00000000' })
        return { statusCode, body: body.replaceAll(email, '(address)') }
      }),
    )
    expect(wrong[0]).toEqual(wrong[1])
    expect(wrong[0]?.statusCode).toBe(422)
  })

  it('gives whoever types the right code a cookie that no script reads, and leads nowhere but to her own pages', async () => {
    await post('/me/codes', { email: 'bo@example.org' })
    const mailer = {
      send: (mail: OutgoingMail) => (sent.push(mail), Promise.resolve({ sent: true } as const)),
      close: () => undefined,
    }
    const office = { keeper: house.database.keeper, keys: house.keys, city: house.city, codesOnDesk: false, mailer }
    await postToPeople(office, (error) => {
      throw error as Error
    })
    const code = /\d{4} \d{4}/.exec(sent.findLast(({ to }) => to === 'bo@example.org')?.text ?? '')?.[0] ?? ''
    const answer = await post('/es/me/sessions', { email: 'bo@example.org', code, then: '//evil.example/me' })
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/es/me'])
    expect(answer.headers['set-cookie']).toMatch(
      /^__Host-cityhall-me=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
    )
  })

  it('refuses what another site’s page sends, before anything is read', async () => {
    const headers = { 'sec-fetch-site': 'cross-site' }
    expect((await post('/me/codes', { email: 'cross@example.org' }, { headers })).statusCode).toBe(403)
    expect(await codes('cross@example.org')).toEqual([])
    const dee = await moveIn(house, 'Dee Cross')
    expect((await post('/me/contact', { name: 'Evil' }, { headers, as: dee })).statusCode).toBe(403)
  })

  it('lets one network ask for so many codes an hour, and no more', async () => {
    const asked = async (n: number) =>
      (await post('/me/codes', { email: `n${String(n)}@example.org` }, { from: '203.0.113.9' })).statusCode
    expect([await asked(1), await asked(2), await asked(3), await asked(4)]).toEqual([200, 200, 200, 429])
    expect(await codes('n4@example.org')).toEqual([])
  })

  it('leads whoever is not signed in to sign in, and does nothing that was sent', async () => {
    const asked = await get('/me/contact')
    expect([asked.statusCode, asked.headers.location]).toEqual([303, '/me/sign-in?then=%2Fme%2Fcontact'])
    const sentOut = await post('/me/contact', { name: 'Nobody' })
    expect(sentOut.statusCode).toBe(403)
    expect(sentOut.body).toContain('nothing was done')
  })

  it('says of another’s child what it says of none', async () => {
    const [mother, other] = [await moveIn(house, 'Mo Ther'), await moveIn(house, 'Oth Er')]
    const child = await house.db.transaction(async (tx) => {
      await enterResident(tx, mother.actor)
      const added = await addChild(tx, house.keys, 'parent', { firstName: 'Pia' })
      return 'refused' in added ? '' : added.child
    })
    const absent = crypto.randomUUID()
    expect((await get(`/me/children/${child}`, mother)).body).toContain('Pia')
    const [theirs, none] = [await get(`/me/children/${child}`, other), await get(`/me/children/${absent}`, other)]
    expect([theirs.statusCode, theirs.body]).toEqual([404, none.body])
    for (const noun of ['', '/invitations', '/endings']) {
      const typed = { firstName: 'X', email: 'x@example.org', kind: 'parent' }
      expect((await post(`/me/children/${child}${noun}`, typed, { as: other })).statusCode).toBe(404)
    }
  })
})
