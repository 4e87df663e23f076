import type { Response } from 'light-my-request'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeFor, inGroups, issueToken } from '../../src/services/correspondence/index.ts'
import { sql } from '../../src/plumbing/index.ts'
import { openTheCity, type OpenCity } from './city-open.ts'
import { realAddresses } from './real-addresses.ts'
import { nothing, victimsLetter, written, type ActorName } from './scene.ts'

let city: OpenCity
beforeAll(async () => {
  city = await openTheCity()
})
afterAll(() => city.end())

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const ours = { ...form, 'sec-fetch-site': 'same-origin' }
const cookie = (secret: Buffer | undefined) => (secret ? { cookie: `cityhall=${secret.toString('base64url')}` } : {})
const get = (url: string, headers = {}) => city.site.inject({ url, headers })
const post = (url: string, fields: Record<string, string>, headers: Record<string, string> = ours) =>
  city.site.inject({ method: 'POST', url, headers, payload: new URLSearchParams(fields).toString() })

/** Everything of an answer but the time, the reference that names this one request, and the name that was asked for. */
function answerOf(response: Response, ...names: string[]): unknown {
  const { date: _date, ...headers } = response.headers
  const mask = (text: string) => names.reduce((masked, name) => masked.replaceAll(name, '(it)'), text)
  // A seal never gives the same bytes twice; how many there are must not differ.
  const sealed = (_all: string, name: string, bytes: string) => `${name}(${String(bytes.length)} sealed)`
  const body = mask(response.body)
    .replace(/(name="kept"\s+value=")([\w-]+)/g, sealed)
    .replace(/[2-9A-Z]{4}-[2-9A-Z]{4,}/g, '(reference)')
  return { status: response.statusCode, headers: mask(JSON.stringify(headers)), body }
}

/** `id` for the case or whatever an address names; what hangs on the case by its own name, and nobody's for the rest. */
const fillIn = (path: string, id: string) =>
  path
    .replace(/:(message|mail)/g, (_all, what: 'message' | 'mail') => city.hidden[what]?.[0] ?? nothing())
    .replace(/:\w+/g, id)
    .replace('*', '0/000')
const code = () => codeFor(city.keys, issueToken(city.keys))

describe('a visitor', () => {
  /** What a visitor may ask for and this city has none of: a file, an enrolment, a payment, a drawing, results, a proof. */
  const none = [
    '/activities/:programme/:session/draw.json',
    '/ledger/tile/*',
    '/receipt/:code/attachments/:id',
    '/receipt/:code/enrolments/:id/cancellation',
    '/receipt/:code/payments/:reference',
    '/receipt/:code/proofs/:entry',
    '/surveys/:id/results.csv',
  ]

  test('gets every page without a cookie, with every safeguard, and with nothing from elsewhere', async () => {
    const real = await realAddresses(city)
    const paths = city.routes.filter(({ method }) => method === 'GET').map(({ path }) => path)
    expect(paths.length).toBeGreaterThan(150)
    // Behind a door a visitor is shown the door, whatever stands in the address.
    const open = paths.filter((path) => /[:*]/.test(path) && !/^\/(desk|me)\//.test(path))
    expect(open.filter((path) => !Object.hasOwn(real, path)).sort()).toEqual(none)
    for (const url of Object.values(real).flat())
      for (const one of url.endsWith('.js') ? [url] : [url, `/es${url}`]) {
        const answer = await get(one)
        expect(answer.statusCode, one).toBe(200)
        expectSafe(answer, one)
      }
    const urls = paths.map((path) => fillIn(path.replace(':code', code()), nothing()))
    for (const url of [...urls, '/nothing', '/desk/nothing'].flatMap((u) => [u, `/es${u}`]))
      expectSafe(await get(url), url)
  })

  test('gets the same bytes whatever his browser says about him', async () => {
    for (const url of ['/', '/services', '/privacy', '/receipt', '/departments/library']) {
      const plain = answerOf(await get(url))
      const marked = await get(url, {
        cookie: 'id=7; cityhall=x',
        'accept-language': 'es',
        'user-agent': 'x',
        referer: 'https://a.example',
        dnt: '1',
      })
      expect(answerOf(marked)).toEqual(plain)
    }
  })
})

function expectSafe({ headers, body, statusCode }: Response, url: string): void {
  expect(statusCode, url).toBeLessThan(500)
  expect(headers['set-cookie'], url).toBeUndefined()
  const policy = String(headers['content-security-policy'])
  expect(policy, url).toMatch(/default-src 'none'.*frame-ancestors 'none'.*base-uri 'none'/)
  expect(policy, url).not.toMatch(/unsafe|\*|https?:/)
  expect([headers['x-content-type-options'], headers['cross-origin-opener-policy']], url).toEqual([
    'nosniff',
    'same-origin',
  ])
  expect(headers['referrer-policy'], url).toMatch(
    /\/desk|^(\/es)?\/me(\/|$)/.test(url) ? /^same-origin$|^no-referrer$/ : /^no-referrer$/,
  )
  expect(headers['server'] ?? headers['x-powered-by'], url).toBeUndefined()
  expect(body, url).not.toMatch(/<style|<script(?![^>]* src="\/)|\son\w+="|\sstyle="|javascript:/i)
  expect(body, url).not.toMatch(/(src|srcset|action|formaction|poster|data|background|ping)="(https?:)?\/\//i)
  expect(body, url).not.toMatch(/<link[^>]+href="(https?:)?\/\/(?!city\.test)/i)
  expect(body, url).not.toMatch(/@import|url\((?!data:|\/|#|"data:)/i)
  if (/\/(desk|receipt\/|forms)/.test(url))
    expect(headers['cache-control'] ?? 'none', url).toMatch(/no-store|public|private, no-cache/)
}

describe('a case that is not hers', () => {
  const who: (ActorName | 'visitor')[] = ['visitor', 'librarian', 'left', 'discharged', 'wrong secret']
  test.each(who)('answers %s like one that is not there: status, headers, bytes', async (actor) => {
    const secret = actor === 'visitor' ? undefined : city.actors[actor]
    const fields = {
      version: '2',
      words: 'x',
      topic: 'library-general',
      assignee: '1',
      because: 'done',
      reason: 'send-crew',
      close: 'done',
    }
    const routes = city.routes.filter(({ path }) => path.startsWith('/desk/') && path.includes(':id'))
    expect(routes.length).toBeGreaterThan(7)
    for (const { method, path } of routes) {
      const ask = async (id: string) => {
        const url = fillIn(path, id)
        const payload = new URLSearchParams({ ...fields, message: city.hidden['message']?.[0] ?? '' }).toString()
        const sent = { url, headers: { ...ours, ...cookie(secret) }, ...(method === 'POST' && { payload }) }
        return answerOf(await city.site.inject({ method: method as 'GET', ...sent }), id)
      }
      const there = await ask(city.caseId)
      expect(there, `${method} ${path}`).toEqual(await ask(nothing()))
      // A page to print is made by a post; what is not printed leads to the case, there or not.
      const leadsOn = path.endsWith('/print')
      if (actor === 'librarian' || actor === 'discharged')
        expect(there, `${method} ${path}`).toMatchObject({ status: leadsOn ? 303 : 404 })
      else expect([303, 401]).toContain((there as { status: number }).status)
    }
  })

  test('is not in her lists, counts, search or outbox', async () => {
    const headers = cookie(city.actors.librarian)
    for (const url of [
      '/desk',
      '/desk?shelf=answered',
      '/desk?topic=potholes',
      '/desk?shelf=closed&place=riverside',
      '/desk/outbox',
    ]) {
      const { body, statusCode } = await get(url, headers)
      expect(statusCode).toBe(200)
      for (const secret of [city.caseId, 'potholes', 'Marisol'])
        expect(body.includes(secret) && !url.includes(secret), `${url}: ${secret}`).toBe(false)
    }
    const said = async (q: string) =>
      answerOf(await post('/desk/search', { q }, { ...ours, ...cookie(city.actors.librarian) }), q)
    for (const [real, absent] of [
      ['marisol@example.org', 'nobody1@example.org'],
      ['Marisol Vega', 'Nobody Nomen'],
      ['555-555-0142', '555-555-9999'],
      ['000000000001', '000000099999'],
    ] as const)
      expect(await said(real), real).toEqual(await said(absent))
  })

  test('gives no proof at another’s receipt, and none at a code that nobody has', async () => {
    const other = await written(city, { ...victimsLetter, contact: {} })
    const entry = city.hidden['entry']?.[0] ?? ''
    for (const at of [other.code, code()]) {
      const ask = async (id: string) => answerOf(await get(`/receipt/${at}/proofs/${id}`), id)
      expect(await ask(entry)).toEqual(await ask(nothing()))
      expect(await ask(entry)).toMatchObject({ status: 404 })
    }
  })
})

describe('a receipt', () => {
  test('is shown to the code alone, is kept by nobody and tells no other site where it was', async () => {
    for (const url of [`/receipt/${city.code}`, `/es/receipt/${city.code}`]) {
      const { headers, statusCode, body } = await get(url)
      expect(statusCode).toBe(200)
      expect(body).toContain('bicicleta')
      expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    }
    const wrong = code()
    const another = code()
    expect(answerOf(await get(`/receipt/${wrong}`), wrong, inGroups(wrong))).toEqual(
      answerOf(await get(`/receipt/${another}`), another, inGroups(another)),
    )
    expect((await get(`/receipt/${wrong}`)).statusCode).toBe(404)
  })

  test('is not reached with a token that somebody made up or changed', async () => {
    const fields = { topic: 'library-general', message: 'A letter about the library.' }
    const token = issueToken(city.keys)
    const send = async (sent: string, message = fields.message) =>
      post('/forms/contact-the-city', { ...fields, message, token: sent })
    const first = (await send(token)).headers.location
    expect(first).toMatch(/^\/receipt\/\d{24}$/)
    expect((await send(token)).headers.location).toBe(first)
    const changed = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`
    for (const forged of ['', 'AAAA', 'A'.repeat(32), changed, token.toLowerCase(), `${token}=`, '../../x']) {
      const [one, two] = [await send(forged), await send(forged)]
      expect(new Set([one.headers.location, two.headers.location, first]).size, forged).toBe(3)
    }
    const different = await send(token, 'Another letter.')
    expect([different.statusCode, different.headers.location]).toEqual([409, undefined])
    expect(different.body).not.toContain(first?.slice(-24))
    expect(different.body).not.toContain('A letter about the library.')
  })

  test('takes a second message under one token at two receipts as two messages', async () => {
    const token = issueToken(city.keys)
    const [one, two] = [await written(city, victimsLetter), await written(city, victimsLetter)]
    for (const at of [one, two, one])
      expect((await post(`/receipt/${at.code}/messages`, { words: 'It is back.', token })).statusCode).toBe(303)
    const [row] = await city.database.owner.once<{ n: number }>(
      sql`select count(*)::int as n from correspondence.message where kind = 'addition' and case_id in (${one.caseId}, ${two.caseId})`,
    )
    expect(row?.n).toBe(2)
  })
})

describe('another site', () => {
  const foreign: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://city.test.evil.example' },
    { origin: 'http://localhost:80@evil.example' },
  ]
  test.each(foreign)('cannot have a clerk’s browser do anything: %o', async (headers) => {
    const acts = async () => city.database.owner.once(sql`select id from ledger.entry`)
    const before = await acts()
    const routes = city.routes.filter(({ method, path }) => method === 'POST' && path.startsWith('/desk'))
    expect(routes.length).toBeGreaterThan(12)
    for (const { path } of routes) {
      const fields = { reason: 'send-crew', version: '2', words: 'x', because: 'done', topic: 'graffiti', q: 'x' }
      const answer = await post(fillIn(path, city.caseId), fields, {
        ...form,
        ...cookie(city.dana.actor.secret),
        ...headers,
      })
      expect([answer.statusCode, answer.headers['set-cookie']], path).toEqual([403, undefined])
    }
    expect(await acts()).toHaveLength(before.length)
  })
})
