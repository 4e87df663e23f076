import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { issueToken } from '../../src/services/correspondence/index.ts'
import { setPassword } from '../../src/trust/need-to-know/index.ts'
import { openTheCity, type OpenCity } from './city-open.ts'
import { nothing } from './scene.ts'

let city: OpenCity
let clerk: string
const password = 'seven quiet herons wade'
beforeAll(async () => {
  city = await openTheCity()
  clerk = `cityhall=${city.dana.actor.secret.toString('base64url')}`
  const { employee } = await city.hire('quill', 'librarian')
  const pepper = city.keys.derive('password-pepper')
  await city.database.owner.transaction((tx) => setPassword(tx, employee, password, pepper))
  await city.site.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => city.end())

const formType = 'application/x-www-form-urlencoded'
type Sent = { type: string; body: string | Buffer }

const words = 'x'.repeat(30)
const deep = '['.repeat(20_000) + ']'.repeat(20_000)
const hostile: Record<string, Sent> = {
  'NUL in every field': { type: formType, body: fields('a%00b') },
  'a lone surrogate as bytes': { type: formType, body: fields('%ED%A0%80') },
  'bytes that are no UTF-8': { type: formType, body: fields('%FF%FE%80') },
  'half an escape': { type: formType, body: fields('%') },
  'raw bytes': { type: formType, body: Buffer.from([0x61, 0x3d, 0xff, 0x00, 0xfe]) },
  'two megabytes': { type: formType, body: fields('x'.repeat(2_000_000)) },
  'ten thousand fields': { type: formType, body: Array.from({ length: 10_000 }, (_, n) => `f${n}=1`).join('&') },
  'one field a thousand times': {
    type: formType,
    body: Array.from({ length: 1_000 }, () => 'words=x&topic=y&code=1&handle=z').join('&'),
  },
  'names of prototypes': {
    type: formType,
    body: '__proto__=x&constructor=y&__proto__[a]=b&toString=1&hasOwnProperty=1&valueOf=2&topic=__proto__',
  },
  brackets: { type: formType, body: 'topic[]=a&topic[b]=c&message[$ne]=1&words[length]=9&token[toString]=x' },
  markup: {
    type: formType,
    body: fields(encodeURIComponent(`"><script>alert(1)</script><img src=x onerror=alert(1)>'--;{{7*7}}\${7*7}`)),
  },
  'line ends and headers': { type: formType, body: fields('x%0d%0aset-cookie:%20a=b%0d%0a%0d%0a<html>') },
  'bidirectional controls': {
    type: formType,
    body: fields(encodeURIComponent('\u202Eabc\u2066\uFEFF\u0007\u001B[31m')),
  },
  nothing: { type: formType, body: '' },
  'JSON null': { type: 'application/json', body: 'null' },
  'a JSON number': { type: 'application/json', body: '7' },
  'a JSON list': { type: 'application/json', body: '[["topic","potholes"]]' },
  'a JSON text': { type: 'application/json', body: '"words"' },
  'JSON of other kinds than text': { type: 'application/json', body: jsonFields([1, null, true, { a: 1 }, [[]]]) },
  'JSON numbers': { type: 'application/json', body: jsonFields(7) },
  'JSON nulls': { type: 'application/json', body: jsonFields(null) },
  'JSON objects': { type: 'application/json', body: jsonFields({ toString: 'x', length: 3, at: 1 }) },
  'JSON with NUL': { type: 'application/json', body: jsonFields('a\u0000b') },
  'JSON with lone surrogates': {
    type: 'application/json',
    body: jsonFields('x').replaceAll('"x"', '"\\ud800 \\udfff"'),
  },
  'JSON with a prototype': {
    type: 'application/json',
    body: '{"__proto__":{"topic":"potholes"},"constructor":{"prototype":{"x":1}}}',
  },
  'deep JSON': { type: 'application/json', body: deep },
  'JSON that is none': { type: 'application/json', body: '{"words":' },
  'a form in UTF-16': { type: `${formType}; charset=utf-16`, body: Buffer.from(fields(words), 'utf16le') },
  'a form in Latin-1': { type: `${formType}; charset=iso-8859-1`, body: 'words=%E9' },
  XML: { type: 'text/xml', body: '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>' },
  'several parts': {
    type: 'multipart/form-data; boundary=x',
    body: '--x\r\ncontent-disposition: form-data; name="words"; filename="../../x"\r\n\r\nhi\r\n--x--\r\n',
  },
  'plain text': { type: 'text/plain', body: fields(words) },
  'no type at all': { type: '', body: fields(words) },
}

function names(): string[] {
  return 'handle password passkey then kept code words token topic place message name email telephone q version reason assignee because close draft label session old wanted everywhere location when consent records description'.split(
    ' ',
  )
}
function fields(value: string): string {
  return names()
    .map((name) => `${name}=${value}`)
    .join('&')
}
function jsonFields(value: unknown): string {
  return JSON.stringify(Object.fromEntries(names().map((name) => [name, value])))
}

describe('a hostile post is answered with a refusal, never with a fault', () => {
  test.each(Object.keys(hostile))('%s', async (kind) => {
    const { type, body } = hostile[kind] ?? expect.unreachable()
    const routes = city.routes.filter(({ method }) => method === 'POST')
    expect(routes.length).toBeGreaterThan(15)
    for (const { path } of routes.filter((route) => route.path !== '/desk/sign-outs'))
      for (const id of [city.caseId, 'contact-the-city', 'report-a-problem', 'records-request']) {
        if (path.startsWith('/forms') === (id === city.caseId)) continue
        const url = path.replace(':id', id).replace(':code', city.code)
        const headers = { ...(type && { 'content-type': type }), cookie: clerk, 'sec-fetch-site': 'same-origin' }
        const before = city.logged.length
        const answer = await city.site.inject({ method: 'POST', url, headers, payload: body })
        const faults = city.logged.slice(before).filter((line) => /"level":"(error|fatal)"/.test(line))
        expect(
          answer.statusCode < 500 || answer.headers['retry-after'] !== undefined,
          `${url}: ${answer.statusCode}`,
        ).toBe(true)
        expect(faults, url).toEqual([])
        expect(answer.body).not.toMatch(/<script>alert|onerror=alert\(1\)>(?!.*&quot;)/)
        expect(answer.headers['set-cookie'], url).toBeUndefined()
        expectHere(answer.headers.location, url)
      }
  })
})

/** Wherever an answer leads, it is to a path of this site. */
function expectHere(location: unknown, about: string): void {
  if (location !== undefined) expect(location, about).toMatch(/^\/(?![/\\])[^\r\n]*$/)
}

const paths = [
  '//evil.example', '//evil.example/', '///evil.example/', '/\\evil.example/', '/es//evil.example/', '/es/\\evil.example/', '//es/', '/es//',
  '/%2f%2fevil.example/', '/%5cevil.example/', '/.//evil.example/', '/@evil.example/', '/desk//evil.example/',
  '/%00', '/%ZZ', '/%', '/%c0%ae%c0%ae/', '/x%0d%0aset-cookie:a=b', '/x%0aLocation:%20//evil.example/',
  '/assets/../../package.json', '/assets/..%2f..%2fpackage.json', '/assets/%2e%2e/%2e%2e/package.json', '/assets/....//package.json',
  '/assets/', '/assets', '/../package.json', '/..%5cpackage.json', '/.git/config', '/.env', '/migrations/0001-foundation-roles.sql',
  '/forms/__proto__', '/forms/constructor', '/forms/toString', '/forms/..%2fcontact-the-city', '/forms/%00', '/forms/contact-the-city?topic=__proto__&topic=x',
  '/departments/__proto__', '/receipt/%00', '/receipt/000000000000000000000000', '/receipt/%EF%BC%90', '/receipt/../desk', '/receipt/1%0d%0ax:y',
  `/receipt/${'1'.repeat(5_000)}`, `/search?q=${'%F0%9F%9A%B2'.repeat(2_000)}`, '/search?q=%00', '/search?q=%ED%A0%80', '/search?q[]=1&q=2', '/search?q=' + encodeURIComponent('(a+)+$\\'),
  '/ledger/tile/0/000', '/ledger/tile/-1/0', '/ledger/tile/64/000', '/ledger/tile/0/x999/999', '/ledger/tile/0/999999999999999999999', '/ledger/tile/entries/../../x', '/ledger/tile/0/000.p/0', '/ledger/tile/0/000.p/257',
  '/desk/cases/%00', '/desk/cases/__proto__', '/desk?after=%00&shelf=__proto__&topic=constructor&place=%ED%A0%80', '/desk?shelf=mine&after=' + Buffer.from('2026-01-01|x').toString('base64url'),
  '/desk/sign-in?then=//evil.example', '/desk/sign-in?then=/desk/../..//evil', '/desk/sign-in?then[]=x', '/healthz?x', '/readyz/', '/?' + 'a=b&'.repeat(3_000), '/es', '/esx', '/ES/privacy',
] // prettier-ignore

describe('a hostile address', () => {
  test.each(paths)('%s leads nowhere else and opens nothing', async (path) => {
    for (const [method, headers] of [
      ['GET', {}],
      ['HEAD', {}],
      ['GET', { cookie: clerk }],
      ['DELETE', {}],
      ['OPTIONS', {}],
    ] as const) {
      const before = city.logged.length
      const answer = await raw(method, path, headers)
      expect(answer.status, method).toBeLessThan(500)
      expect(city.logged.slice(before).filter((line) => /"level":"(error|fatal)"/.test(line))).toEqual([])
      expectHere(answer.headers.location, path)
      expect(answer.headers['set-cookie']).toBeUndefined()
      expect(answer.body).not.toMatch(/"dependencies"|root:|\[core\]|create role/)
    }
  })
})

/** Sends a path as it is: a polite client would tidy it. */
function raw(method: string, path: string, headers: Record<string, string>) {
  const { port } = city.site.server.address() as AddressInfo
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', method, path, headers, agent: false }, (response) => {
      let body = ''
      response.on('data', (piece: Buffer) => (body += piece.toString()))
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body })
      })
    })
    asked.on('error', reject)
    asked.end()
  })
}

