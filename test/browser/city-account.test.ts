import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { clientId, clientSecret, startIdentityProvider, type IdentityProvider } from '../support/identity-provider.ts'
import { aCityOfItsOwn, type Running } from '../support/running.ts'
import { comeIn, post, reported } from './acts.ts'
import { glance, survey, type Finding } from './survey.ts'

let running: Running
let browser: TestBrowser
let idp: IdentityProvider
const found: Finding[] = []
beforeAll(async () => {
  running = await aCityOfItsOwn(async ({ origin, data }) => {
    idp = await startIdentityProvider({ publicUrl: origin })
    const file = join(data, 'client-secret')
    writeFileSync(file, clientSecret, { mode: 0o600 })
    return {
      CITYHALL_OIDC_ISSUER: idp.issuer,
      CITYHALL_OIDC_CLIENT_ID: clientId,
      CITYHALL_OIDC_CLIENT_SECRET_FILE: file,
    }
  })
  browser = await openBrowser(running.origin)
}, 120_000)
afterAll(async () => {
  await browser.close()
  await running.stop()
  await idp.close()
})

const person = (groups: string[]) => ({ name: 'Pia Quist', preferred_username: 'pia.quist', groups })
const look = async (page: Page, where: string) =>
  void found.push(...(await survey(page, where, { least: 24, main: 24 })))
/** Everything that went wrong in a page, the provider's own pages aside: that browser was sent there. */
const problems = async () => (await browser.problems()).filter((one) => !one.includes(idp.issuer))

test('a browser goes to the provider of another site and back, and loses its sight with its group', async () => {
  await reported(running)
  idp.people.set('subject-pia', person(['public-works-dispatch']))
  idp.signsIn = 'subject-pia'
  const page = await browser.desk()
  await page.goto('/desk/sign-in?then=/desk/outbox')
  await look(page, 'sign-in with the city’s account')
  await page.getByRole('button', { name: 'Sign in with the city’s account' }).click()
  await page.waitForURL('**/desk/outbox')
  const cookies = await page.context().cookies(running.origin + '/desk')
  expect(cookies.map(({ name, sameSite, httpOnly }) => [name, sameSite, httpOnly])).toEqual([
    ['cityhall', 'Strict', true],
  ])
  await page.goto('/desk')
  expect(await page.getByRole('link', { name: /No\. \d+ ·/ }).count()).toBeGreaterThan(0)
  idp.people.set('subject-pia', person([]))
  await page.reload()
  expect(await page.getByRole('link', { name: /No\. \d+ ·/ }).count()).toBe(0)

  await idp.goDown()
  await page.goto('/desk/search')
  await page.getByRole('heading', { name: 'The city’s sign-in service cannot be reached' }).waitFor()
  await look(page, 'the provider cannot be reached')
  await idp.comeUp()
  await page.getByRole('link', { name: 'Try again' }).click()
  await page.waitForURL('**/desk/search')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(`${idp.issuer}/**`)
  await page.goto('/desk/outbox')
  await page.waitForURL('**/desk/sign-in?then=**')

  idp.people.set('subject-none', person(['chess']))
  idp.signsIn = 'subject-none'
  const other = await browser.desk()
  await other.goto('/desk/sign-in')
  await other.getByRole('button', { name: 'Sign in with the city’s account' }).click()
  await other.getByRole('heading', { name: 'Your account has no work at this desk' }).waitFor()
  await look(other, 'no group')
  expect(await problems()).toEqual([])
}, 120_000)

test('an emergency is opened, judged by a second person, and read of by the person concerned', async () => {
  const resident = await browser.visitor()
  const { number, path } = await reported(running, { kind: 'potholes', where: 'Levee Park Drive 12', what: 'Help us.' })
  const joe = await browser.desk()
  await comeIn(joe, running, 'joe')
  await joe.getByRole('link', { name: 'Emergency' }).click()
  await look(joe, 'emergency')
  await joe.getByRole('button', { name: 'Open the letter' }).click()
  await joe.locator('#number-error').waitFor()
  await look(joe, 'emergency, nothing filled in')
  await joe.getByRole('textbox', { name: 'Case number' }).fill(number)
  await joe.getByLabel('Something dangerous must be made safe now').check()
  await joe
    .getByLabel('What happened, in your own words')
    .fill('A gas pipe lies open there, the fire brigade asks where.')
  await joe.getByRole('button', { name: 'Open the letter' }).click()
  await joe.getByText('Help us.').waitFor()
  await look(joe, 'opened in an emergency')
  await joe.goto('/desk/break-glass')
  await look(joe, 'emergencies of her own')

  const mei = await browser.desk()
  await comeIn(mei, running, 'mei')
  await mei.getByRole('link', { name: /^Reviews/ }).click()
  await mei.getByText('A gas pipe lies open').waitFor()
  await look(mei, 'reviews')
  await post(mei, (await mei.locator('form[action^="/desk/reviews/"]').first().getAttribute('action')) ?? '')
  found.push(...(await glance(mei, 'no verdict')))
  await resident.goto(path)
  await look(resident, 'receipt, not yet reviewed')
  await mei.getByLabel('Proper', { exact: true }).check()
  await mei.getByRole('button', { name: 'Judge' }).click()
  await mei.getByText('Judged. The person concerned can read it.').waitFor()
  await look(mei, 'judged')
  await resident.goto(path)
  await resident.getByText('A second person reviewed it on').waitFor()
  await look(resident, 'receipt, reviewed')
  expect(await problems()).toEqual([])
}, 120_000)

test('none of these pages is amiss, wide or small, in light or dark', () => {
  expect(found.map(({ about, where, says }) => `${about}: ${where}: ${says}`)).toEqual([])
})
