import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Session, SessionId } from '../../src/city/index.ts'
import { openDeskSite } from '../../src/people/consent/testing/desk-site.ts'
import { openTown } from '../../src/people/consent/testing/town.ts'
import { sql } from '../../src/plumbing/index.ts'
import { activitiesDeskRoutes, childRoutes, childrenPanel } from '../../src/services/activities/index.ts'
import { openFamilies } from '../../src/services/activities/testing/families.ts'
import { offering } from '../../src/services/activities/testing/scene.ts'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { openOwnSite } from '../support/people.ts'
import { aCityOfItsOwn, type Running } from '../support/running.ts'
import { comeIn, mainText, post } from './acts.ts'
import { glance, survey, type Finding } from './survey.ts'

let running: Running
let browser: TestBrowser
const found: Finding[] = []
const atDesk = { least: 24, main: 24 }

beforeAll(async () => {
  running = await aCityOfItsOwn()
  browser = await openBrowser(running.origin)
})
afterAll(async () => {
  await browser.close()
  await running.stop()
})
afterEach(async () => {
  expect(await browser.problems()).toEqual([])
})

test('a resident on a phone, without JavaScript, finds a group, signs up, and gives her place up again', async () => {
  const page = await browser.phone()
  await page.goto('/')
  await page.getByRole('link', { name: 'Sign up for a class or a group' }).click()
  await page.getByLabel('Age', { exact: true }).fill('70')
  await page.getByRole('button', { name: 'Show' }).click()
  expect(await mainText(page)).not.toContain('Summer camp')
  await page.locator('section[aria-labelledby=walking-group] a.way').click()
  expect(await mainText(page)).toMatch(/\d+ places left/)
  await page.getByRole('link', { name: 'Sign up', exact: true }).click()
  await page.getByLabel('Your name').fill('Ofelia Reyes')
  await page.getByRole('button', { name: 'Next' }).click()
  expect(await mainText(page)).toContain('Walking group for older adults')
  await page.getByRole('button', { name: 'Send to the city' }).click()
  await page.getByRole('heading', { name: 'What you signed up for' }).waitFor()
  expect(await mainText(page)).toContain('You have a place.')
  await page.getByRole('link', { name: 'Give up this place' }).click()
  expect(await mainText(page)).toContain('Your place is offered at once to whoever is next.')
  const wide = await browser.visitor()
  await wide.goto(page.url())
  found.push(...(await glance(wide, 'giving up')))
  const at = new URL(page.url()).pathname
  await post(wide, at, { refund: 'half', version: '99' })
  found.push(...(await glance(wide, 'giving up, changed')))
  await page.getByRole('button', { name: 'Yes, give it up' }).click()
  expect(await mainText(page)).toContain('You gave it up.')
  await post(wide, at.replace('cancellation', 'acceptance'))
  found.push(...(await glance(wide, 'nothing to accept')))
  await wide.context().close()
  await page.context().close()
})

test('who runs activities sees numbers; who leads them sees nothing but today, and neither sees the other’s', async () => {
  const page = await browser.desk()
  await comeIn(page, running, 'aisha')
  await page.getByRole('link', { name: 'Activities' }).click()
  found.push(...(await survey(page, 'overview', atDesk)))
  await page.getByRole('link', { name: 'Chess club' }).click()
  expect(await mainText(page)).not.toContain('Marta Ibarra')
  found.push(...(await survey(page, 'session on the desk', atDesk)))
  const leader = await browser.desk()
  await comeIn(leader, running, 'diego')
  await leader.getByRole('link', { name: 'Activities' }).click()
  await leader.getByRole('heading', { name: 'Today' }).waitFor()
  found.push(...(await survey(leader, 'today', atDesk)))
  expect((await leader.goto('/desk/activities/chess-winter'))?.status()).toBe(404)
  await page.context().close()
  await leader.context().close()
})

/** Where pictures go, for somebody who wants to look: `CITYHALL_LOOK=/tmp/pictures`. */
const pictures = process.env['CITYHALL_LOOK']
async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 900 })
    await page.screenshot({ path: `${pictures}/${name}-${String(width)}.png`, fullPage: true })
  }
}

const program = join(import.meta.dirname, '..', '..', 'bin', 'cityhall.mjs')
/** The city's own program, as an operator starts it: how it ended and what it said. */
const checkDraw = (data: string) =>
  new Promise<{ code: number; said: string }>((resolve) => {
    const words = [program, 'activities', 'draw', 'pottery-wheel-winter', '--check']
    execFile(
      process.execPath,
      words,
      { env: { ...process.env, CITYHALL_LOOK: undefined, CITYHALL_DATA: data } },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, said: stdout + stderr })
      },
    )
  })

test('places are drawn when registration closes; the public page shows it, and the program finds a drawing that was changed', async () => {
  const page = await browser.visitor()
  const at = '/activities/pottery-wheel/pottery-wheel-winter/draw'
  expect((await checkDraw(running.data)).said).toContain('Nothing has been drawn')
  await running.arrange(
    sql`update activities.session set closes_at = now() - interval '1 second' where id = 'pottery-wheel-winter'`,
  )
  await expect
    .poll(async () => (await page.request.get(`${at}.json`)).status(), { timeout: 60_000, interval: 1_000 })
    .toBe(200)
  await page.goto(at)
  expect(await page.locator('ol.tickets > li').count()).toBeGreaterThan(8)
  expect(await mainText(page)).toContain('npx cityhall activities draw pottery-wheel-winter --check')
  found.push(...(await survey(page, 'drawn')))
  await picture(page, 'drawn')
  expect(await checkDraw(running.data)).toMatchObject({
    code: 0,
    said: expect.stringContaining('The drawing holds') as string,
  })
  await running.arrange(sql`update activities.draw set list = replace(list, left(list, 8), 'FFFFFFFF')`)
  const forged = await checkDraw(running.data)
  expect(forged.code).not.toBe(0)
  expect(forged.said).toContain('The tickets are not those that the digest stands for.')
  await page.context().close()
})

