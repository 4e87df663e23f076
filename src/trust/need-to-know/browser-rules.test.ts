import { expect, test } from 'vitest'
import { deskAddress, fieldsOf } from './desk.ts'
import { relyingParty } from './relying-party.ts'
import { isSameOrigin } from './same-origin.ts'
import { sessionCookie } from './session-cookie.ts'

const secret = Buffer.alloc(32, 7)

test('over HTTPS the cookie is bound to the host; over plain HTTP it is kept to the desk', () => {
  expect(sessionCookie('https://city.example').set(secret)).toMatch(
    /^__Host-cityhall=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
  )
  expect(sessionCookie('http://localhost:8080').set(secret)).toMatch(
    /^cityhall=[\w-]{43}; Path=\/desk; HttpOnly; SameSite=Strict$/,
  )
})

test('a cookie is read back among others, and anything that is not a secret is none', () => {
  const cookie = sessionCookie('http://localhost:8080')
  const pair = cookie.set(secret).split(';')[0] ?? ''
  expect(cookie.read(`a=b; ${pair}; c=d`)).toEqual(secret)
  for (const header of [undefined, '', 'cityhall=', 'cityhall=short', `x${pair}`])
    expect(cookie.read(header)).toBeUndefined()
})

test('what another site sends is told from what our pages send', () => {
  const host = 'city.example'
  const from = (headers: Record<string, string>, method = 'POST') => isSameOrigin(method, { host, ...headers })
  expect(from({ 'sec-fetch-site': 'same-origin' })).toBe(true)
  expect(from({ origin: 'https://city.example' })).toBe(true)
  expect(from({})).toBe(true)
  for (const site of ['cross-site', 'same-site', 'none']) expect(from({ 'sec-fetch-site': site }), site).toBe(false)
  expect(from({ 'sec-fetch-site': 'cross-site', origin: 'https://city.example' })).toBe(false)
  for (const origin of ['https://evil.example', 'null', 'https://city.example.evil', 'https://city.example:8443'])
    expect(from({ origin }), origin).toBe(false)
  expect(from({ 'sec-fetch-site': 'cross-site' }, 'GET')).toBe(true)
})

test('signing in leads on to addresses of the desk and nowhere else', () => {
  const id = '0193a6f0-0000-7000-8000-000000000000'
  expect(deskAddress(`/desk/cases/${id}/replies`)).toBe(`/desk/cases/${id}/replies`)
  for (const path of [
    undefined,
    '',
    '/',
    '//evil.example',
    '/desk/../x',
    '/desk//evil',
    '/deskx',
    'https://evil.example/desk',
  ])
    expect(deskAddress(path)).toBe('/desk')
})

test('a form’s field that came twice counts once', () => {
  expect(fieldsOf({ a: ['1', '2'], b: '3' })).toEqual({ a: '2', b: '3' })
  for (const body of [undefined, null, 'text', ['x']]) expect(fieldsOf(body)).toEqual({})
})

test('passkeys are offered where browsers allow them', () => {
  expect(relyingParty('https://city.example', 'City')).toMatchObject({
    id: 'city.example',
    origin: 'https://city.example',
  })
  expect(relyingParty('http://127.0.0.1:8080', 'City')).toMatchObject({
    id: 'localhost',
    origin: 'http://localhost:8080',
  })
  expect(relyingParty('http://city.example', 'City')).toBeUndefined()
  expect(relyingParty('https://192.0.2.7', 'City')).toBeUndefined()
})
