import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../src/plumbing/index.ts'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { aCity, type Running } from '../support/running.ts'
import { comeIn, lineOf, mainText, openLetter, problem, reported, signIn } from './acts.ts'

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

async function at(handle: string): Promise<Page> {
  const page = await browser.desk()
  await comeIn(page, running, handle)
  return page
}

const sendAnswer = (page: Page) => page.getByRole('button', { name: 'Send answer' }).click()

describe('two clerks who answer at once', () => {
  test('the second reads the first one’s answer, keeps her own words, and may send them after all', async () => {
    const { number, path } = await reported(running)
    const [dan, lupe] = await Promise.all([at('dan'), at('lupe')])
    // Pages tell of their writers now and then; here time passes at once.
    await Promise.all([dan.clock.install(), lupe.clock.install()])
    await openLetter(dan, number)
    await openLetter(lupe, number)
    await dan.getByLabel('Your answer').fill('Dan: a crew comes tomorrow.')
    const told = lupe.waitForResponse('**/writing')
    await lupe.getByLabel('Your answer').fill('Lupe: two crews come on Friday.\n\nKeep the dog inside.')
    await lupe.clock.fastForward(5_000)
    await told
    await dan.clock.fastForward(30_000)
    await dan.locator('[data-writing]', { hasText: 'Lupe Herrera is writing an answer.' }).waitFor()
    await sendAnswer(dan)
    await dan.getByText('Nothing was sent yet.').waitFor()
    await sendAnswer(dan)
    await dan.getByText('Your answer is sent.').waitFor()
    await sendAnswer(lupe)
    await lupe.getByText('Somebody was first').waitFor()
    expect(await mainText(lupe)).toContain('Dan: a crew comes tomorrow.')
    const kept = await lupe.getByLabel('Your answer').inputValue()
    expect(kept.trim()).toBe('Lupe: two crews come on Friday.\n\nKeep the dog inside.')
    const resident = await browser.phone()
    await resident.goto(path)
    expect(await mainText(resident)).not.toContain('Lupe:')
    await sendAnswer(lupe)
    await lupe.getByText('Your answer is sent.').waitFor()
    await resident.reload()
    expect(await mainText(resident)).toMatch(/Dan: a crew comes tomorrow.*Lupe: two crews come on Friday/)
  })
})

describe('an answer that is not sent yet', () => {
  test('is kept by itself, waits on another computer once the letter is open there, and is dropped by its writer', async () => {
    const { number } = await reported(running)
    const dan = await at('dan')
    await openLetter(dan, number)
    await dan.getByLabel('Your answer').pressSequentially('We come <soon>.')
    await dan.getByText('Kept for you at').waitFor()
    expect(dan.url()).not.toContain('soon')
    await dan.context().close()
    const elsewhere = await at('dan')
    await elsewhere.goto('/desk')
    await lineOf(elsewhere, number).click()
    await elsewhere.getByText('You began an answer here.').waitFor()
    expect(await elsewhere.content()).not.toContain('We come')
    await elsewhere.getByRole('button', { name: 'Open the letter' }).click()
    expect((await elsewhere.getByLabel('Your answer').inputValue()).trim()).toBe('We come <soon>.')
    await elsewhere.getByRole('button', { name: 'Drop it' }).click()
    await elsewhere.getByText('Your draft is dropped.').waitFor()
    expect(await elsewhere.getByLabel('Your answer').inputValue()).toBe('')
  })

  test('is kept by a button where the browser runs no script', async () => {
    const { number } = await reported(running)
    const dan = await browser.desk({ javaScriptEnabled: false })
    await signIn(dan, running, 'dan')
    await openLetter(dan, number)
    await dan.getByLabel('Your answer').fill('We come.')
    await dan.getByRole('button', { name: 'Keep for later' }).first().click()
    await dan.getByText('What you wrote is kept').waitFor()
    expect((await dan.getByLabel('Your answer').inputValue()).trim()).toBe('We come.')
    const lupe = await at('lupe')
    await openLetter(lupe, number)
    await lupe.getByText('Dan Okafor is writing an answer.').waitFor()
    expect(await lupe.getByLabel('Your answer').inputValue()).toBe('')
  })
})

