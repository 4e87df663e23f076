import { request as httpRequest, type OutgoingHttpHeaders } from 'node:http'
import { gunzipSync } from 'node:zlib'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { html } from '../html.ts'
import { createServer } from './create-server.ts'

let app: FastifyInstance
const lines: { fields: object; line: string }[] = []

beforeEach(async () => {
  lines.length = 0
  const write = (fields: object, line: string) => void lines.push({ fields, line })
  app = await createServer({
    publicUrl: 'https://city.example',
    log: { info: write, error: write },
    problemPage: ({ status, reference, language, path }) => html`<p>${status} ${reference} ${language} ${path}</p>`,
    bodyLimit: 2_000,
  })
  app.get('/hello/:name', (request, reply) => reply.page(html`<p>${request.language} ${request.url}</p>`))
  app.post('/echo', (request) => ({ posted: request.body }))
  app.get('/fault', () => {
    throw new TypeError('Maria Lopez typed this', { cause: new Error('and this') })
  })
})

afterEach(() => app.close())

test('every answer carries the security headers, whatever it says, and no cookie', async () => {
  app.publish('/published', () => html`<p>page</p>`)
  for (const url of ['/hello/a', '/nothing', '/fault', '/%ZZ', '/published']) {
    const { headers } = await app.inject(url)
    expect(headers['content-security-policy'], url).toContain("default-src 'none'")
    expect(headers['content-security-policy'], url).not.toContain('unsafe')
    expect(headers['x-content-type-options'], url).toBe('nosniff')
    expect(headers['strict-transport-security'], url).toContain('max-age')
    expect(headers['referrer-policy'], url).toBe('no-referrer')
    expect(headers['set-cookie'], url).toBeUndefined()
  }
})

test('an address under /es is the same route in Spanish', async () => {
  expect((await app.inject('/hello/ana')).body).toBe('<p>en /hello/ana</p>')
  expect((await app.inject('/es/hello/ana?q=1')).body).toBe('<p>es /hello/ana?q=1</p>')
  expect((await app.inject('/essence')).statusCode).toBe(404)
})

test('each copy of a page has its own text, from the shelf and from its route alike, and no cache in between keeps it', async () => {
  let made = 0
  const own = { instead: 'HERE', make: () => `n${String((made += 1))}` }
  app.publishCopies('/copy', own, (language) => html`<p>${language} HERE ¿ñ?</p>`)
  app.get('/copy', (_request, reply) => reply.fromShelf())
  const copies = [await app.inject('/copy'), await app.inject('/copy'), await app.inject('/es/copy?asked=1')]
  expect(copies.map(({ body }) => body)).toEqual(['<p>en n1 ¿ñ?</p>', '<p>en n2 ¿ñ?</p>', '<p>es n3 ¿ñ?</p>'])
  for (const { headers } of copies) {
    expect(headers['cache-control']).toBe('private, no-cache')
    expect(headers['content-security-policy']).toContain("default-src 'none'")
  }
  const packed = await app.inject({ url: '/copy', headers: { 'accept-encoding': 'br, gzip' } })
  expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' })
  expect(gunzipSync(packed.rawPayload).toString()).toBe('<p>en n4 ¿ñ?</p>')
})

test('an unknown address is a page in the language of the address, with a reference', async () => {
  const answer = await app.inject('/es/nothing?code=1234')
  expect(answer.statusCode).toBe(404)
  expect(answer.body).toMatch(/^<p>404 [2-9A-Z]{4}-[2-9A-Z]+ es \/nothing<\/p>$/)
  expect(answer.headers['cache-control']).toBe('no-store')
})

test('a method that a route does not take is answered with those that it takes', async () => {
  const answer = await app.inject({ method: 'POST', url: '/hello/ana', payload: 'a=1', headers: form })
  expect(answer.statusCode).toBe(405)
  expect(answer.headers.allow).toBe('GET, HEAD')
  expect((await app.inject({ method: 'GET', url: '/echo' })).headers.allow).toBe('POST')
})

test('a slash too many leads to the page without it and never to another site', async () => {
  expect((await app.inject('/hello/ana/?q=1')).headers.location).toBe('/hello/ana?q=1')
  expect((await app.inject('/es/')).headers.location).toBe('/es')
  expect((await ask('GET', '//evil.example/')).headers['location']).toBe('/evil.example')
  expect((await ask('GET', '/\\evil.example/')).headers['location']).toBe('/evil.example')
})

const form = { 'content-type': 'application/x-www-form-urlencoded' }

test('a posted form arrives with repeated fields as lists, line ends as one sign and no NUL', async () => {
  const payload = 'text=a%0D%0Ab%00c&place=1&place=2&name=Mar%C3%ADa&__proto__=x'
  const { posted } = (await app.inject({ method: 'POST', url: '/echo', payload, headers: form })).json()
  expect(posted).toMatchObject({ text: 'a\nbc', place: ['1', '2'], name: 'María' })
})

test('a body that is too large or in another encoding is refused with a page', async () => {
  const post = (headers: Record<string, string>, payload: string) =>
    app.inject({ method: 'POST', url: '/echo', headers, payload })
  expect((await post(form, `a=${'x'.repeat(3_000)}`)).body).toMatch(/^<p>413 /)
  expect((await post({ 'content-type': 'text/plain' }, 'a=1')).body).toMatch(/^<p>415 /)
  expect((await post({ 'content-type': 'text/xml' }, '<a/>')).body).toMatch(/^<p>415 /)
  expect((await post({ 'content-type': `${form['content-type']}; charset=utf-16` }, 'a=1')).body).toMatch(/^<p>415 /)
  expect((await post({ ...form, 'content-encoding': 'gzip' }, 'a=1')).body).toMatch(/^<p>415 /)
})

