import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { openMailbox, plain, type Mailbox } from '../support/mailbox.ts'
import { aCityOfItsOwn, type Started } from '../support/running.ts'
import { comeIn, mainText, post } from './acts.ts'
import { glance, survey, type Finding } from './survey.ts'

let running: Started
let mailbox: Mailbox
let browser: TestBrowser

beforeAll(async () => {
  mailbox = await openMailbox()
  running = await aCityOfItsOwn(() => Promise.resolve({ SMTP_URL: mailbox.url }))
  browser = await openBrowser(running.origin)
})
afterAll(async () => {
  await browser.close()
  await running.stop()
  await mailbox.close()
})
afterEach(async () => {
  expect(await browser.problems()).toEqual([])
})

const atDesk = { least: 24, main: 24 }
const send = (page: Page) => page.getByRole('button', { name: 'Send my answers' }).click()

/** As a finger does: on the words. */
const choose = (page: Page, words: string) => page.locator('label', { hasText: words }).click()
const told = (page: Page, says: string) => page.locator('#ticket-state').filter({ hasText: says }).waitFor()

async function linkTo(address: string): Promise<string> {
  const deadline = Date.now() + 15_000
  for (;;) {
    const mail = mailbox.taken.find(({ to }) => to === address)
    const link = /https?:\/\/\S+\/surveys\/\S+#[a-z2-7]{16}/.exec(plain(mail?.source))?.[0]
    if (link) return link.replace(/^https?:\/\/[^/]+/, '')
    if (Date.now() > deadline) throw new Error('no invitation came')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

describe('a resident', () => {
  test('answers an open survey without JavaScript, keeps what she typed when something is wrong, and gets no receipt', async () => {
    const phone = await browser.phone()
    await phone.goto('/forms/resident-survey')
    expect(new URL(phone.url()).pathname).toBe('/surveys/resident-survey')
    await phone.getByLabel('One thing you wish').fill('More benches. Ask Mrs. Delaney.')
    await send(phone)
    expect(await mainText(phone)).toContain('needs an answer')
    expect(await phone.getByLabel('One thing you wish').inputValue()).toBe('More benches. Ask Mrs. Delaney.')
    await choose(phone, 'Rather satisfied')
    await send(phone)
    await phone.waitForURL(/\/thanks$/)
    expect(await mainText(phone)).toMatch(/^Thank you/)
    await phone.goto('/surveys/resident-survey')
    await choose(phone, 'Rather satisfied')
    await send(phone)
    await phone.waitForURL(/\/thanks$/)
    await phone.goBack()
    await choose(phone, 'Rather satisfied')
    await send(phone)
    await phone.waitForURL(/\/thanks\?again$/)
  })

  test('reads results as charts and tables, in both languages, on small and wide, light, dark and on paper', async () => {
    const page = await browser.visitor()
    const found: Finding[] = []
    for (const path of [
      '/surveys',
      '/es/surveys/resident-survey',
      '/surveys/resident-survey/results',
      '/surveys/library-hours-last',
    ]) {
      await page.goto(path)
      found.push(...(await survey(page, path)))
    }
    expect(found).toEqual([])
    await page.goto('/surveys/resident-survey/results')
    const [chart] = await page.getByRole('img', { name: /Very satisfied: \d+%/ }).all()
    expect(chart).toBeDefined()
    expect(await page.getByRole('row', { name: /Very satisfied \d+ \d+%/ }).count()).toBe(1)
  })
})

describe('a clerk and those she invites', () => {
  test('from the list of addresses to the results, with a ticket, with a slip, and not twice', async () => {
    const found: Finding[] = []
    const desk = await browser.desk()
    await comeIn(desk, running, 'tom')
    await desk.goto('/desk/surveys')
    found.push(...(await survey(desk, 'desk list', atDesk)))
    await desk.getByRole('link', { name: 'Make one from “Library hours”' }).click()
    await desk.getByLabel('Name in the address').fill('Library Hours')
    found.push(...(await glance(desk, 'desk new')))
    await desk.getByRole('button', { name: 'Open the survey' }).click()
    expect(await mainText(desk)).toContain('small letters, digits and hyphens')
    found.push(...(await glance(desk, 'desk new, refused')))
    await desk.getByLabel('Name in the address').fill('library-next')
    await desk.getByRole('button', { name: 'Open the survey' }).click()
    await desk.getByText('The survey is open.').waitFor()
    await desk.getByLabel('Addresses').fill('Ana Ruiz <ana@example.org>\nnot an address')
    await desk.getByRole('button', { name: 'Invite', exact: true }).click()
    expect(await mainText(desk)).toContain('Line 2 has no address')
    expect(await desk.getByLabel('Addresses').inputValue()).toContain('ana@example.org')
    await desk.getByLabel('Addresses').fill('Ana Ruiz <ana@example.org>')
    const list = { name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from('name,e-mail\nBen,ben@example.org\n') }
    await desk.getByLabel('Or a CSV file').setInputFiles(list)
    await desk.getByRole('button', { name: 'Invite', exact: true }).click()
    await desk.getByText('2 people were invited.').waitFor()
    found.push(...(await survey(desk, 'desk survey', atDesk)))

    const ana = await browser.visitor()
    await ana.goto(await linkTo('ana@example.org'))
    await told(ana, 'Your ticket is ready.')
    expect(await ana.getByLabel('Code from a printed slip').isVisible()).toBe(false)
    await choose(ana, 'Every week')
    await send(ana)
    expect(await mainText(ana)).toContain('needs an answer')
    found.push(...(await glance(ana, 'no answer')))
    await told(ana, 'Your ticket is ready.')
    await choose(ana, 'Saturdays')
    await send(ana)
    await ana.waitForURL(/\/thanks$/)
    found.push(...(await glance(ana, 'thanks')))
    await ana.goto('/surveys/library-next/key')
    found.push(...(await glance(ana, 'key')))
    expect(await ana.evaluate(() => localStorage.length)).toBe(0)
    // Her link once more: the ticket was signed, and she has it no longer.
    await ana.goto('/surveys')
    await ana.goto(await linkTo('ana@example.org'))
    await told(ana, 'A ticket was made with this link already')
    found.push(...(await survey(ana, 'invited')))

    const benLink = await linkTo('ben@example.org')
    await desk.getByLabel('Invitation code').fill(benLink.split('#')[1] ?? '')
    await desk.getByRole('button', { name: 'Take it back' }).click()
    await desk.getByText('Hand out one slip from the pile.').waitFor()
    await desk.getByRole('button', { name: 'Make slips' }).click()
    await desk.getByText('Print this page now.').waitFor()
    found.push(...(await survey(desk, 'slips', atDesk)))
    const code = await desk.locator('.cut-out .digits').first().innerText()
    const ben = await browser.phone()
    await ben.goto(benLink)
    await choose(ben, 'Less often')
    await choose(ben, 'Sundays')
    await send(ben)
    expect(await mainText(ben)).toContain('type the code of a printed slip')
    await ben.getByLabel('Code from a printed slip').fill(code)
    await send(ben)
    await ben.waitForURL(/\/thanks$/)

    await desk.goto('/desk/surveys/library-next')
    found.push(...(await glance(desk, 'desk survey, answered')))
    expect(await mainText(desk)).toMatch(/Answers 2 Invited 2 .*Tickets signed 1 Exchanged for a slip 1/)
    await desk.getByRole('button', { name: 'Close' }).click()
    await desk.getByText('Confirm that you want to close it.').waitFor()
    found.push(...(await glance(desk, 'desk not sure')))
    await desk.getByLabel('I want to close it now').check()
    await desk.getByRole('button', { name: 'Close' }).click()
    await desk.getByText('The survey is closed.').waitFor()
    await desk.goto('/surveys/library-next')
    expect(await mainText(desk)).toContain('This survey has closed')
    expect(found).toEqual([])
    expect(running.said()).not.toMatch(
      /surveys\/:id\/tickets|"method":"POST","route":"\/surveys|"route":"\/surveys\/:id","method":"POST"/,
    )
  })

  test('reads masked words only after opening them, publishes one and destroys one', async () => {
    const desk = await browser.desk()
    await comeIn(desk, running, 'nora')
    await desk.goto('/desk/surveys/resident-survey/words')
    expect(await mainText(desk)).toContain('These words are sealed')
    await desk.getByRole('button', { name: 'Open the words' }).click()
    const masked = desk.getByRole('listitem').filter({ hasText: 'burns trash' }).first()
    expect(await masked.innerText()).toMatch(/My neighbor █+ at █+ burns trash\. Call me at █+/)
    expect(await survey(desk, 'words', atDesk)).toEqual([])
    await post(desk, '/desk/surveys/resident-survey/words', { verdict: 'approve' })
    expect(await glance(desk, 'words, gone')).toEqual([])
    await masked.getByRole('button', { name: 'Destroy' }).click()
    const waiting = desk.getByRole('button', { name: 'Publish' })
    const before = await waiting.count()
    await waiting.first().click()
    await desk.waitForURL(/\/words$/)
    expect(await waiting.count()).toBe(before - 1)
  })
})
