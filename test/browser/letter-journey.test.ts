import { generateKeyPairSync } from 'node:crypto'
import { createTransport } from 'nodemailer'
import PostalMime from 'postal-mime'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { photograph } from '../support/files.ts'
import { freePort } from '../support/free-port.ts'
import { openMailbox, type Mailbox } from '../support/mailbox.ts'
import { openNameServer, type TestNameServer } from '../support/name-server.ts'
import { aCityOfItsOwn, type Running } from '../support/running.ts'
import { comeIn, lineOf, mainText, openLetter, signIn } from './acts.ts'
import { survey } from './survey.ts'

// One letter to its end: brought to the counter, sent on to another government by real mail, answered by that government
// from its own mail server, read by the clerk at the desk and by the person at the receipt.
let running: Running
let browser: TestBrowser
let post: Mailbox
let names: TestNameServer
let smtpPort: number
let dan: Page

const domain = 'highways.example.org'
const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
const privateKey = String(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }))

beforeAll(async () => {
  post = await openMailbox()
  names = await openNameServer()
  const p = pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  names.texts.set(`s1._domainkey.${domain}`, `v=DKIM1; k=rsa; p=${p}`)
  names.texts.set(`_dmarc.${domain}`, 'v=DMARC1; p=quarantine')
  smtpPort = await freePort()
  running = await aCityOfItsOwn(() =>
    Promise.resolve({
      CITYHALL_SMTP_PORT: String(smtpPort),
      CITYHALL_NAME_SERVERS: names.address,
      SMTP_URL: post.url,
    }),
  )
  browser = await openBrowser(running.origin)
  dan = await browser.desk()
  await comeIn(dan, running, 'dan')
}, 120_000)
afterAll(async () => {
  await browser.close()
  await running.stop()
  names.close()
  await post.close()
})
afterEach(async () => {
  expect(await browser.problems()).toEqual([])
})

const looksWell = async (page: Page, where: string) => {
  const found = await survey(page, where, { least: 24, main: 24 })
  expect(found.map(({ about, says }) => `${about}: ${says}`)).toEqual([])
}

/** Hands a mail to the city's own door, as another mail server does. */
async function mail(message: Record<string, unknown>, signed = false): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: smtpPort, tls: { rejectUnauthorized: false } })
  await transport.sendMail({
    ...message,
    ...(signed && { dkim: { domainName: domain, keySelector: 's1', privateKey } }),
  })
  transport.close()
}

let number = ''