test('a fault is a page with a reference, and the log line has the reference but not what was said', async () => {
  const answer = await app.inject('/es/fault?email=maria@example.org')
  expect(answer.statusCode).toBe(500)
  const reference = /500 (\S+) es/.exec(answer.body)?.[1]
  expect(answer.body).not.toContain('Maria')
  const written = JSON.stringify(lines)
  expect(written).toContain(`"request":"${reference}"`)
  expect(written).toContain('TypeError')
  expect(written).not.toMatch(/Maria|and this|maria@/)
})

test('a line of the log names the pattern of the route and never the address', async () => {
  await app.inject('/hello/1234-5678?q=secret')
  const written = JSON.stringify(lines)
  expect(written).toContain('/hello/:name')
  expect(written).not.toMatch(/1234|secret/)
})

test('when too many requests are inside, the next is told when to come back', async () => {
  const crowded = await createServer({
    publicUrl: 'http://127.0.0.1',
    log: { info: () => {}, error: () => {} },
    problemPage: ({ status }) => html`<p>${status}</p>`,
    limits: { delay: 1e9, requests: 1 },
  })
  let leave = () => {}
  const inside = new Promise<void>((resolve) => (leave = resolve))
  crowded.get('/slow', async () => {
    await inside
    return 'done'
  })
  crowded.get('/healthz', { config: { underAnyPressure: true } }, () => 'well')
  const slow = crowded.inject('/slow')
  await crowded.ready()
  await new Promise(setImmediate)
  const turnedAway = await crowded.inject('/slow')
  expect([turnedAway.statusCode, turnedAway.headers['retry-after']]).toEqual([503, '10'])
  expect((await crowded.inject('/healthz')).body).toBe('well')
  expect(turnedAway.headers['strict-transport-security']).toBeUndefined()
  leave()
  expect((await slow).body).toBe('done')
  await new Promise(setImmediate)
  expect((await crowded.inject('/slow')).statusCode).toBe(200)
  await crowded.close()
})

test('one long piece of work turns nobody away; when work does not end, the next is told when to come back', async () => {
  const busy = await createServer({
    publicUrl: 'http://127.0.0.1',
    log: { info: () => {}, error: () => {} },
    problemPage: ({ status }) => html`<p>${status}</p>`,
    limits: { delay: 100, requests: 100 },
  })
  busy.get('/', () => 'done')
  await busy.ready()
  const work = (ms: number) => {
    for (const until = performance.now() + ms; performance.now() < until;);
  }
  const rest = () => new Promise((resolve) => setTimeout(resolve, 1))
  work(900)
  await rest()
  await rest()
  expect((await busy.inject('/')).statusCode).toBe(200)
  for (let n = 0; n < 8; n++) {
    work(300)
    await rest()
  }
  expect((await busy.inject('/')).statusCode).toBe(503)
  await busy.close()
})

async function ask(method: string, path: string, headers: OutgoingHttpHeaders = {}) {
  if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer }>((resolve, reject) => {
    const asked = httpRequest({ port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      )
    })
    asked.on('error', reject)
    asked.end()
  })
}

test('a published page is rendered once in each language and handed out compressed, with an ETag', async () => {
  let rendered = 0
  app.publish('/', (language) => html`<p>${language} ${(rendered += 1)} ${'x'.repeat(500)}</p>`)
  const first = await ask('GET', '/')
  const again = await ask('GET', '/', { 'accept-encoding': 'gzip;q=0.5, br' })
  expect(first.body.toString()).toContain('<p>en 1 ')
  expect(again.headers['content-encoding']).toBe('br')
  expect(again.headers['cache-control']).toBe('public, max-age=300')
  expect(again.headers['vary']).toBe('Accept-Encoding')
  expect(again.headers['content-security-policy']).toContain("default-src 'none'")
  expect((await ask('GET', '/es?utm=1')).body.toString()).toContain('<p>es 2 ')
  expect((await ask('GET', '/', { 'accept-encoding': 'gzip' })).headers['content-encoding']).toBe('gzip')
  expect((await ask('GET', '/', { 'accept-encoding': 'br;q=0' })).headers['content-encoding']).toBeUndefined()
  expect(rendered).toBe(2)
  app.clearShelf()
  expect((await ask('GET', '/')).body.toString()).toContain('<p>en 3 ')
})

test('a published page that the browser still holds is not sent again, and HEAD sends no body', async () => {
  app.publish('/page', () => html`<p>page</p>`)
  const { headers } = await ask('GET', '/page')
  const held = await ask('GET', '/page', { 'if-none-match': `W/${String(headers['etag'])}` })
  expect([held.status, held.body.length, held.headers['etag']]).toEqual([304, 0, headers['etag']])
  const head = await ask('HEAD', '/page')
  expect([head.status, head.body.length, head.headers['content-length']]).toEqual([200, 0, '11'])
  expect((await ask('POST', '/page')).status).toBe(405)
  expect((await ask('PROPFIND', '/page')).status).toBe(405)
})

test('a visit to a published page is counted and leaves no line of its own', async () => {
  app.publish('/page', () => html`<p>page</p>`)
  for (const path of ['/page', '/page', '/es/page', '/page?who=me']) await ask('GET', path)
  lines.length = 0
  await ask('GET', '/page')
  expect(lines).toEqual([])
  await app.close()
  expect(lines.map((each) => each.fields)).toContainEqual({ counts: { '/page': 4, '/es/page': 1 } })
})
