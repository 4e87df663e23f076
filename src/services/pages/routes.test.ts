import type { FastifyInstance } from 'fastify'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadCity } from '../../city/index.ts'
import { createServer } from '../../plumbing/index.ts'
import { formPage, loadForms } from '../forms/index.ts'
import type { House } from './house.ts'
import { problemPages } from './pages/problem.ts'
import { pagesRoutes } from './routes.ts'

let app: FastifyInstance
let house: House
let port: number
const lines: object[] = []

beforeAll(async () => {
  const folder = new URL('../../../city', import.meta.url).pathname
  const city = loadCity(folder)
  if ('refused' in city) throw new Error('the sample city does not load')
  const forms = loadForms(`${folder}/forms`, city)
  if ('refused' in forms) throw new Error('the sample forms do not load')
  house = { city, forms }
  const write = (fields: object) => void lines.push(fields)
  app = await createServer({
    publicUrl: 'http://127.0.0.1',
    log: { info: write, error: write },
    problemPage: problemPages(city),
  })
  pagesRoutes(app, { ...house, clock: { now: () => Temporal.Instant.from('2026-11-25T12:00:00.4Z') } })
  app.get<{ Params: { id: string } }>('/forms/:id', (request, reply) => {
    const form = [...forms.values()].find(({ id }) => id === request.params.id)
    return form ? reply.page(formPage(house, request.language, form, { token: 't' })) : reply.problem(404)
  })
  for (const elsewhere of [
    '/receipt',
    '/desk',
    '/me',
    '/bookings',
    '/bookings/:id',
    '/activities',
    '/activities/:programme',
  ])
    app.get(elsewhere, () => '')
  app.get('/fault', () => {
    throw new Error('inside')
  })
  await app.listen({ port: 0 })
  port = (app.server.address() as { port: number }).port
})

afterAll(() => app.close())

const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`)

test('programs are told what is one person’s page, and whom to tell of a weakness', async () => {
  const robots = await (await get('/robots.txt')).text()
  expect(robots).toContain('Disallow: /receipt\n')
  const security = await get('/.well-known/security.txt')
  expect(security.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  expect(await security.text()).toBe(
    'Contact: mailto:hello@almendra.example.org\nExpires: 2027-11-25T12:00:00Z\nPreferred-Languages: en, es\n',
  )
})

test('every link on every page leads to a page, in the language of the page', async () => {
  const seen = new Set<string>()
  const waiting = ['/', '/es', '/search?q=water', '/es/search?q=agua', '/nothing-here']
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    if (seen.has(path)) continue
    seen.add(path)
    const answer = await get(path)
    expect([path, answer.status]).toEqual([path, path.endsWith('/nothing-here') ? 404 : 200])
    if (!answer.headers.get('content-type')?.startsWith('text/html')) continue
    const text = await answer.text()
    const links = [...text.matchAll(/<a\s[^>]*?href="([^"]*)"([^>]*)>/g)]
    for (const [, link = '', rest = ''] of links) {
      const target = link.replaceAll('&amp;', '&')
      if (target.startsWith('#')) expect(text, `${path} ${target}`).toContain(`id="${target.slice(1)}"`)
      if (!target.startsWith('/')) continue
      if (!rest.includes('hreflang') && target !== '/desk') {
        expect([path, target, target.startsWith('/es')]).toEqual([path, target, path.startsWith('/es')])
      }
      waiting.push(target.split('#')[0] as string)
    }
  }
  expect(seen.size).toBeGreaterThan(2 * (4 + house.city.departments.size))
})

test('no page needs what the content security policy forbids, and none shows a hole', async () => {
  for (const path of [
    '/',
    '/es',
    '/services',
    '/privacy',
    '/departments/police',
    '/search?q=zzqxv',
    '/forms/records-request',
  ]) {
    const text = await (await get(path)).text()
    // A module of this site's own may be named; nothing may stand in the page.
    expect(text, path).not.toMatch(
      /<script(?!\s+type="module"\s+src="\/[^"/][^"]*"\s*><\/script>)|<style|\sstyle=|\son[a-z]+=|javascript:/i,
    )
    expect(text, path).not.toMatch(/undefined|\[object|NaN|>null</)
    expect(text.match(/<h1/g), path).toHaveLength(1)
    expect(text, path).toMatch(/<html lang="(en|es)">/)
  }
})

test('what a person searches for is shown as text and written nowhere', async () => {
  lines.length = 0
  const text = await (await get(`/search?q=${encodeURIComponent('<script>hepatitis')}`)).text()
  expect(text).toContain('&lt;script&gt;hepatitis')
  expect(text).not.toContain('<script>')
  expect(lines).toHaveLength(1)
  expect(JSON.stringify(lines)).not.toMatch(/hepatitis|script/)
})

test('every sentence of the policy stands at its own address', async () => {
  const text = await (await get('/privacy')).text()
  for (const { sentences } of house.city.policy.clauses)
    for (const { id } of sentences) expect(text).toContain(`<p class="sentence" id="${id}">`)
})

test('the stylesheet stands at an address that holds its hash and may be kept for good', async () => {
  const href = /<link rel="stylesheet" href="([^"]+)"/.exec(await (await get('/')).text())?.[1] ?? ''
  const sheet = await get(href)
  expect(sheet.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(await sheet.text()).toContain(`--city-accent:${house.city.accent}`)
})

test('a fault is a page with a number to quote and nothing of our insides', async () => {
  const answer = await get('/es/fault')
  const text = await answer.text()
  expect(answer.status).toBe(500)
  expect(text).toMatch(/<b class="nowrap">[2-9A-Z]{4}-[2-9A-Z]+<\/b>/)
  expect(text).toContain('Algo falló')
  expect(text).not.toMatch(/inside|Error:|\.ts/)
})
