import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { Temporal } from 'temporal-polyfill'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { aCityOfItsOwn, type Running } from '../support/running.ts'
import { comeIn, mainText, newestMail, openLetter, ownPhone, received } from './acts.ts'
import { glance } from './survey.ts'

// The whole story of a child at this city, on phones without JavaScript: a teenager tries, a parent consents at the counter,
// camp begins, one purpose is taken back, then all of them.

let running: Running
let browser: TestBrowser
let teen: Page
let carla: Page
let clerk: Page
let leader: Page
const words = {
  parent: 'carla.mendez@example.org',
  safe: 'I carry a Brisefort inhaler.',
  wish: 'Paddle to the island of Heronmarsh.',
  bees: 'Bee stings: Mellisine pen.',
  pickUp: 'Aunt Delphine, (530) 555-0177',
}

beforeAll(async () => {
  running = await aCityOfItsOwn(async ({ data }) => ({ CITYHALL_CITY: await cityWithCampToday(join(data, 'city')) }))
  browser = await openBrowser(running.origin)
  teen = await ownPhone(browser)
  carla = await ownPhone(browser)
  clerk = await browser.desk()
  await comeIn(clerk, running, 'ines')
  leader = await browser.desk()
  await comeIn(leader, running, 'diego')
})
afterAll(async () => {
  await browser.close()
  await running.stop()
})
afterEach(async () => {
  expect(await browser.problems()).toEqual([])
})

/** The sample city as it may be in any summer: its camp is free, open to teenagers, and on today, whatever day that is. */
async function cityWithCampToday(folder: string): Promise<string> {
  await cp(join(import.meta.dirname, '..', '..', 'city'), folder, { recursive: true })
  const today = Temporal.Now.plainDateISO('America/Los_Angeles')
  const on = (days: number) => today.add({ days }).toString()
  const week = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
  await rewrite(join(folder, 'activities.yaml'), [
    [/(\n {2}summer-camp:\n[^]*?)\n {4}price:(?:\n {6}.*)+/, '$1'],
    [/(\n {2}summer-camp:\n[^]*?)\n {4}pay-within: .*/, '$1'],
    [/(\n {2}summer-camp:\n[^]*?ages:) .*/, '$1 { from: 6, to: 17 }'],
    [/(\n {6}summer-camp-june:\n[^]*?first:) .*/, `$1 ${on(-1)}`],
    [/(\n {6}summer-camp-june:\n[^]*?last:) .*/, `$1 ${on(12)}`],
    [/(\n {6}summer-camp-june:\n[^]*?days:) .*/, `$1 { ${week.map((day) => `${day}: '00:01-23:59'`).join(', ')} }`],
    [/(\n {6}summer-camp-june:\n[^]*?)\n {8}reserve: .*/, '$1'],
    [/(\n {6}summer-camp-june:\n[^]*?registration:) .*/, `$1 { opens: ${on(-9)} 09:00, closes: ${on(9)} 17:00 }`],
  ])
  // Half a year away from any holiday that could fall on today.
  const holiday = today.month > 3 && today.month < 10 ? 'January 1' : 'July 4'
  await rewrite(join(folder, 'calendar.yaml'), [
    [/\nholidays:\n[^]*/, `\nholidays:\n  - name: { en: A holiday, es: Un día feriado }\n    falls: ${holiday}\n`],
  ])
  return folder
}

async function rewrite(file: string, changes: readonly (readonly [RegExp, string])[]): Promise<void> {
  let text = await readFile(file, 'utf8')
  for (const [from, to] of changes) {
    if (!from.test(text)) throw new Error(`${file} has nothing like ${String(from)}`)
    text = text.replace(from, to)
  }
  await writeFile(file, text)
}

/** Says yes to every part of a question. The circles of a choice are drawn over the inputs. */
async function yesToAll(page: Page): Promise<void> {
  for (const yes of await page.locator('input[type=radio][value=yes]').all()) await yes.check({ force: true })
}

