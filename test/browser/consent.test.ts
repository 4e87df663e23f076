import { afterAll, beforeAll, expect, test } from 'vitest'
import { asked, given } from '../../src/people/consent/testing/scene.ts'
import { openOwnSite } from '../../src/people/consent/testing/own-site.ts'
import { all, openTown, type Town } from '../../src/people/consent/testing/town.ts'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { survey, type Finding } from './survey.ts'

let town: Town
let site: Awaited<ReturnType<typeof openOwnSite>>
let browser: TestBrowser
let origin: string
beforeAll(async () => {
  town = await openTown()
  site = await openOwnSite(town)
  origin = await site.listen()
  browser = await openBrowser(origin)
})
afterAll(async () => {
  await browser.close()
  await site.close()
  await town.test.close()
})

/** Where pictures go, for somebody who wants to look: `CITYHALL_LOOK=/tmp/pictures`. */
const pictures = process.env['CITYHALL_LOOK']

test('every page of a guardian can be read and used by everybody, in both languages', async () => {
  const rosa = await town.neighbour('Rosa')
  const waiting = await asked(town, rosa.email)
  const unshown = await given(town, rosa.actor, await asked(town, rosa.email))
  const done = await town.wholeWay(rosa)
  const omar = await town.second(done.child)
  const page = await browser.desk({ viewport: { width: 1280, height: 800 } })
  await page.context().addCookies([{ ...site.cookieOf(rosa), url: origin }])
  const found: Finding[] = []
  const look = async (address: string, name: string) => {
    await page.goto(address)
    if (pictures !== undefined)
      for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 900 })
        await page.screenshot({ path: `${pictures}/${name}-${String(width)}.png`, fullPage: true })
      }
    found.push(...(await survey(page, name)))
  }
  const child = `/me/consents/${done.child}`
  const chosen = all(done)
    .map((id) => `consent-${id}=yes`)
    .join('&')
  await look('/me', 'home')
  await look(`/me/consents/requests/${waiting.request}`, 'request')
  await page.locator('form button').first().click()
  await page.getByRole('alert').waitFor()
  found.push(...(await survey(page, 'request refused')))
  await look(`/es/me/consents/requests/${unshown.request}`, 'show')
  await look(`/me/consents/requests/${unshown.request}/form`, 'form')
  await look(child, 'child')
  await look(`${child}/held`, 'held')
  await look(`/es${child}/looks`, 'looks')
  await look(`${child}/revocation?${chosen}`, 'revocation')
  await page.getByRole('button', { name: 'Take it back now' }).click()
  await page.waitForURL(/receipts/)
  await look(page.url(), 'receipt')
  await look(`/es${child}`, 'child-after')
  await page.context().clearCookies()
  await page.context().addCookies([{ ...site.cookieOf(omar), url: origin }])
  await look(child, 'other-guardian')
  await page.context().close()
  expect(found).toEqual([])
  expect(await browser.problems()).toEqual([])
})