describe('signing in', () => {
  const headers = { 'content-type': formType, 'sec-fetch-site': 'same-origin' }
  const signIn = (typed: Record<string, string>) =>
    city.site.inject({ method: 'POST', url: '/desk/sign-in', headers, payload: new URLSearchParams(typed).toString() })

  test('fails alike for a name that is there, one that is not, and one that has left', async () => {
    const said = async (handle: string) => {
      const { statusCode, body, headers } = await signIn({ handle, password: 'wrong wrong wrong wrong' })
      return [statusCode, body.replaceAll(handle, '(it)'), headers['set-cookie'], headers['content-type']]
    }
    const known = await said('quill')
    expect(known[0]).toBe(422)
    for (const other of ['wxyz1', 'rae', 'zzzzz']) expect(await said(other)).toEqual(known)
  })

  test('gives one cookie that no script reads and no other site sends, and leads to the desk only', async () => {
    const { statusCode, headers } = await signIn({ handle: 'quill', password, then: 'https://evil.example/desk' })
    expect([statusCode, headers.location]).toEqual([303, '/desk'])
    expect(headers['set-cookie']).toMatch(/^cityhall=[\w-]{43}; Path=\/desk; HttpOnly; SameSite=Strict$/)
    for (const then of [
      '//evil.example',
      '/\\evil.example',
      '/desk@evil.example',
      '/desk/../x',
      '/desk\r\nset-cookie: a=b',
    ])
      expect((await signIn({ handle: 'quill', password, then })).headers.location).toBe('/desk')
  })

  test('takes a session’s secret from its cookie only, whole and unchanged', async () => {
    const secret = city.dana.actor.secret.toString('base64url')
    const desk = async (cookie: string) => (await city.site.inject({ url: '/desk', headers: { cookie } })).statusCode
    expect(await desk(`cityhall=${secret}`)).toBe(200)
    for (const wrong of [
      'cityhall=',
      'cityhall',
      `cityhall=${secret.slice(1)}`,
      `cityhall=${secret}AAAA`,
      `Xcityhall=${secret}`,
      `cityhall=${'A'.repeat(43)}`,
      `__Host-cityhall=${secret}`,
      'cityhall=\u00ff',
    ])
      expect(await desk(wrong), wrong).toBe(303)
    expect((await city.site.inject(`/desk?cityhall=${secret}`)).statusCode).toBe(303)
  })
})

test('over HTTPS the cookie is bound to the host and to secure connections', async () => {
  const { sessionCookie } = await import('../../src/trust/need-to-know/index.ts')
  expect(sessionCookie('https://city.example').set(Buffer.alloc(32))).toMatch(
    /^__Host-cityhall=[\w-]+; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
  )
})

test('after all this the log holds no name, word, code, address or secret', async () => {
  await city.site.inject({
    method: 'POST',
    url: '/forms/contact-the-city',
    headers: { 'content-type': formType },
    payload: `topic=library-general&message=Zanahoria&name=Ignatius&email=ignatius@example.org&token=${issueToken(city.keys)}`,
  })
  await city.site.inject(`/receipt/${city.code}?email=ignatius@example.org`)
  await city.site.inject(`/desk/cases/${nothing()}`)
  const all = city.logged.join('')
  expect(city.logged.length).toBeGreaterThan(500)
  for (const secret of [
    city.code,
    city.caseId,
    city.dana.actor.secret.toString('base64url'),
    password,
    'Marisol',
    'bicicleta',
    'Zanahoria',
    'Ignatius',
    'ignatius',
    'quill',
    'dana',
    '127.0.0.1',
    'evil.example',
  ])
    expect(all.includes(secret), secret).toBe(false)
})