/** Takes back one purpose, or everything where none is named; answers with what she was told before. */
async function takesBack(purpose?: string): Promise<string> {
  await carla.goto('/me')
  await carla.getByRole('link', { name: /^Consents for Noa/ }).click()
  const boxes = carla.getByRole('checkbox', purpose === undefined ? {} : { name: `Take back “${purpose}”` })
  for (const box of await boxes.all()) await box.check({ force: true })
  await carla.getByRole('button', { name: 'See what will follow' }).click()
  const preview = await mainText(carla)
  await carla.getByRole('button', { name: 'Take it back now' }).click()
  await carla.waitForURL(/receipts/)
  return preview
}

let code: string
let letter: Awaited<ReturnType<typeof received>>

test('a teenager who is asked for her age first gets no further than a parent’s address', async () => {
  await teen.goto('/forms/summer-camp')
  expect(await mainText(teen)).not.toMatch(/camp|child|parent/i)
  await teen.getByLabel('Your date of birth').fill('May 4, 2010')
  await teen.getByRole('button', { name: 'Next' }).click()
  expect(await mainText(teen)).toContain('A parent comes first')
  expect(await teen.locator('[name=name], [name=week], [name=prepare]').count()).toBe(0)
  // Another birthday, after going back, changes nothing.
  await teen.goBack()
  await teen.goto('/forms/summer-camp')
  expect(await mainText(teen)).toContain('A parent comes first')
  await teen.getByLabel('E-mail of your parent or guardian').fill(words.parent)
  await teen.getByLabel('Your first name').fill('Noa')
  await teen.getByRole('button', { name: 'Ask my parent' }).click()
  code = (await teen.locator('.digits').innerText()).replace(/\s+/g, ' ')
  expect(code).toMatch(/^\d{4} \d{4} \d{4} \d{4}$/)
  await goOn()
  expect(await mainText(teen)).toContain('Your parent has not answered yet')
})

async function goOn(): Promise<void> {
  await teen.goto('/forms/go-on')
  await teen.getByLabel('Your code').fill(code)
  await teen.getByRole('button').last().click()
}

test('her mother reads the question, says yes to each part, and shows at the counter who she is', async () => {
  expect(await newestMail(clerk, 'consent')).toContain('Noa wants to take part')
  await carla.goto('/me')
  await carla.getByLabel('Your e-mail address').fill(words.parent)
  await carla.getByRole('button', { name: 'Mail me a code' }).click()
  await carla
    .getByLabel('The code in the mail')
    .fill(/\d{4} \d{4}/.exec(await newestMail(clerk, 'Code to sign in'))?.[0] ?? '')
  await carla.getByRole('button', { name: 'Sign in' }).click()
  await carla.getByRole('link', { name: /asks for your consent/ }).click()
  await yesToAll(carla)
  await carla.getByLabel('Birthday of the child').fill('2010-05-04')
  await carla.getByLabel('You are').selectOption('parent')
  await carla.getByLabel('Your full name').fill('Carla Mendez')
  await carla.getByRole('button', { name: 'Send my answer' }).click()
  const number = /Say this number: (\d+)/.exec(await mainText(carla))?.[1] ?? ''
  await goOn()
  expect(await mainText(teen)).not.toContain('Which week would you like?')
  await clerk.goto('/desk/consents')
  await clerk.getByRole('link', { name: number }).click()
  await clerk.getByRole('button', { name: 'Open' }).click()
  expect(await mainText(clerk)).toContain('Carla Mendez')
  await clerk.getByLabel('I saw or heard this myself').check({ force: true })
  await clerk.getByRole('button', { name: 'Attest' }).click()
  expect(await mainText(clerk)).toContain('Attested. What waited for it is in force.')
})