describe('an employee whose session ends while she writes', () => {
  const words = 'We will be there on Thursday.\n\n<b>Please</b> move your car & trailer.'

  test('signs in again and goes on with her words, which are sent once', async () => {
    const { number, path } = await reported(running)
    const dan = await at('dan')
    await openLetter(dan, number)
    await dan.getByLabel('Your answer').fill(words)
    await running.arrange(sql`update need_to_know.session set ends_at = now()`)
    await sendAnswer(dan)
    await dan.getByText('Your session ended.').waitFor()
    expect(await dan.content()).not.toContain(problem.name)
    await dan.getByLabel('User name').fill('dan')
    await dan.getByLabel('Password').fill(running.password)
    await dan.keyboard.press('Enter')
    await dan.getByRole('button', { name: 'Go on' }).click()
    // The envelope was open in the session that ended: it is sealed again, and the words wait.
    await dan.getByRole('button', { name: 'Open the letter' }).click()
    expect((await dan.getByLabel('Your answer').inputValue()).trim()).toBe(words)
    await sendAnswer(dan)
    await dan.getByText('Your answer is sent.').waitFor()
    const resident = await browser.phone()
    await resident.goto(path)
    expect((await mainText(resident)).match(/<b>Please<\/b> move your car & trailer\./g)).toHaveLength(1)
  })

  test('who signs in under another name sends nothing with her words and reads no letter', async () => {
    const { number, path } = await reported(running)
    const dan = await at('dan')
    await openLetter(dan, number)
    await dan.getByLabel('Your answer').fill(words)
    await running.arrange(sql`update need_to_know.session set ends_at = now()`)
    await sendAnswer(dan)
    await dan.getByLabel('User name').fill('tom')
    await dan.getByLabel('Password').fill(running.password)
    await dan.keyboard.press('Enter')
    await dan.getByRole('heading', { name: 'Somebody else was writing here' }).waitFor()
    expect(await dan.content()).not.toContain('Thursday')
    expect(await dan.content()).not.toContain(problem.name)
    expect(await dan.content()).not.toContain('bicycle wheel')
    const resident = await browser.phone()
    await resident.goto(path)
    expect(await mainText(resident)).not.toContain('Thursday')
  })
})

describe('an envelope that closed while a clerk wrote', () => {
  test('keeps her words through the opening', async () => {
    const { number } = await reported(running)
    const dan = await at('dan')
    await openLetter(dan, number)
    await dan.getByLabel('Your answer').fill('Half an answer')
    await running.arrange(sql`update vault.opening set ends_at = now()`)
    await sendAnswer(dan)
    await dan.getByText('What you wrote is kept').first().waitFor()
    expect(await dan.content()).not.toContain(problem.name)
    await dan.getByRole('button', { name: 'Open the letter' }).click()
    expect((await dan.getByLabel('Your answer').inputValue()).trim()).toBe('Half an answer')
  })
})

describe('a passkey', () => {
  test('is added in the account and opens the desk without a password', async () => {
    const priya = await at('priya')
    const device = await priya.context().newCDPSession(priya)
    await device.send('WebAuthn.enable')
    await device.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })
    await priya.goto('/desk/account')
    await priya.getByLabel('Name for this passkey').fill('My phone')
    await priya.getByRole('button', { name: 'Add a passkey' }).click()
    await priya.getByText('Your passkey is ready').waitFor()
    expect(await mainText(priya)).toContain('My phone')
    await priya.getByRole('button', { name: 'Sign out', exact: true }).click()
    await priya.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await priya.getByRole('heading', { level: 1, name: 'Waiting' }).waitFor()
    expect(await priya.getByRole('link', { name: 'Priya Nair' }).count()).toBe(1)
    await priya.goto('/desk/account')
    await priya.getByRole('button', { name: 'Remove My phone' }).click()
    await priya.getByText('The passkey is removed.').waitFor()
    await priya.getByRole('button', { name: 'Sign out', exact: true }).click()
    await priya.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await priya.getByText('does not open an account here').waitFor()
  })
})

describe('the keys', () => {
  test('reach search, help, note and list, and are quiet while somebody types', async () => {
    const { number } = await reported(running)
    const dan = await at('dan')
    await openLetter(dan, number)
    await dan.keyboard.press('?')
    expect(await dan.getByRole('dialog').isVisible()).toBe(true)
    await dan.keyboard.press('Escape')
    expect(await dan.getByRole('dialog').isVisible()).toBe(false)
    await dan.keyboard.press('n')
    await dan.keyboard.type('jok/?')
    expect(await dan.getByLabel('Your note').inputValue()).toContain('jok/?')
    await dan.getByLabel('Your note').fill('')
    await dan.keyboard.press('Escape')
    await dan.keyboard.press('/')
    await dan.keyboard.type(number)
    await dan.keyboard.press('Enter')
    await dan.getByText('1 case found').waitFor()
    await dan.keyboard.press('g')
    await dan.keyboard.press('i')
    await dan.getByRole('heading', { level: 1, name: 'Waiting' }).waitFor()
    expect(await lineOf(dan, number).count()).toBe(1)
  })
})
