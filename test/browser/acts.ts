import type { Page } from 'playwright-core'
import type { TestBrowser } from '../support/browser.ts'
import type { Running } from '../support/running.ts'

/** What people do at this site, in the words that they read there. */

export const problem = {
  kind: 'potholes',
  neighborhood: 'levee-park',
  where: 'Levee Park Drive 12, beside the blue mailbox',
  what: 'A hole as wide as a bicycle wheel.\n\nMy son fell into it on Sunday.',
  name: 'Marisol Vega-Quint',
  email: 'marisol.vega@example.org',
}

/** Questions left out stay as they are. */
type Answers = Partial<typeof problem>

export async function fillProblem(page: Page, answers: Answers = problem): Promise<void> {
  const { kind, neighborhood, where, what, name, email } = answers
  if (kind !== undefined) await page.getByLabel('What kind of problem').selectOption(kind)
  if (neighborhood !== undefined) await page.getByLabel('Neighborhood').selectOption(neighborhood)
  if (where !== undefined) await page.getByLabel('Where exactly?').fill(where)
  if (what !== undefined) await page.getByLabel('What is wrong?').fill(what)
  if (name !== undefined) await page.getByLabel('Your name').fill(name)
  if (email !== undefined) await page.getByLabel('Your e-mail').fill(email)
}

export const send = (page: Page): Promise<void> => page.getByRole('button', { name: 'Send to the city' }).click()

/** The same by the same door without a browser, for tests of what becomes of a letter. */
export async function reported({ origin }: Running, answers: Answers = problem): Promise<Received> {
  const address = `${origin}/forms/report-a-problem`
  const token = /name="token" value="([^"]+)"/.exec(await (await fetch(address)).text())?.[1] ?? ''
  const { kind = '', ...others } = answers
  const body = new URLSearchParams({ token, topic: kind, ...others })
  const sent = await fetch(address, { method: 'POST', body, redirect: 'manual' })
  const path = sent.headers.get('location') ?? ''
  if (!/^\/receipt\/\d{24}$/.test(path)) throw new Error(`no receipt: ${await sent.text()}`)
  const receipt = await (await fetch(`${origin}${path}`)).text()
  return readReceipt(receipt.replace(/<[^>]*>/g, ' '), path)
}

/** Reports the problem and answers with what the receipt page says: the case's number, and the code as it is shown. */
export async function report(page: Page, answers: Answers = problem): Promise<Received> {
  await page.goto('/forms/report-a-problem')
  await fillProblem(page, answers)
  await send(page)
  return received(page)
}

export type Received = { number: string; code: string; path: string }

export async function received(page: Page): Promise<Received> {
  // Somebody may have reported the like: then the page asks first.
  const mine = page.getByRole('button', { name: 'Send mine' })
  await page.waitForURL(/\/receipt\/\d{24}$|\?sent=\d+$/)
  if (await mine.isVisible()) await mine.click()
  await page.waitForURL(/\/receipt\/\d{24}$/)
  return readReceipt(await page.getByRole('main').innerText(), new URL(page.url()).pathname)
}

function readReceipt(text: string, path: string): Received {
  const code = /\b\d{4}(?:\s+\d{4}){5}\b/.exec(text)?.[0].replace(/\s+/g, ' ') ?? ''
  const number = /(?:Case number|Número de caso)\s+(\d+)/.exec(text)?.[1] ?? ''
  if (code === '' || number === '') throw new Error(`no code or no number on the receipt:\n${text}`)
  return { code, number, path }
}

export async function signIn(page: Page, { password }: Running, handle: string): Promise<void> {
  await page.goto('/desk')
  await page.getByLabel('User name').fill(handle)
  await page.getByLabel('Password').fill(password)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/desk')
  await page.getByRole('heading', { level: 1, name: 'Waiting' }).waitFor()
}

/** Is at the desk at once: her session is made by the same door, but no page of signing in is drawn. */
export async function comeIn(page: Page, { origin, password }: Running, handle: string): Promise<void> {
  const signingIn = { form: { handle, password }, headers: { origin }, maxRedirects: 0 }
  const answer = await page.context().request.post('/desk/sign-in', signingIn)
  if (answer.status() !== 303) throw new Error(`${handle} is not let in: ${String(answer.status())}`)
  await page.goto('/desk')
  await page.getByRole('heading', { level: 1, name: 'Waiting' }).waitFor()
}

/** Posts a form as a button of the page that is shown would, whatever it asks; the page that answers is shown after. */
export async function post(page: Page, action: string, fields: Readonly<Record<string, string>> = {}): Promise<void> {
  const loaded = page.waitForEvent('load')
  await page.evaluate(`(() => {
    const form = Object.assign(document.createElement('form'), { method: 'post', action: ${JSON.stringify(action)} })
    for (const [name, value] of ${JSON.stringify(Object.entries(fields))})
      form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }))
    document.body.append(form)
    HTMLFormElement.prototype.submit.call(form)
  })()`)
  await loaded
}

/** The line of a case in the list that is shown. */
export const lineOf = (page: Page, number: string) => page.getByRole('link', { name: new RegExp(`No\\. ${number} ·`) })

/** Goes to the case from the inbox and opens its letter. */
export async function openLetter(page: Page, number: string): Promise<void> {
  await page.goto('/desk')
  await lineOf(page, number).click()
  await page.getByRole('heading', { name: 'This letter is sealed' }).waitFor()
  await page.getByRole('button', { name: 'Open the letter' }).click()
  await page.getByLabel('Your answer').waitFor()
}

/** The text of the page's main part, spaces as one. */
export async function mainText(page: Page): Promise<string> {
  return (await page.getByRole('main').innerText()).replace(/\s+/g, ' ')
}

/** A phone without JavaScript, which may hold the one cookie of whoever signed in or told her age. */
export const ownPhone = (browser: TestBrowser): Promise<Page> =>
  browser.desk({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, javaScriptEnabled: false })

/** The newest mail that the sample city kept, opened by the clerk and dropped after. */
export async function newestMail(clerk: Page, kind: string): Promise<string> {
  const row = clerk.locator('.people li', { hasText: kind }).first()
  for (let tries = 0; ; tries++) {
    await clerk.goto('/desk/people-mail')
    if ((await row.getByRole('button', { name: 'Open' }).count()) > 0) break
    if (tries > 40) throw new Error(`no mail: ${await mainText(clerk)}`)
    await clerk.waitForTimeout(200)
  }
  await row.getByRole('button', { name: 'Open' }).click()
  const words = await mainText(clerk)
  await clerk.getByRole('button', { name: 'The person knows now' }).click()
  return words
}