describe('a letter from the counter to another government and back', () => {
  const words = 'The ramp from the highway has a hole. My bicycle broke there.'
  let code = ''

  test('is recorded at the counter, with a picture, and the person goes home with a receipt', async () => {
    const mei = await browser.desk()
    await comeIn(mei, running, 'mei')
    await mei.goto('/desk/intake')
    await mei.getByLabel('Topic').fill('potholes')
    await mei.getByLabel('What it says').fill(words)
    await mei.locator('#name').fill('Ada Quill')
    await mei.locator('#email').fill('ada@home.example')
    const buffer = await photograph(640, 480)
    await mei.locator('#pages-new').setInputFiles([{ name: 'Ada Quill ramp.jpg', mimeType: 'image/jpeg', buffer }])
    await mei.getByRole('button', { name: 'Add these pages' }).click()
    await mei.getByText('Ada Quill ramp.jpg').first().waitFor()
    await mei.getByRole('button', { name: 'Record', exact: true }).click()
    await mei.getByRole('heading', { level: 1, name: 'Recorded' }).waitFor()
    const text = await mainText(mei)
    code = /\b\d{4}(?: \d{4}){5}\b/.exec(text)?.[0] ?? ''
    number = /Case number (\d+)/.exec(text)?.[1] ?? ''
    expect(code).not.toBe('')
  })

  test('is looked over, part by part and with its picture, and sent to whom it belongs', async () => {
    await dan.goto('/desk')
    await lineOf(dan, number).click()
    await dan.getByText('Open the letter to send it to another agency.').waitFor()
    expect(await dan.getByRole('link', { name: 'Send to another agency' }).count()).toBe(0)
    await openLetter(dan, number)
    await dan.getByRole('link', { name: 'Send to another agency' }).click()
    await dan.getByLabel('Agency').selectOption('state-highways')
    await dan.getByRole('button', { name: 'Choose' }).click()
    expect(await dan.getByLabel('File: Ada Quill ramp.jpg').isChecked()).toBe(true)
    await looksWell(dan, 'what leaves')
    expect(await mainText(dan)).toContain('What stays here')
    await dan.getByRole('button', { name: 'Look over what leaves' }).click()
    await dan.getByText('Say in a sentence why it is sent.').waitFor()
    await dan.getByLabel('Why, in a sentence').fill('The ramp is theirs.')
    await dan.getByRole('button', { name: 'Look over what leaves' }).click()
    await dan.getByRole('heading', { name: 'Exactly this leaves' }).waitFor()
    expect(await mainText(dan)).toContain(`case-${number}-file-1-1.jpg`)
    await looksWell(dan, 'looked over')
    await dan.getByRole('button', { name: 'Send it' }).click()
    await dan.getByText('It is on its way to the agency').waitFor()
    await expect.poll(() => sentTo(`district@${domain}`), { timeout: 20_000 }).toHaveLength(1)
    const [source] = sentTo(`district@${domain}`)
    const read = await PostalMime.parse(Buffer.from(source ?? '', 'latin1'))
    expect(read.text).toContain(words)
    expect(read.attachments.map(({ filename }) => filename)).toEqual([`case-${number}-file-1-1.jpg`])
    expect(source).not.toContain('Quill')
  })

  test('is answered by the agency’s own mail server, and the clerk reads it with its file', async () => {
    const [source] = sentTo(`district@${domain}`)
    const asked = await PostalMime.parse(Buffer.from(source ?? '', 'latin1'))
    const to = asked.replyTo?.[0]?.address ?? ''
    await mail(
      {
        from: `Officer Ramos <ramos@${domain}>`,
        to,
        subject: `Re: ${asked.subject ?? ''}`,
        inReplyTo: asked.messageId,
        text: 'A crew closed the hole this morning.',
        attachments: [{ filename: 'report.txt', content: 'Closed at 9:40.' }],
      },
      true,
    )
    await expect
      .poll(
        async () => {
          await dan.goto('/desk')
          await dan.getByRole('link', { name: new RegExp(`No\\. ${number} ·`) }).click()
          return mainText(dan)
        },
        { timeout: 20_000 },
      )
      .toContain('report.txt')
    const text = await mainText(dan)
    expect(text).toContain('A crew closed the hole this morning.')
    expect(text).toContain('State highway department')
    expect(text).toMatch(/Answered\. What left: what it is about, words, .*files/)
    await looksWell(dan, 'answered by the agency')
  })

  test('is read to its end by the person, who was told by mail that there is an answer', async () => {
    const ada = await browser.phone()
    await ada.goto('/receipt')
    await ada.locator('#code').fill(code)
    await ada.locator('main form button').first().click()
    await ada.waitForURL(/\/receipt\/\d{24}$/)
    const text = await mainText(ada)
    expect(text).toContain('We sent this to State highway department')
    expect(text).toContain('The ramp is theirs.')
    expect(text).toContain('one file')
    expect(text).toContain('State highway department answered')
    expect(text).toContain('A crew closed the hole this morning.')
    expect(text).toContain('report.txt')
    const told = await Promise.all(
      sentTo('ada@home.example').map((one) => PostalMime.parse(Buffer.from(one, 'latin1'))),
    )
    expect(told.map(({ subject }) => subject).at(-1)).toContain('another agency answered')
  })
})