test('the teenager goes on with her code and sends her letter; her mother gives her a place at camp', async () => {
  await goOn()
  await teen.getByLabel('Your name').fill('Noa Quill')
  await teen.locator('[name=week][value=june]').check({ force: true })
  await teen.locator('[name=swims][value=some]').check({ force: true })
  await teen.getByLabel('What should we prepare for you?').fill(words.safe)
  await teen.getByLabel('What would you like to do at camp?').fill(words.wish)
  await teen.getByRole('button', { name: 'Send to the city' }).click()
  letter = await received(teen)
  expect(await mainText(teen)).toContain('How long we keep it two years')
  await carla.goto('/activities/summer-camp/summer-camp-june')
  await carla.getByRole('link', { name: 'Sign a child up' }).click()
  await carla.getByRole('button', { name: 'Go on with Noa' }).click()
  await yesToAll(carla)
  await carla.getByLabel('Your full name').fill('Carla Mendez')
  await carla.getByRole('button', { name: 'Send my answer' }).click()
  await carla.getByRole('link', { name: /^Go on: Summer camp at the river/ }).click()
  await carla.getByLabel('Who may pick the child up').fill(words.pickUp)
  await carla.getByLabel('Allergies, medicine, what helps').fill(words.bees)
  await carla.getByLabel('I have read this and agree').check({ force: true })
  await carla.getByRole('button', { name: 'Sign Noa up' }).click()
  expect(await mainText(carla)).toContain('You have a place.')
  expect(await mainText(carla)).toContain('How long we keep it two years')
})

const roster = async (): Promise<string> => {
  await leader.goto('/desk/activities/summer-camp-june/roster')
  const open = leader.getByRole('button', { name: 'Open the names' })
  if (await open.isVisible()) await open.click()
  return mainText(leader)
}

test('camp: whoever leads it today sees who comes and what helps, and her mother sees who looked', async () => {
  expect(await roster()).toContain('Noa')
  expect(await mainText(leader)).toContain(words.bees)
  expect(await mainText(leader)).toContain(words.pickUp)
  const aisha = await browser.desk()
  await comeIn(aisha, running, 'aisha')
  await openLetter(aisha, letter.number)
  await aisha.getByRole('button', { name: 'Open the answers' }).click()
  await aisha.getByText(words.safe).waitFor()
  expect(await glance(aisha, 'what a minor answered')).toEqual([])
  await aisha.context().close()
  await carla.goto('/me')
  await carla.getByRole('link', { name: /^Consents for Noa/ }).click()
  await carla.getByRole('link', { name: 'Who looked, and the proofs' }).click()
  expect(await mainText(carla)).toMatch(/leader/i)
})

test('one purpose taken back ends that use at once, also on the screen that is open; taking part goes on', async () => {
  await leader.goto('/desk/activities/summer-camp-june/roster')
  const preview = await takesBack('Allergies and medical needs')
  expect(preview).not.toContain('place')
  await leader.reload()
  expect(await mainText(leader)).not.toContain(words.bees)
  expect(await roster()).toContain('Noa')
  expect(await mainText(leader)).not.toContain(words.bees)
  await carla.goto('/me')
  expect(await mainText(carla)).toContain('You have a place.')
  await carla.getByRole('link', { name: /^Consents for Noa/ }).click()
  await carla.getByRole('link', { name: /what we hold about Noa/ }).click()
  const held = await Promise.all((await carla.getByRole('textbox').all()).map((box) => box.inputValue()))
  expect(held).toContain(words.wish)
  expect(held).not.toContain(words.bees)
})

test('all of it taken back: place, roster, letter and code are over at once; the receipt tells each consequence', async () => {
  expect(await takesBack()).toMatch(/place/)
  const receipt = await mainText(carla)
  expect(receipt).toContain('The place in the session ends')
  expect(receipt).toContain('its key is destroyed after')
  expect(receipt).toContain('The last back-up that may hold a copy expires')
  expect(await roster()).not.toContain('Noa')
  await carla.goto('/me')
  expect(await mainText(carla)).not.toContain('You have a place.')
  await goOn()
  expect(await mainText(teen)).not.toContain('Noa Quill')
  await teen.goto(letter.path)
  const left = await mainText(teen)
  for (const gone of [words.safe, words.wish, 'Noa Quill']) expect(left).not.toContain(gone)
  const aisha = await browser.desk()
  await comeIn(aisha, running, 'aisha')
  await aisha.goto(`/desk/find?q=${letter.number}`)
  for (const gone of [words.safe, words.wish, 'Noa Quill']) expect(await mainText(aisha)).not.toContain(gone)
})
