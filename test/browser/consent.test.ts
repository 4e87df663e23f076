import { afterAll, beforeAll, expect, test } from 'vitest'
import { object } from '../../src/people/consent/disagree.ts'
import { askLetter } from '../../src/people/consent/own/acts.ts'
import { openDeskSite } from '../../src/people/consent/testing/desk-site.ts'
import { asked, given } from '../../src/people/consent/testing/scene.ts'
import { openOwnSite } from '../../src/people/consent/testing/own-site.ts'
import { all, one, openTown, type Town } from '../../src/people/consent/testing/town.ts'
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

test('the consent clerk’s desk can be read and used by everybody', async () => {
  const desk = await openDeskSite(town)
  const at = await desk.listen()
  const clerks = await openBrowser(at)
  const rosa = await town.neighbour('Rosa')
  const waiting = await given(town, rosa.actor, await asked(town, rosa.email))
  await askLetter(town, rosa.actor, waiting.request, '12 Almond Street\nAlmendra, CA 95900')
  const done = await town.wholeWay(rosa)
  const omar = await town.second(done.child)
  const photos = one(done, 'photos')
  await object(town, omar.actor, photos)
  const page = await clerks.desk()
  const found: Finding[] = []
  const look = async (name: string) => {
    if (pictures !== undefined)
      for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 900 })
        await page.screenshot({ path: `${pictures}/${name}-${String(width)}.png`, fullPage: true })
      }
    found.push(...(await survey(page, name, { least: 24, main: 24 })))
  }
  await page.goto('/desk/consents')
  await look('desk-queue')
  await page.goto(`/desk/consents/${waiting.request}`)
  await look('desk-sealed')
  await page.getByRole('button', { name: 'Open' }).click()
  await page.getByText('Rosa Vega').waitFor()
  await look('desk-opened')
  await page.getByRole('button', { name: 'Print the letter' }).click()
  await page.getByText('Your code').waitFor()
  await look('desk-letter')
  await page.goto(`/desk/consents/conflicts/${photos}`)
  await look('desk-conflict')
  await page.context().close()
  await clerks.close()
  await desk.close()
  expect(found).toEqual([])
})

test('every page of a guardian can be read and used by everybody, in both languages', async () => {
  const rosa = await town.neighbour('Rosa')
  const waiting = await asked(town, rosa.email)
  const unshown = await given(town, rosa.actor, await asked(town, rosa.email))
  const done = await town.wholeWay(rosa)
  const omar = await town.second(done.child)
  const page = await browser.desk({ viewport: { width: 1280, height: 800 } })
  await page.context().addCookies([{ ...site.cookieOf(rosa), url: origin }])
  const found: Finding[] = []
  /** Pages of one kind differ in words, never in colors: those are looked at once. */
  const look = async (address: string, name: string, colorsToo = true) => {
    await page.goto(address)
    if (pictures !== undefined)
      for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 900 })
        await page.screenshot({ path: `${pictures}/${name}-${String(width)}.png`, fullPage: true })
      }
    found.push(...(await survey(page, name, undefined, colorsToo)))
  }
  const child = `/me/consents/${done.child}`
  const chosen = all(done)
    .map((id) => `consent-${id}=yes`)
    .join('&')
  await look('/me', 'home')
  await look(`/me/consents/requests/${waiting.request}`, 'request')
  await page.locator('form button').first().click()
  await page.getByRole('alert').waitFor()
  found.push(...(await survey(page, 'request refused', undefined, false)))
  await look(`/es/me/consents/requests/${unshown.request}`, 'show')
  await look(`/me/consents/requests/${unshown.request}/form`, 'form', false)
  await look(child, 'child')
  await look(`${child}/held`, 'held')
  await look(`/es${child}/looks`, 'looks', false)
  await look(`${child}/revocation?${chosen}`, 'revocation')
  await page.getByRole('button', { name: 'Take it back now' }).click()
  await page.waitForURL(/receipts/)
  await look(page.url(), 'receipt', false)
  await look(`/es${child}`, 'child-after', false)
  await page.context().clearCookies()
  await page.context().addCookies([{ ...site.cookieOf(omar), url: origin }])
  await look(child, 'other-guardian')
  await page.context().close()
  expect(found).toEqual([])
  expect(await browser.problems()).toEqual([])
})
