import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { startRunning, type Running } from '../support/running.ts'
import { mainText, openLetter, report, signIn } from './acts.ts'
import { survey } from './survey.ts'

let running: Running
let browser: TestBrowser
beforeAll(async () => {
  running = await startRunning()
  browser = await openBrowser(running.origin)
})
afterAll(async () => {
  await browser.close()
  await running.stop()
})

test('a letter is sent on to another agency, and the person reads to whom, why and which parts', async () => {
  const page = await browser.visitor()
  const { number, path } = await report(page)
  const desk = await browser.desk()
  await signIn(desk, running, 'dan')
  await openLetter(desk, number)
  await desk.getByRole('link', { name: 'Send to another agency' }).click()
  await desk.getByLabel('Agency').selectOption('state-highways')
  await desk.getByRole('button', { name: 'Choose' }).click()
  expect(await mainText(desk)).toContain('What stays here')
  const found = await survey(desk, 'referral', { least: 24, main: 24 })
  await desk.getByRole('button', { name: 'Look over what leaves' }).click()
  await desk.getByRole('alert').first().waitFor()
  await desk.getByLabel('Why, in a sentence').fill('The road is theirs.')
  await desk.getByRole('button', { name: 'Look over what leaves' }).click()
  await desk.getByRole('heading', { name: 'Exactly this leaves' }).waitFor()
  found.push(...(await survey(desk, 'preview', { least: 24, main: 24 })))
  await desk.getByRole('button', { name: 'Send it' }).click()
  await desk.getByText('It is on its way to the agency').waitFor()
  await page.goto(path)
  expect(await mainText(page)).toContain('We sent this to State highway department')
  expect(await mainText(page)).toContain('The road is theirs.')
  expect(found).toEqual([])
})
