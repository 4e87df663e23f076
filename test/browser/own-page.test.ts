import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { addressToken, newChild } from '../../src/people/residents/index.ts'
import { sql } from '../../src/plumbing/index.ts'
import { openKeyFile } from '../../src/trust/vault/index.ts'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { aCity, type Running } from '../support/running.ts'
import { comeIn, mainText, newestMail, ownPhone, post } from './acts.ts'
import { glance, survey, type Finding } from './survey.ts'

let running: Running
let browser: TestBrowser
let clerk: Page
const found: Finding[] = []
const atDesk = { least: 24, main: 24 }
// Nobody of the sample's families.
const marta = 'marta.olmedo@example.org'
const leo = 'leo.olmedo@example.org'

beforeAll(async () => {
  running = await aCity()
  browser = await openBrowser(running.origin)
  clerk = await browser.desk()
  await comeIn(clerk, running, 'ines')
})
afterAll(async () => {
  await browser.close()
  await running.stop()
})
afterEach(async () => {
  expect(await browser.problems()).toEqual([])
})

const pictures = process.env['PICTURES']
/** A picture, where somebody wants to look; and everything is asked of the page. */
async function look(page: Page, name: string, sizes = { least: 24, main: 44 }): Promise<void> {
  if (pictures) {
    mkdirSync(pictures, { recursive: true })
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 800 })
      await page.screenshot({ path: join(pictures, `${name}-${String(width)}.png`), fullPage: true })
    }
  }
  // The colors are those of all public pages; they are asked once.
  found.push(...(await survey(page, name, sizes, name === 'home')))
}

async function signInAs(page: Page, email: string): Promise<void> {
  await page.getByLabel('Your e-mail address').fill(email)
  await page.getByRole('button', { name: 'Mail me a code' }).click()
  const code = /\d{4} \d{4}/.exec(await newestMail(clerk, 'Code to sign in'))?.[0] ?? ''
  await page.getByLabel('The code in the mail').fill(code)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

async function addChild(email: string, firstName: string, born: string): Promise<void> {
  const keys = openKeyFile(join(running.data, 'secrets', 'key'))
  const child = newChild(keys, { firstName, born }, 'under-13')
  await running.arrange(sql`select residents.put_child((select resident from residents.address
    where token = ${addressToken(keys, email)}), 'parent', ${child.id}, ${child.subject}, ${child.wrapped}, ${child.kek},
    ${child.sealedAbout}, ${child.band}, ${child.ofAgeToken})`)
}

describe('a mother on a phone, without JavaScript', () => {
  let page: Page
  beforeAll(async () => {
    page = await ownPhone(browser)
  })

  test('signs in with a code that is mailed to her, and is told what a page of her own is for', async () => {
    await page.goto('/me')
    expect(await mainText(page)).toContain('There is no password')
    await page.getByLabel('Your e-mail address').fill('marta')
    await page.getByRole('button', { name: 'Mail me a code' }).click()
    expect(await mainText(page)).toContain('Write an e-mail address like')
    await signInAs(page, marta)
    expect(await mainText(page)).toContain('No child is here')
    const [cookie] = await page.context().cookies()
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' })
  })

  test('gives her name, sees her child, and corrects what is known of her', async () => {
    await page.getByRole('link', { name: 'Give your name' }).click()
    await page.getByLabel('Your name').fill('Marta Olmedo')
    await page.getByLabel('Telephone').fill('(530) 555-0142')
    await page.getByRole('button', { name: 'Save' }).click()
    expect(await mainText(page)).toContain('Welcome, Marta Olmedo')
    await addChild(marta, 'Lucia', '2016-05-04')
    await page.reload()
    await page.getByRole('link', { name: 'Lucia', exact: true }).click()
    await page.getByLabel('First name').fill('Lucía')
    await page.getByLabel('Birthday').fill('4 May')
    await page.getByRole('button', { name: 'Save' }).click()
    expect(await mainText(page)).toContain('Write the birthday as year, month and day')
    await page.getByLabel('Birthday').fill('2016-05-03')
    await page.getByRole('button', { name: 'Save' }).click()
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('What we know of Lucía')
  })

  test('asks the father, who signs in with the address that was asked, accepts, and sees the child too', async () => {
    await page.getByLabel('Their e-mail address').fill(leo)
    await page.getByLabel('What they are to Lucía').selectOption('parent')
    await page.getByRole('button', { name: 'Mail the question' }).click()
    expect(await mainText(page)).toContain('The question is on its way')
    const link = /\/me\/invitations\/[\w-]+/.exec(await newestMail(clerk, 'Question to a second guardian'))?.[0] ?? ''
    const his = await ownPhone(browser)
    await his.goto(link)
    await signInAs(his, leo)
    expect(await his.getByRole('heading', { level: 1 }).innerText()).toBe('Will you stand for this child?')
    await his.getByRole('button', { name: 'I am a parent or guardian' }).click()
    expect(await mainText(his)).toContain('Lucía')
    expect(await mainText(his)).not.toContain('Marta')
    await his.context().close()
    expect(await newestMail(clerk, 'A second guardian accepted')).toContain('Lucía')
  })

  test('reads who looked, takes a proof and her copy with her, and signs out', async () => {
    await page.goto('/me/record')
    expect(await mainText(page)).toContain('A mail to you was opened')
    expect(await mainText(page)).not.toContain('Inés')
    await page.locator('summary').first().click()
    expect(await mainText(page)).toContain('You looked at your contact')
    const [proof] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /Proof/ }).first().click(),
    ])
    expect(proof.suggestedFilename()).toMatch(/\.tlog-proof$/)
    await page.goto('/me/copy')
    const [copy] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download it' }).click(),
    ])
    expect(copy.suggestedFilename()).toBe('my-page.json')
    await page.goto('/me')
    await page.getByRole('button', { name: 'Sign out' }).click()
    expect(await mainText(page)).toContain('You are signed out')
    expect(await page.context().cookies()).toEqual([])
    await page.goto('/es/me')
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Su propia página')
    await page.context().close()
  })
})