/** A family, and the leader of the day: pages that stand behind a door. */
test('a guardian’s pages of a place, and the leader’s roster on screen and on paper, can be read and used by everybody', async () => {
  const now = Temporal.Now.instant()
  const today = now.toZonedDateTimeISO('America/Los_Angeles').toPlainDate()
  const round = {
    ...{ first: today, last: today, opens: now.subtract({ hours: 1 }), closes: now.add({ hours: 20 }) },
    meetings: [{ start: now.add({ minutes: 1 }), end: now.add({ hours: 1 }) }],
  }
  const opened = await openTown()
  const town = await offering(opened, opened.test.database.owner, {
    ...{
      id: 'swim-today',
      like: 'swimming-2-spring',
      places: 4,
      reserve: { places: 1, until: now.add({ hours: 10 }) },
    },
    ...round,
  })
  const own = await openOwnSite(town, { panels: [childrenPanel(town)], routes: (routes) => { childRoutes(routes, town) } }) // prettier-ignore
  const leader = await town.test.hire('wade', 'aquatics-leader')
  const desk = await openDeskSite(town, (routes) => { activitiesDeskRoutes(routes, town) }) // prettier-ignore
  const families = openFamilies(town, town.clerk)
  const session = town.city.activities.sessions.get('swim-today' as SessionId) as Session
  const rosa = await town.neighbour('Rosa')
  const maya = await families.enrolled(rosa, 'Maya', session)
  const [leo] = [await families.enrolled(rosa, 'Leo', session), await families.enrolled(rosa, 'Zoe', session)]
  const others = [await families.child(rosa, 'Uma'), await families.child(rosa, 'Ugo')]
  for (const child of others) await families.consents(rosa, child, { session })
  const address = await own.listen()
  const site = await openBrowser(address)
  const page = await site.desk()
  await page.context().addCookies([{ ...own.cookieOf(rosa), url: address }])
  const look = async (address: string, name: string, where: Page = page) => {
    await where.goto(address)
    await picture(where, name)
    found.push(...(await survey(where, name, where === page ? undefined : atDesk, name.endsWith('colors'))))
  }
  const at = `/me/activities/swim-today/${maya.id}`
  await look(at, 'place-colors')
  await look(`/es${at}/cancellation`, 'giving-up')
  await look('/me/activities/swim-today', 'choose')
  await look(`/me/activities/swim-today/together?${others.map((id) => `with-${id}=yes`).join('&')}`, 'together')
  // A browser stops here by itself; without that, the city's own answer.
  await page.evaluate("document.querySelector('form[action$=together]').noValidate = true")
  await page.getByRole('button', { name: 'Sign all of them up' }).click()
  await page.getByText('This answer is needed.').first().waitFor()
  found.push(...(await glance(page, 'together refused')))
  const refused = async (where: Page, act: string, fields = {}) => {
    await post(where, act, fields)
    found.push(...(await glance(where, `${act} refused`)))
  }
  await refused(page, '/me/activities/swim-today')
  await refused(page, `/me/activities/swim-today/${others[0] ?? ''}`)
  await refused(page, `${at}/cancellation`, { refund: 'half', version: '99' })
  const his = `/me/activities/swim-today/${leo.id}`
  await page.goto(`${his}/cancellation`)
  await Promise.all([page.waitForEvent('load'), page.locator('main form button').click()])
  await refused(page, `${his}/acceptance`)
  await families.enrolled(rosa, 'Zia', session)
  await look(`/es/me`, 'home-with-places')
  await families.enrolled(rosa, 'Last', session)
  await site.close()
  const offices = await openBrowser(await desk.listen())
  const office = await offices.desk()
  await desk.get(town.coordinator, '/desk/activities')
  await look('/desk/activities/swim-today', 'session-kept', office)
  await desk.get(leader, '/desk/activities')
  await look('/desk/activities', 'leader-today', office)
  await look('/desk/activities/swim-today/roster', 'roster-sealed', office)
  await office.getByRole('button', { name: 'Open the names' }).click()
  await office.getByText('Peanuts').first().waitFor()
  await look('/desk/activities/swim-today/roster', 'roster-open-colors', office)
  await refused(office, '/desk/activities/swim-today/roster/messages', { id: randomUUID() })
  await office.emulateMedia({ media: 'print' })
  await look('/desk/activities/swim-today/roster/print', 'roster-paper', office)
  expect(await office.getByText('Peanuts').count()).toBe(0)
  await offices.close()
  await Promise.all([own.close(), desk.close()])
  await town.test.close()
})

test('all these pages are fit for everybody', async () => {
  const page = await browser.visitor()
  for (const path of [
    '/activities',
    '/activities/pottery-wheel/pottery-wheel-winter',
    '/activities/pottery-wheel/pottery-wheel-winter/draw',
    '/forms/class-registration?session=pottery-winter',
  ]) {
    await page.goto(path)
    found.push(...(await survey(page, path)))
  }
  await page.goto('/es/activities/swimming-1/swimming-1-winter')
  found.push(...(await survey(page, 'es session', undefined, true)))
  await page.context().close()
  expect(found).toEqual([])
})
