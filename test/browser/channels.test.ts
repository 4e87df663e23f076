import { generateKeyPairSync } from 'node:crypto'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createTransport } from 'nodemailer'
import PostalMime from 'postal-mime'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { openMailbox, type Mailbox } from '../support/mailbox.ts'
import { openNameServer, type TestNameServer } from '../support/name-server.ts'
import { aCityOfItsOwn, type Running } from '../support/running.ts'
import { comeIn, mainText, received, report } from './acts.ts'

// One promise for every channel: what a person brings, by whichever door, is a case on the right desk, found there by a
// word of it, opened in the same way, and open to her by her receipt.
let running: Running
let browser: TestBrowser
let dan: Page
let mei: Page
let person: Page
let post: Mailbox
let names: TestNameServer
let smtpPort: number
/** The receipt of each letter, by its word. */
const codes = new Map<string, string>()

type Channel = readonly [came: string, word: string, bring: (words: string) => Promise<string>]
const channels: readonly Channel[] = [
  ['Came by e-mail', 'rhododendron', mailed],
  ['Came by the form', 'wisteria', filledIn],
  ['Came on paper', 'hydrangea', (words) => recorded('Letter', words)],
  ['Said at the counter', 'periwinkle', (words) => recorded('At the counter', words)],
  ['Said on the telephone', 'snapdragon', (words) => recorded('Telephone', words)],
  ['Came through Open311', 'hollyhock', posted],
]
const signing = generateKeyPairSync('rsa', { modulusLength: 2048 })
const wordsWith = (word: string): string => `The ${word} hides a hole beside the road.`

beforeAll(async () => {
  smtpPort = await freePort()
  post = await openMailbox()
  names = await openNameServer()
  const p = signing.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  names.texts.set('s1._domainkey.home.example', `v=DKIM1; k=rsa; p=${p}`)
  names.texts.set('_dmarc.home.example', 'v=DMARC1; p=quarantine')
  const settings = { CITYHALL_SMTP_PORT: String(smtpPort), CITYHALL_NAME_SERVERS: names.address, SMTP_URL: post.url }
  running = await aCityOfItsOwn(() => Promise.resolve(settings))
  browser = await openBrowser(running.origin)
  person = await browser.phone()
  dan = await browser.desk()
  mei = await browser.desk()
  await Promise.all([comeIn(dan, running, 'dan'), comeIn(mei, running, 'mei')])
  // The person's page, the clerk's and no page at all: three at once.
  await Promise.all([channels.slice(0, 2), channels.slice(2, 5), channels.slice(5)].map(bringInOrder))
}, 120_000)
afterAll(async () => {
  expect(await browser.problems()).toEqual([])
  await browser.close()
  await running.stop()
  names.close()
  await post.close()
})

async function bringInOrder(some: readonly Channel[]): Promise<void> {
  for (const [, word, bring] of some) codes.set(word, await bring(wordsWith(word)))
}

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

/** From her own mailbox; the city's mail brings the link at which she makes her receipt. */
async function mailed(text: string): Promise<string> {
  const answered = new Promise<string>((resolve) => {
    post.onTaken = ({ source }) => {
      resolve(source)
    }
  })
  const transport = createTransport({ host: '127.0.0.1', port: smtpPort, tls: { rejectUnauthorized: false } })
  const privateKey = String(signing.privateKey.export({ type: 'pkcs8', format: 'pem' }))
  await transport.sendMail({
    from: 'Ana Lima <ana@home.example>',
    to: 'publicworks@almendra.example.org',
    subject: 'A hole',
    text,
    dkim: { domainName: 'home.example', keySelector: 's1', privateKey },
  })
  transport.close()
  const source = await answered
  const link = /http\S+\/receipt\/mail\/\S+/.exec(
    (await PostalMime.parse(Buffer.from(source, 'latin1'))).text ?? '',
  )?.[0]
  await person.goto(link ?? '')
  await person.getByRole('button', { name: 'Make my receipt' }).click()
  return (await received(person)).code
}

/** By a program of somebody else, which was given a key. */
async function posted(description: string): Promise<string> {
  const cityhall = join(import.meta.dirname, '..', '..', 'bin', 'cityhall.mjs')
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
  await expect.poll(() => lookFor(word, found), { timeout: 30_000, interval: 300 }).toBe(1)
  await found.click()
  await dan.getByRole('heading', { name: 'This letter is sealed' }).waitFor()
  expect(await mainText(dan)).toContain(came)
  expect(await mainText(dan)).not.toContain(word)
  await dan.getByRole('button', { name: 'Open the letter' }).click()
  await dan.getByLabel('Your answer').waitFor()
  expect(await mainText(dan)).toContain(wordsWith(word))
  await person.goto('/receipt')
  await person.locator('#code').fill(codes.get(word) ?? '')
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
