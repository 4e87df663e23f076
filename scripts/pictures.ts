// `npm run pictures`: the pictures of the README, taken from the running program with its sample city. The same people
// write and answer as in the browser tests; nothing is drawn or retouched.
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { openLetter, received, report, send, signIn } from '../test/browser/acts.ts'
import { endChromium, openBrowser, type TestBrowser } from '../test/support/browser.ts'
import { startIn, type Running } from '../test/support/city-process.ts'
import { temporaryFolder } from '../test/support/cluster.ts'

const folder = join(import.meta.dirname, '..', 'docs', 'pictures')
/** A README is read over a slow line too. */
const mostBytes = 200_000
const sharp = { deviceScaleFactor: 2, viewport: { width: 360, height: 740 } }

const running = await startIn(temporaryFolder())
const browser = await openBrowser(running.origin)
try {
  mkdirSync(folder, { recursive: true })
  await publicSite(browser)
  await letter(browser, running)
  await desk(browser, running)
} finally {
  await browser.close()
  await endChromium()
  await running.stop()
}

async function publicSite(site: TestBrowser): Promise<void> {
  const wide = await site.visitor({ viewport: { width: 1280, height: 1000 } })
  await wide.goto('/')
  await take(wide, 'home')
  await wide.goto('/privacy')
  await take(wide, 'privacy')
  const dark = await site.visitor({ colorScheme: 'dark' })
  await dark.goto('/services')
  await take(dark, 'dark')
  const phone = await site.phone(sharp)
  await phone.goto('/')
  await take(phone, 'home-phone')
  await phone.goto('/es')
  await take(phone, 'spanish-phone')
}

/** A letter from its form to who looked at it. */
async function letter(site: TestBrowser, program: Running): Promise<void> {
  const form = await site.visitor({ viewport: { width: 860, height: 720 } })
  await form.goto('/forms/report-a-problem?topic=street-lights')
  await form.getByLabel('Where exactly?').fill('Walnut Lane, between 4th and 5th')
  await toTop(form, 'Where exactly?')
  await take(form, 'why-we-ask')

  const phone = await site.phone(sharp)
  await phone.goto('/forms/report-a-problem?topic=street-lights')
  await phone.getByLabel('Neighborhood').selectOption('college-terrace')
  await phone.getByLabel('Where exactly?').fill('Walnut Lane, between 4th and 5th')
  await phone.getByLabel('What is wrong?').fill('Two lights are out since Sunday, and my class ends at ten.')
  await send(phone)
  const { number, path } = await received(phone)
  await take(phone, 'receipt-phone')

  const dan = await site.desk()
  await signIn(dan, program, 'dan')
  await openLetter(dan, number)
  await dan.getByLabel('Your answer').fill('Thank you. The fuse is replaced tomorrow before dark.')
  await dan.getByRole('button', { name: 'Send answer' }).click()
  await dan.getByText('Your answer is sent.').waitFor()
  const lupe = await site.desk()
  await signIn(lupe, program, 'lupe')
  await lupe.goto('/desk?shelf=answered')
  await lupe.getByRole('link', { name: new RegExp(`No\\. ${number} ·`) }).click()
  await lupe.getByLabel('Why you open it').selectOption({ index: 2 })
  await lupe.getByRole('button', { name: 'Open the letter' }).click()
  await lupe.getByLabel('Your answer').waitFor()

  const resident = await site.visitor({ viewport: { width: 860, height: 560 } })
  await resident.goto(path)
  const proofs = resident.getByRole('link', { name: /Proof/ })
  while ((await proofs.count()) < 3) await resident.reload()
  await resident.goto(`${path}#looks`)
  await take(resident, 'who-looked')
}

async function desk(site: TestBrowser, program: Running): Promise<void> {
  for (const answers of [{ kind: 'potholes', neighborhood: 'old-landing' }, { kind: 'sidewalks' }])
    await report(await site.phone(), { where: 'Ferry Street 118', what: 'A slab is loose.', ...answers })
  const page = await site.desk()
  await signIn(page, program, 'dan')
  await take(page, 'desk-inbox')
  await openLetter(page, '4')
  await take(page, 'desk-letter')
}

async function toTop(page: Page, label: string): Promise<void> {
  const box = await page.getByLabel(label).boundingBox()
  await page.mouse.wheel(0, (box?.y ?? 0) - 95)
  await page.waitForTimeout(200)
}

async function take(page: Page, name: string): Promise<void> {
  const path = join(folder, `${name}.png`)
  await page.screenshot({ path, caret: 'initial' })
  const { size } = statSync(path)
  console.log(`${name}.png ${String(Math.ceil(size / 1000))} kB`)
  if (size > mostBytes) throw new Error(`${name}.png is larger than ${String(mostBytes / 1000)} kB`)
}
