import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { aCity, type Running } from '../support/running.ts'
import { comeIn, send } from './acts.ts'
import { ask, begin, introduce, press } from './form-acts.ts'
import { survey } from './survey.ts'

let running: Running
let browser: TestBrowser
beforeAll(async () => {
  running = await aCity()
  browser = await openBrowser(running.origin)
})
afterAll(async () => {
  await browser.close()
  await running.stop()
})
afterEach(async () => {
  expect(await browser.problems()).toEqual([])
})

async function at(handle: string, javaScriptEnabled = true): Promise<Page> {
  const page = await browser.desk({ javaScriptEnabled })
  await comeIn(page, running, handle)
  return page
}
const looksWell = async (page: Page, where: string) => {
  const found = await survey(page, where, { least: 24, main: 24 })
  expect(found.map(({ about, says }) => `${where} ${about}: ${says}`)).toEqual([])
}

test('a clerk makes a form with the keyboard, tries it out, a second person approves it, a resident fills it in, and the clerk retires it', async () => {
  const mei = await at('mei')
  await begin(mei, 'Block party', 'Fiesta de barrio')
  await press(mei, 'Publish')
  await mei.getByText('It was not published: something stands in the way.').waitFor()
  await introduce(mei, 'Tell us about your party.', 'Cuéntenos de su fiesta.')
  await ask(mei, {
    words: 'Your party',
    spanish: 'Su fiesta',
    kind: 'long-text',
    purpose: 'do-the-work',
    category: 'interest',
    needed: 'yes',
  })
  await ask(mei, {
    words: 'Your allergies',
    spanish: 'Sus alergias',
    kind: 'text',
    purpose: 'answer',
    category: 'health',
    needed: 'no',
  })
  await mei.getByText('An illness is nobody’s business').waitFor()
  await press(mei, 'Publish')
  await mei.getByText('It was not published').waitFor()
  await press(mei, 'Your allergies', 'link')
  await mei.getByLabel('Purpose').selectOption('keep-safe')
  await mei.keyboard.press('ControlOrMeta+S')
  await mei.getByText('Kept.', { exact: true }).waitFor()
  await looksWell(mei, 'question')
  await press(mei, 'Back to the form', 'link')
  await press(mei, 'Move “Your allergies” up')
  expect(await mei.locator('.questions a').allInnerTexts()).toEqual(['Your allergies', 'Your party'])
  await expect.poll(() => mei.evaluate('document.activeElement?.ariaLabel')).toBe('Move “Your allergies” up')
  await looksWell(mei, 'form')

  await press(mei, 'Look at it and try it out', 'link')
  await mei.getByLabel('Your party').fill('A small one')
  await press(mei, 'Try it out')
  await mei.getByText('Nothing was sent or kept.').waitFor()
  await mei.getByText('Topic “', { exact: false }).first().waitFor()
  await looksWell(mei, 'preview')
  await press(mei, 'Back to the form', 'link')
  await press(mei, 'Publish')
  await mei.getByText('it waits for a second person’s approval').waitFor()

  const phone = await browser.phone()
  const before = await phone.goto('/forms/block-party')
  expect(before?.status()).toBe(404)
  const nora = await at('nora')
  await nora.goto('/desk/forms/block-party')
  await nora.getByText('Your approval is asked for.').waitFor()
  await press(nora, 'Approve and publish')
  await nora.getByText('Published. People see it').waitFor()

  await expect.poll(async () => (await phone.goto('/forms/block-party'))?.status(), { timeout: 10_000 }).toBe(200)
  await phone.getByText('We need it for this.').first().waitFor()
  await phone.getByLabel('Your party').fill('Forty people, one street')
  await mei.goto('/desk/forms/block-party')
  await press(mei, 'Retire')
  await mei.getByText('Retired. Its page tells people').waitFor()
  await looksWell(mei, 'retired')
  // She has the page open still, so hers is taken as what it asked.
  const other = await browser.phone()
  await expect.poll(async () => (await other.goto('/forms/block-party'))?.status(), { timeout: 10_000 }).toBe(410)
  await other.getByRole('heading', { name: 'This form is closed' }).waitFor()
  await send(phone)
  await phone.waitForURL(/\/receipt\/\d{24}$/)
})

test('without script two clerks change one form and overwrite nothing of one another; all that was typed stays', async () => {
  const mei = await at('mei', false)
  await mei.goto('/desk/forms/contact-the-city')
  await press(mei, 'Make a new version')
  const other = await at('mei', false)
  await other.goto('/desk/forms/contact-the-city/questions/name')
  await mei.goto('/desk/forms/contact-the-city/questions/name')
  await other.getByLabel('Question in words (English)').fill('Your full name')
  await press(other, 'Keep')
  await other.getByText('Kept.', { exact: true }).waitFor()
  await mei.getByLabel('Question in words (English)').fill('What are you called?')
  await press(mei, 'Keep')
  await mei.getByText('A colleague changed this while you had it open.').waitFor()
  expect(await mei.getByLabel('Question in words (English)').inputValue()).toBe('What are you called?')
  await mei.goto('/desk/forms/contact-the-city')
  await mei.locator('#changes').getByText('Your full name').waitFor()
  await looksWell(await at('mei').then(async (page) => (await page.goto('/desk/forms'), page)), 'list')
})
