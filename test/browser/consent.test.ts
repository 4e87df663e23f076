import { afterAll, beforeAll, expect, test } from 'vitest'
import { publishLook } from '../../src/city/look/index.ts'
import type { FormId } from '../../src/city/index.ts'
import { ask, decline, revoke, tendConsents, verify } from '../../src/people/consent/index.ts'
import { object } from '../../src/people/consent/disagree.ts'
import { askLetter } from '../../src/people/consent/own/acts.ts'
import { openDeskSite } from '../../src/people/consent/testing/desk-site.ts'
import { asked, given, noticeOf as noticeFor } from '../../src/people/consent/testing/scene.ts'
import { openOwnSite } from '../../src/people/consent/testing/own-site.ts'
import { all, one, openTown, type Town } from '../../src/people/consent/testing/town.ts'
import { createServer, html, sql } from '../../src/plumbing/index.ts'
import { noticeOf } from '../../src/services/forms/minors/notice-of.ts'
import { formsRoutes } from '../../src/services/forms/routes.ts'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { post } from './acts.ts'
import { glance, survey, type Finding } from './survey.ts'

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
  const minors = noticeFor(town.city)
  const things = { asksMinors: () => [minors] }
  const desk = await openDeskSite({ ...town, ...things })
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
  const notice = noticeFor(town.city)
  const house = { notice, band: 'under-13', firstName: 'Maya', language: 'en' } as const
  await ask(town, { ...house, address: '12 Almond Street\nAlmendra, CA 95900' })
  await page.goto('/desk/consents')
  await look('desk-queue')
  await page.getByRole('region', { name: 'To be printed' }).getByRole('button', { name: 'Open' }).last().click()
  await page.getByText('Your code:').waitFor()
  const code = /Your code: ([\d ]+\d)/.exec(await page.locator('.paper').innerText())?.[1] ?? ''
  await look('desk-paper')
  if (pictures !== undefined) {
    await page.emulateMedia({ media: 'print' })
    await page.screenshot({ path: `${pictures}/desk-paper-print.png`, fullPage: true })
    await page.emulateMedia({ media: 'screen' })
  }
  await page.goto('/desk/consents/counter')
  found.push(...(await glance(page, 'desk-counter-code')))
  const refused = async (at: string, fields: Record<string, string>) => {
    await post(page, at, fields)
    found.push(...(await glance(page, `${at} refused`)))
  }
  await refused('/desk/consents/counter', { code: '1' })
  await page.getByLabel('Code of the letter').fill(code)
  await page.getByRole('button', { name: 'Read the question' }).click()
  await page.getByLabel('Birthday of the child').waitFor()
  await look('desk-counter')
  await page.evaluate("document.querySelector('main form').noValidate = true")
  await page.locator('main form button').last().click()
  await page.getByRole('alert').waitFor()
  found.push(...(await glance(page, 'desk-counter refused')))
  await page.goto('/desk/consents/asking')
  await look('desk-asking')
  await refused('/desk/consents/asking', { thing: minors.thing, email: 'nowhere' })
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
  await refused(`/desk/consents/conflicts/${photos}/revocations`, { seen: '0'.repeat(64) })
  await refused(`/desk/consents/${waiting.request}/verifications`, { method: 'counter', as: 'parent' })
  const officer = await town.test.hire('cora', 'custody-officer')
  await revoke(town, rosa.actor, all(done), await town.seen(rosa.actor, all(done)))
  await desk.get(officer, '/desk/custody')
  await page.goto('/desk/custody')
  await look('desk-custody')
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
  const refused = async (at: string, fields = {}) => {
    await post(page, at, fields)
    found.push(...(await glance(page, `${at} refused`)))
  }
  const child = `/me/consents/${done.child}`
  const chosen = all(done)
    .map((id) => `consent-${id}=yes`)
    .join('&')
  await look('/me', 'home')
  await look('/me/consents/code', 'claim')
  await look(`/me/consents/requests/${waiting.request}`, 'request')
  await page.locator('form button').first().click()
  await page.getByRole('alert').waitFor()
  found.push(...(await survey(page, 'request refused', undefined, false)))
  await look(`/es/me/consents/requests/${unshown.request}`, 'show')
  for (const what of ['codes', 'letters']) await refused(`/me/consents/requests/${unshown.request}/${what}`)
  await look(`/me/consents/requests/${unshown.request}/form`, 'form', false)
  await look(child, 'child')
  await look(`${child}/held`, 'held')
  await look(`/es${child}/looks`, 'looks', false)
  await refused(`${child}/revocation`, { seen: '0'.repeat(64), ...Object.fromEntries(new URLSearchParams(chosen)) })
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

/** The forms of the city, and questions to parents about its summer camp that stand in every way a question can. */
async function openCamp() {
  const quiet = { info: () => undefined, error: () => undefined }
  const app = await createServer({
    publicUrl: 'http://city.test',
    log: quiet,
    problemPage: ({ status }) => html`<h1>${status}</h1>`,
  })
  publishLook(app, town.city)
  formsRoutes(app, { ...town.test, publicUrl: 'http://city.test' })
  const form = town.test.forms.get('summer-camp' as FormId)
  if (!form) throw new Error('no summer camp')
  const notice = noticeOf(town.city, form)
  const parent = await town.neighbour('Rosa')
  const ask = (email = parent.email) => asked(town, email, { notice })
  const ready = await given(town, parent.actor, await ask())
  await verify(town, town.clerk.actor, { request: ready.request, method: 'counter', as: 'parent' })
  const unshown = await town.neighbour('Omar')
  const answered = await given(town, unshown.actor, await ask(unshown.email))
  const refused = await ask()
  await decline(town, parent.actor, refused.request)
  const expired = await ask('late@example.org')
  await town.rows(sql`update consent.request set ends_on = consent.today() - 1 where id = ${expired.request}`)
  await tendConsents(town.test.database.keeper)
  const waiting = await ask()
  return { app, codes: { waiting, answered, refused, expired, ready } }
}

test('a minor’s pages can be read and used by everybody: the question of age, asking a parent, and how it stands', async () => {
  const { app, codes } = await openCamp()
  const minors = await openBrowser(await app.listen({ port: 0, host: '127.0.0.1' }))
  const page = await minors.desk()
  const found: Finding[] = []
  const look = async (name: string, twin = false) => {
    if (pictures !== undefined)
      for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 900 })
        await page.screenshot({ path: `${pictures}/minor-${name}-${String(width)}.png`, fullPage: true })
      }
    found.push(...(await survey(page, name, undefined, twin)))
  }
  await page.goto('/forms/summer-camp')
  await post(page, '/forms/go-on', { code: '1' })
  found.push(...(await glance(page, 'no such code')))
  await page.goto('/forms/summer-camp')
  await look('age')
  await page.getByLabel('Your date of birth').fill('5/4/2015')
  await page.getByRole('button', { name: 'Next' }).click()
  await look('ask')
  await page.getByRole('button', { name: 'Ask my parent' }).click()
  await page.getByRole('alert').waitFor()
  await look('ask-refused', true)
  for (const [name, { code }] of Object.entries(codes)) {
    await page.goto(name === 'refused' ? '/es/forms/go-on' : '/forms/go-on')
    if (name === 'waiting') await look('code')
    await page.locator('#code').fill(code)
    await page.locator('#letter button').click()
    await page.locator('main h1').waitFor()
    await look(name, name === 'answered' || name === 'expired')
  }
  await page.context().close()
  await minors.close()
  await app.close()
  expect(found).toEqual([])
}, 60_000)
