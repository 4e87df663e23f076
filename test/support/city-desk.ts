import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { expect } from 'vitest'
import type { City, DutyId, FormId, TopicId } from '../../src/city/index.ts'
import { openDesk } from '../../src/doors/desk.ts'
import { createServer, html, sql } from '../../src/plumbing/index.ts'
import { issueToken, receive } from '../../src/services/correspondence/index.ts'
import { temporaryFolder } from './cluster.ts'
import { openTestHouse, type TestHouse } from './house.ts'
import { Browser, clientId, clientSecret, startIdentityProvider, type IdentityProvider } from './identity-provider.ts'

export const publicUrl = 'http://desk.test'
const groups = new Map<string, readonly DutyId[]>([
  ['works', ['works-dispatcher' as DutyId]],
  ['library', ['librarian' as DutyId]],
])
const ours = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }

type Cookies = Record<string, string>
export type Answered = Awaited<ReturnType<FastifyInstance['inject']>>

/** The desk of a city with an identity provider, both real, and browsers that go between them. */
export type CityDesk = Awaited<ReturnType<typeof openCityDesk>>

export async function openCityDesk(options: Omit<Parameters<typeof startIdentityProvider>[0], 'publicUrl'> = {}) {
  const folder = temporaryFolder()
  const house: TestHouse = await openTestHouse()
  const idp: IdentityProvider = await startIdentityProvider({ publicUrl, ...options })
  const logged: string[] = []

  async function deskWith(more: object = {}): Promise<FastifyInstance> {
    const secretFile = join(folder.path, 'client-secret')
    writeFileSync(secretFile, `${clientSecret}\n`, { mode: 0o600 })
    const log = { info: () => undefined, error: (fields: object) => logged.push(JSON.stringify(fields)) }
    const opened = await createServer({ publicUrl, log, problemPage: ({ status }) => html`<h1>${status}</h1>` })
    const known = { issuer: idp.issuer, clientId, clientSecretFile: secretFile, groupsClaim: 'groups' }
    const identityProvider = { ...known, only: false, grace: 0, ...more }
    const city: City = { ...house.city, groups }
    await openDesk(opened, { ...house, city, config: { publicUrl, identityProvider } } as never)
    return opened
  }
  const app = await deskWith()

  const post = (url: string, fields: Record<string, string>, cookies: Cookies = {}, at = app) =>
    at.inject({
      method: 'POST',
      url,
      headers: { ...ours, cookie: cookieLine(cookies) },
      payload: new URLSearchParams(fields).toString(),
    })
  const get = (url: string, cookies: Cookies = {}, at = app) =>
    at.inject({ url, headers: { cookie: cookieLine(cookies) } })

  /** Begins a sign-in: where it leads, and what binds it to the browser. */
  async function begun(fields: Record<string, string> = {}, cookies: Cookies = {}, at = app) {
    const answer = await post('/desk/sign-in/city', fields, cookies, at)
    return { answer, address: onward(answer), way: cookieSet(answer, 'cityhall-way') }
  }
  async function signedIn(fields: Record<string, string> = {}, browser = new Browser(), at = app): Promise<Cookies> {
    const { address, way } = await begun(fields, {}, at)
    const back = await idp.visit(address, browser)
    const answer = await get(back.pathname + back.search, { 'cityhall-way': way }, at)
    expect(answer.statusCode, answer.body.slice(0, 800)).toBe(200)
    return { cityhall: cookieSet(answer, 'cityhall') }
  }
  async function written(topic: string): Promise<void> {
    const received = await receive(
      house,
      {
        channel: 'form',
        form: 'contact-the-city' as FormId,
        formVersion: 1,
        topic: topic as TopicId,
        language: 'en',
        answers: [{ field: 'message', label: 'Your letter', value: 'A hole.' }],
        contact: {},
      },
      issueToken(house.keys),
    )
    if ('refused' in received) throw new Error(received.refused)
  }
  /** Pia, of the works department, signs in next. */
  function piaIs(more: Partial<{ name: string; preferred_username: string; groups: string[] }> = {}): void {
    const pia = { name: 'Pia Quist', preferred_username: 'Pia.Quist@city.example', groups: ['works'] }
    idp.people.set('subject-pia', { ...pia, ...more })
    idp.signsIn = 'subject-pia'
  }
  const acts = async (act: string) =>
    (await house.database.owner.once(sql`select from ledger.entry where act = ${act}`)).length

  return {
    house,
    idp,
    app,
    deskWith,
    post,
    get,
    begun,
    signedIn,
    written,
    piaIs,
    acts,
    owner: house.database.owner,
    async close() {
      await app.close()
      await house.close()
      await idp.close()
      folder.remove()
      expect(logged.join('\n')).not.toMatch(/Pia|pia|Quist|subject-/)
    },
  }
}

const cookieLine = (cookies: Cookies) =>
  Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
export const setCookies = ({ headers }: Answered): string[] => [headers['set-cookie'] ?? []].flat()
export const cookieSet = (answer: Answered, name: string): string =>
  setCookies(answer)
    .map((line) => new RegExp(`^${name}=([^;]*)`).exec(line)?.[1])
    .filter(Boolean)
    .at(-1) ?? ''
export const onward = (answer: Answered) => /^0;url=(.*)$/.exec(String(answer.headers['refresh']))?.[1] ?? '(no way on)'
export const hidden = (body: string, name: string) =>
  new RegExp(`name="${name}"\\s+value="([^"]*)"`).exec(body)?.[1] ?? ''
export const casesIn = (answer: Answered) => [...new Set(answer.body.match(/\/desk\/cases\/[0-9a-f-]{36}/g))]
