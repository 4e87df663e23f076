import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { startRunning, type Running } from '../support/running.ts'
import { mainText, signIn } from './acts.ts'
import { survey, type Finding } from './survey.ts'

let running: Running
let browser: TestBrowser
const found: Finding[] = []
const atDesk = { least: 24, main: 24 }

beforeAll(async () => {
  running = await startRunning()
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
  await page.getByRole('button', { name: 'Yes, give it up' }).click()
  expect(await mainText(page)).toContain('You gave it up.')
  await page.context().close()
})

test('who runs activities sees numbers; who leads them sees nothing but today, and neither sees the other’s', async () => {
  const page = await browser.desk()
  await signIn(page, running, 'aisha')
  await page.getByRole('link', { name: 'Activities' }).click()
  found.push(...(await survey(page, 'overview', atDesk)))
  await page.getByRole('link', { name: 'Chess club' }).click()
  expect(await mainText(page)).not.toContain('Marta Ibarra')
  found.push(...(await survey(page, 'session on the desk', atDesk)))
  const leader = await browser.desk()
  await signIn(leader, running, 'diego')
  await leader.getByRole('link', { name: 'Activities' }).click()
  await leader.getByRole('heading', { name: 'Today' }).waitFor()
  found.push(...(await survey(leader, 'today', atDesk)))
  expect((await leader.goto('/desk/activities/chess-winter'))?.status()).toBe(404)
  await page.context().close()
  await leader.context().close()
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
