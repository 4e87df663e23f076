import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createTransport } from 'nodemailer'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { startRunning, type Running } from '../support/running.ts'
import { mainText, report, signIn } from './acts.ts'

// One promise for every channel: what a person brings, by whichever door, is a case on the right desk, found there by a
// word of it, opened in the same way, and open to her by her receipt.
let running: Running
let browser: TestBrowser
let dan: Page
let mei: Page
let person: Page
let smtpPort: number
/** The receipt of each letter, by its word, where it is handed out. */
const codes = new Map<string, string>()

type Channel = readonly [came: string, word: string, bring: (words: string) => Promise<string | undefined>]
const channels: readonly Channel[] = [
  ['Came by e-mail', 'rhododendron', mailed],
  ['Came by the form', 'wisteria', filledIn],
  ['Came on paper', 'hydrangea', (words) => recorded('Letter', words)],
  ['Said at the counter', 'periwinkle', (words) => recorded('At the counter', words)],
  ['Said on the telephone', 'snapdragon', (words) => recorded('Telephone', words)],
  ['Came through Open311', 'hollyhock', posted],
]
const wordsWith = (word: string): string => `The ${word} hides a hole beside the road.`

beforeAll(async () => {
  smtpPort = await freePort()
  running = await startRunning(() => Promise.resolve({ CITYHALL_SMTP_PORT: String(smtpPort) }))
  browser = await openBrowser(running.origin)
  person = await browser.phone()
  dan = await browser.desk()
  await signIn(dan, running, 'dan')
  mei = await browser.desk()
  await signIn(mei, running, 'mei')
  for (const [, word, bring] of channels) {
    const code = await bring(wordsWith(word))
    if (code !== undefined) codes.set(word, code)
  }
}, 120_000)
afterAll(async () => {
  expect(await browser.problems()).toEqual([])
  await browser.close()
  await running.stop()
})

async function filledIn(what: string): Promise<string> {
  return (await report(person, { kind: 'potholes', neighborhood: 'levee-park', where: 'Here', what })).code
}

/** By a clerk, as somebody says it; the code stands on the slip. */
async function recorded(how: string, words: string): Promise<string> {
  await mei.goto('/desk/intake')
  await mei.getByRole('radio', { name: how, exact: true }).check()
  await mei.getByLabel('Topic').fill('potholes')
  await mei.getByLabel('What it says').fill(words)
  await mei.getByRole('button', { name: 'Record', exact: true }).click()
  await mei.getByRole('heading', { level: 1, name: 'Recorded' }).waitFor()
  return /\b\d{4}(?: \d{4}){5}\b/.exec(await mainText(mei))?.[0] ?? ''
}

async function mailed(text: string): Promise<undefined> {
  const transport = createTransport({ host: '127.0.0.1', port: smtpPort, tls: { rejectUnauthorized: false } })
  const to = 'publicworks@almendra.example.org'
  await transport.sendMail({ from: 'Ana Lima <ana@home.example>', to, subject: 'A hole', text })
  transport.close()
}

/** By a program of somebody else, which was given a key. */
async function posted(description: string): Promise<string> {
  const cityhall = join(import.meta.dirname, '..', '..', 'bin', 'cityhall.ts')
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [cityhall, 'open311', 'client', 'add', 'Neighbors', '--json'],
    { env: { ...process.env, CITYHALL_DATA: running.data } },
  )
  const { key } = JSON.parse(stdout) as { key: string }
  const body = new URLSearchParams({
    api_key: key,
    service_code: 'potholes',
    address_string: 'Levee Park',
    description,
  })
  const answer = await fetch(`${running.origin}/open311/v2/requests.json`, { method: 'POST', body })
  expect(answer.status).toBe(201)
  const [one] = (await answer.json()) as [{ receipt_code: string }]
  return one.receipt_code
}

test.each(channels)('%s, a letter is found by a word of it, opened, and open to its person', async (came, word) => {
  const found = dan.getByRole('link', { name: /No\. \d+ ·/ })
  await expect.poll(() => lookFor(word, found), { timeout: 10_000, interval: 300 }).toBe(1)
  await found.click()
  await dan.getByRole('heading', { name: 'This letter is sealed' }).waitFor()
  expect(await mainText(dan)).toContain(came)
  expect(await mainText(dan)).not.toContain(word)
  await dan.getByRole('button', { name: 'Open the letter' }).click()
  await dan.getByLabel('Your answer').waitFor()
  expect(await mainText(dan)).toContain(wordsWith(word))
  const code = codes.get(word)
  if (code === undefined) return
  await person.goto('/receipt')
  await person.locator('#code').fill(code)
  await person.locator('main form button').first().click()
  await person.waitForURL(/\/receipt\/\d{24}$/)
  expect(await mainText(person)).toContain(wordsWith(word))
})

async function lookFor(word: string, found: Locator): Promise<number> {
  await dan.goto('/desk/search')
  await dan.locator('#q').fill(word)
  await dan.locator('main form button').first().click()
  await dan.getByRole('heading', { level: 2, name: /found|case/i }).waitFor()
  return found.count()
}