describe('mail that waits for a decision', () => {
  const writes = (subject: string, from = 'Eve Stone <eve@else.example>') =>
    mail({ from, to: 'publicworks@almendra.example.org', subject, text: 'The hole is back, and it is deeper.' })
  /** Until so many lie on the shelf. */
  const lie = (count: number) =>
    expect
      .poll(
        async () => {
          await dan.goto('/desk/mail')
          return dan.locator('[data-line]').count()
        },
        { timeout: 20_000 },
      )
      .toBe(count)

  test('is none at first, and each shelf says what would lie there', async () => {
    await dan.goto('/desk/mail')
    await dan.getByRole('heading', { level: 1, name: 'To decide' }).waitFor()
    expect(await mainText(dan)).toContain('Nothing to decide')
    await looksWell(dan, 'no mail')
    for (const [shelf, none] of [
      ['Put aside', 'Nothing put aside'],
      ['Junk', 'No junk'],
    ] as const) {
      await dan.getByRole('link', { name: shelf }).click()
      await dan.getByRole('heading', { name: none }).waitFor()
    }
  })

  test('is found, opened and joined to its case by keyboard; a number that is none of hers costs nothing', async () => {
    await writes(`Re: case ${number}`)
    await lie(1)
    const line = dan.locator('[data-line]')
    expect(await line.innerText()).toContain('names a case')
    expect(await dan.content()).not.toMatch(/\bEve\b/)
    await looksWell(dan, 'mail to decide')
    await dan.keyboard.press('j')
    await dan.keyboard.press('o')
    await dan.getByRole('heading', { name: 'This mail is sealed' }).waitFor()
    await looksWell(dan, 'sealed mail')
    await dan.keyboard.press('r')
    await dan.keyboard.press('Tab')
    await dan.keyboard.press('Enter')
    await dan.getByRole('heading', { name: 'What becomes of it' }).waitFor()
    const text = await mainText(dan)
    expect(text).toContain('Eve Stone <eve@else.example>')
    expect(text).toContain('Nobody vouches for this sender.')
    expect(text).toContain('The hole is back, and it is deeper.')
    await dan.keyboard.press('m')
    expect(await dan.locator('#number').inputValue()).toBe(number)
    await dan.keyboard.type('99999')
    await dan.keyboard.press('Enter')
    await dan.locator('#number-error').waitFor()
    expect(await dan.locator('#number').inputValue()).toContain('99999')
    await looksWell(dan, 'mail with a wrong number')
    await dan.locator('#number').fill(number)
    await dan.keyboard.press('Enter')
    await dan.getByText('The mail is being filed with its case.').first().waitFor()
    await expect
      .poll(
        async () => {
          await dan.goto('/desk')
          await dan.getByRole('link', { name: new RegExp(`No\\. ${number} ·`) }).click()
          return mainText(dan)
        },
        { timeout: 20_000 },
      )
      .toContain('The hole is back, and it is deeper.')
  })

  test('is marked as junk, where it is kept and can still become a letter, without script too', async () => {
    await writes('RE: case 1')
    await lie(1)
    const plain = await browser.desk({ javaScriptEnabled: false })
    await signIn(plain, running, 'dan')
    await plain.getByRole('link', { name: 'Mail', exact: true }).click()
    await plain.getByRole('link', { name: /names a case/ }).click()
    await plain.getByRole('button', { name: 'Open the mail' }).click()
    await plain.getByRole('button', { name: 'Mark as junk' }).click()
    await plain.getByText('Marked as junk.').first().waitFor()
    await plain.getByRole('link', { name: /^Junk/ }).click()
    await plain.getByRole('link', { name: /names a case/ }).click()
    expect(await plain.getByRole('button', { name: 'Mark as junk' }).count()).toBe(0)
    await plain.getByRole('button', { name: 'Make it a letter' }).click()
    await plain.getByText('The mail becomes a letter of its own.').first().waitFor()
  })
})

const sentTo = (address: string) => post.taken.filter(({ to }) => to === address).map(({ source }) => source)
