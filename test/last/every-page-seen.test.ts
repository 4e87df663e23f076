import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { openDoors } from '../../src/doors/index.ts'
import { createLog, readConfig } from '../../src/plumbing/index.ts'
import { openLedgerKey } from '../../src/trust/ledger/index.ts'
import type { Answer } from '../support/browser.ts'
import { openTestHouse } from '../support/house.ts'
import { routesIn } from '../support/routes.ts'
import { alike, neverRefused, withoutPage } from './pages.ts'

// Runs when everything else has run (vitest.config.ts): the browser's tests have told which pages axe saw.

/** Every GET and POST of the program, also of what it opens only with a payment company and the city's own sign-in. */
async function everyRoute(): Promise<readonly string[]> {
  const house = await openTestHouse()
  const secrets = join(house.folder, 'secrets')
  mkdirSync(secrets, { mode: 0o700 })
  for (const name of ['stripe.key', 'stripe-webhook.key', 'oidc'])
    writeFileSync(join(secrets, name), 'sk_test_nobody', { mode: 0o600 })
  const config = readConfig({
    CITYHALL_DATA: house.folder,
    CITYHALL_PAYMENTS: 'stripe',
    CITYHALL_OIDC_ISSUER: 'https://sign-in.city.test',
    CITYHALL_OIDC_CLIENT_ID: 'cityhall',
    CITYHALL_OIDC_CLIENT_SECRET_FILE: join(secrets, 'oidc'),
  })
  if ('refused' in config) throw new Error(JSON.stringify(config.mistakes))
  const signer = await openLedgerKey(secrets, 'city.test/ledger')
  const site = await openDoors({ ...house, config, log: createLog({ logLevel: 'silent' }), signer })
  await site.ready()
  const routes = routesIn(site)
  await site.close()
  await house.close()
  return routes
    .filter(({ method }) => method === 'GET' || method === 'POST')
    .map(({ method, path }) => `${method} ${path}`)
}

const places = (route: string) => (route.match(/[:*]/g) ?? []).length + (route.includes('*') ? 100 : 0)

/** Which route answers: of those that fit, the one that leaves least open, as the router chooses. */
function routerOf(routes: readonly string[]): (method: string, path: string) => string | undefined {
  const patterns = routes
    .map((route) => ({ route, left: places(route), fits: new RegExp(`^${pattern(route)}$`) }))
    .sort((one, other) => one.left - other.left)
  return (method, path) =>
    patterns.find(({ fits }) => fits.test(`${method} ${path.replace(/^\/es(?=\/|$)/, '') || '/'}`))?.route
}

const pattern = (route: string) => route.replace(/[.+?]/g, '\\$&').replace(/:\w+/g, '[^/]+').replace('*', '.*')

test('axe has seen every page that the program answers with, and each that says why nothing was done', async () => {
  const routes = await everyRoute()
  const routeOf = routerOf(routes)
  const seen = (await (await fetch(`${inject('cities')}/seen`)).json()) as Answer[]
  expect(seen.length, 'this test asks what the browser’s tests saw: run all of them').toBeGreaterThan(200)
  const shown = new Map<string, number[]>()
  for (const { method, path, status } of seen) {
    const route = routeOf(method, path)
    if (route) shown.set(route, [...(shown.get(route) ?? []), status])
  }
  const isSeen = (route: string) => {
    const statuses = shown.get(route) ?? []
    if (route.startsWith('GET ')) return statuses.some((status) => status !== 404)
    return statuses.some((status) => status >= 400) || (neverRefused.includes(route) && statuses.length > 0)
  }
  const pageless = Object.values(withoutPage).flat()
  const like = Object.values(alike).flat()
  const excused = new Set([...pageless, ...like])
  const isExcused = (route: string) =>
    excused.has(route) ||
    pageless.some((one) => one.endsWith('*') && route.startsWith(one.slice(0, -1))) ||
    route.endsWith('/check.js')
  expect(routes.filter((route) => !isExcused(route) && !isSeen(route))).toEqual([])
  // And the lists tell the truth: what they name is there, what has no page showed none, what stands for others was seen.
  const known = new Set(routes)
  const named = [...pageless.filter((one) => !one.endsWith('*')), ...like, ...neverRefused, ...Object.keys(alike)]
  expect(named.filter((route) => !known.has(route))).toEqual([])
  expect(pageless.filter((route) => shown.has(route))).toEqual([])
  expect(Object.keys(alike).filter((route) => !isSeen(route))).toEqual([])
})