describe('with JavaScript', () => {
  test('she makes a passkey, and signs in with it the next time', async () => {
    const page = await browser.desk()
    const device = await page.context().newCDPSession(page)
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
    await page.goto('/me/sign-ins')
    await look(page, 'sign-in')
    await signInAs(page, marta)
    await page.getByLabel('What you make it on').selectOption('A phone or tablet')
    await page.getByRole('button', { name: 'Make a passkey' }).click()
    await page.getByText('The passkey is made').waitFor()
    await page.goto('/me')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.getByRole('heading', { name: 'Welcome, Marta Olmedo' }).waitFor()
    await look(page, 'home')
    await page.goto('/me/record')
    await look(page, 'record')
    await page.goto('/me/copy')
    await look(page, 'copy')
    await page.goto('/es/me')
    await page.getByRole('link', { name: 'Lucía', exact: true }).click()
    await look(page, 'child-es')
    await refusedOnHerPage(page)
    await page.context().close()
  })
})

/** What her page says where something will not do, each looked at: nothing of it is done. */
async function refusedOnHerPage(page: Page): Promise<void> {
  const seen = async (at: string) => void found.push(...(await glance(page, at)))
  const child = new URL(page.url()).pathname.replace(/^\/es/, '')
  const letters = 'A'.repeat(22)
  for (const at of ['/me/contact', '/me/leaving', '/me/sign-ins', `/me/invitations/${letters}`]) {
    await page.goto(at)
    await seen(at)
  }
  const refused: [string, Record<string, string>][] = [
    [`/me/invitations/${letters}`, { answer: 'yes' }],
    ['/me/contact', { name: '', telephone: 'none' }],
    ['/me/contact/codes', { email: 'nowhere' }],
    ['/me/contact/codes', { email: 'marta.new@example.org' }],
    ['/me/contact/addresses', { email: 'marta.new@example.org', code: '0000 0000' }],
    [child, { firstName: '', born: '4 May' }],
    [`${child}/invitations`, { email: 'nowhere' }],
    ['/me/passkey-removals', { passkey: '' }],
    ['/me/consents/code', { code: '1' }],
    ['/me/codes', { email: 'nowhere' }],
    ['/me/sessions', { email: marta, code: '0000 0000' }],
    ['/me/leaving', {}],
  ]
  for (const [at, fields] of refused) {
    // Who has not proved for a while who she is does not leave by one press.
    if (at === '/me/leaving')
      await running.arrange(sql`update residents.session set started_at = now() - interval '30 minutes'`)
    await post(page, at, fields)
    await seen(`${at}, refused`)
  }
}

describe('the consent clerk at the counter', () => {
  test('finds a child by the document, attests who stands for her, and sees no one she did not ask for', async () => {
    await clerk.goto('/desk/people')
    expect(await mainText(clerk)).toContain('Nothing is listed that you did not ask for')
    await clerk.getByLabel('Birthday on the child’s document').fill('2016-05-03')
    await clerk.getByRole('button', { name: 'Find' }).click()
    await clerk.getByRole('heading', { name: 'Lucía', exact: true }).waitFor()
    expect(await mainText(clerk)).toContain(leo)
    await look(clerk, 'people', atDesk)
    await clerk.getByLabel('What was shown for Marta Olmedo').selectOption('legal-guardian')
    await clerk.locator('li', { hasText: marta }).getByRole('button', { name: 'Shown to me' }).click()
    expect(await mainText(clerk)).toContain('shown: legal guardian')
    await clerk.goto('/desk/people-mail')
    await look(clerk, 'kept mail', atDesk)
    await clerk.getByRole('button', { name: 'Open' }).first().click()
    await look(clerk, 'kept mail, open', atDesk)
    const dan = await browser.desk()
    await comeIn(dan, running, 'dan')
    for (const at of ['/desk/people', '/desk/people-mail']) expect((await dan.goto(at))?.status()).toBe(404)
    await dan.context().close()
  })
})

test('all these pages are fit for everybody', () => {
  expect(found).toEqual([])
})
