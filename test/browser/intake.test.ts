import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { drawPicture } from '../support/drawing.ts'
import { aCity, type Running } from '../support/running.ts'
import { comeIn, lineOf, mainText, openLetter, signIn } from './acts.ts'
import { survey, type Finding } from './survey.ts'

const sentences = [
  'The chandelier in the council chamber',
  'flickers during every meeting',
  'Our crosswalk at Juniper Street',
  'needs a yellow lantern',
]
const drawn = new Map<string, Buffer>()

/** A page as a scanner gives it. */
function draw(words: string): Promise<Buffer> {
  const text = `<text x="90" y="180" font-size="46" font-family="serif">${words}</text>`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1400" height="420"><rect width="100%" height="100%" fill="#fff"/>${text}</svg>`
  return drawPicture(svg)
}

let running: Running
let browser: TestBrowser

beforeAll(async () => {
  for (const words of sentences) drawn.set(words, await draw(words))
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

/** A keyboard that counts. A mouse is never touched. */
function keyboardOf(page: Page) {
  const pressed = { keys: 0 }
  return {
    pressed,
    press: async (key: string, times = 1) => {
      for (let n = 0; n < times; n++) await page.keyboard.press(key)
      pressed.keys += times
    },
    type: async (text: string) => {
      await page.keyboard.type(text)
      pressed.keys += text.length
    },
  }
}

const letter = 'The crater on Wisteria Lane has swallowed a second bicycle. Please close it before school starts.'

describe('a letter on paper', () => {
  test('is recorded by keyboard alone, in fewer than forty keys besides its own words; its person follows it', async () => {
    const mei = await browser.desk()
    await comeIn(mei, running, 'mei')
    const keys = keyboardOf(mei)
    await keys.press('n')
    await mei.getByRole('heading', { level: 1, name: 'Record a letter' }).waitFor()
    // The cursor stands where the writing begins: topic, then the words, then who.
    await expect.poll(() => mei.evaluate('document.activeElement?.id')).toBe('topic')
    await keys.type('poth')
    await keys.press('Tab')
    const before = keys.pressed.keys
    await keys.type(letter)
    const words = keys.pressed.keys - before
    // By the pages, the language and the neighborhood to the name.
    for (let tabs = 0; tabs < 8 && (await mei.evaluate('document.activeElement?.id')) !== 'name'; tabs++)
      await keys.press('Tab')
    await keys.type('Ada Quill')
    await keys.press('Control+Enter')
    await mei.getByRole('heading', { level: 1, name: 'Recorded' }).waitFor()
    expect(keys.pressed.keys - words).toBeLessThan(40)
    const text = await mainText(mei)
    expect(text).toContain('Pothole or broken pavement')
    const code = /\b\d{4}(?: \d{4}){5}\b/.exec(text)?.[0] ?? ''
    const number = /Case number (\d+)/.exec(text)?.[1] ?? ''
    expect(code).not.toBe('')

    const ada = await browser.phone()
    await ada.goto('/receipt')
    await ada.locator('#code').fill(code)
    await ada.locator('main form button').first().click()
    await ada.waitForURL(/\/receipt\/\d{24}$/)
    expect(await mainText(ada)).toContain('Recorded your letter and printed your receipt')
    await ada.getByRole('button', { name: 'Make a new code' }).click()
    await ada.waitForURL(/\/receipt\/\d{24}$/)
    const own = /\b\d{4}(?:\s+\d{4}){5}\b/.exec(await ada.getByRole('main').innerText())?.[0] ?? ''
    expect(own.replace(/\s+/g, ' ')).not.toBe(code)

    const dan = await browser.desk()
    await comeIn(dan, running, 'dan')
    await openLetter(dan, number)
    expect(await mainText(dan)).toContain(letter)
    expect(await mainText(dan)).toContain('Ada Quill')
    await mei.goto('/desk')
    expect(await lineOf(mei, number).count()).toBe(0)
  })

  test('that lacks something comes back with everything typed and the cursor at the first mistake', async () => {
    const mei = await browser.desk()
    await comeIn(mei, running, 'mei')
    await mei.goto('/desk/intake')
    await mei.getByLabel('Topic').fill('park')
    await mei.getByLabel('What it says').fill('Words that must not be lost.')
    await mei.locator('#email').fill('nowhere')
    await mei.getByLabel('Language of the answer').selectOption('es')
    await mei.getByRole('button', { name: 'Record', exact: true }).click()
    await mei.getByRole('alert').waitFor()
    expect(await mei.getByLabel('What it says').inputValue()).toContain('Words that must not be lost.')
    expect(await mei.locator('#email').inputValue()).toBe('nowhere')
    await expect.poll(() => mei.evaluate('document.activeElement?.id')).toBe('topic')
    await mei.getByLabel('Topic: one of these').selectOption({ label: 'Parking problem (Police)' })
    await mei.locator('#email').fill('')
    await mei.getByRole('button', { name: 'Record', exact: true }).click()
    await mei.getByRole('heading', { level: 1, name: 'Recorded' }).waitFor()
    expect(await mainText(mei)).toContain('Recibo de su carta')
  })

  test('can be recorded without script', async () => {
    const mei = await browser.desk({ javaScriptEnabled: false })
    await signIn(mei, running, 'mei')
    await mei.getByRole('link', { name: 'Record a letter' }).click()
    await mei.getByLabel('Topic').fill('graffiti')
    await mei.getByLabel('What it says').fill('Paint on the library wall.')
    await mei.getByRole('button', { name: 'Record', exact: true }).click()
    await mei.getByRole('heading', { level: 1, name: 'Recorded' }).waitFor()
  })

  test('cannot be recorded by who has no such duty, and the page is not there', async () => {
    const tom = await browser.desk()
    await comeIn(tom, running, 'tom')
    expect(await tom.getByRole('link', { name: 'Record a letter' }).count()).toBe(0)
    await tom.goto('/desk/intake')
    await tom.getByRole('heading', { name: 'Not on your desk' }).waitFor()
  })
})

describe('scanned pages', () => {
  const page = (name: string, words: string) => ({
    name,
    mimeType: 'image/png',
    buffer: drawn.get(words) ?? Buffer.alloc(0),
  })

  test.each([true, false])(
    'come along, are put in order, and are found by their words (script: %s)',
    async (script) => {
      const [first, second] = script
        ? (['The chandelier in the council chamber', 'flickers during every meeting'] as const)
        : (['Our crosswalk at Juniper Street', 'needs a yellow lantern'] as const)
      const mei = await browser.desk({ javaScriptEnabled: script })
      await comeIn(mei, running, 'mei')
      await mei.goto('/desk/intake')
      await mei.getByLabel('Topic').fill('council meet')
      await mei.locator('#pages-new').setInputFiles([page('back.png', second), page('front.png', first)])
      await mei.getByRole('button', { name: 'Add these pages' }).click()
      await mei.getByText('2 pages are here').waitFor()
      if (script) await mei.getByRole('button', { name: 'Move up: front.png' }).click()
      else {
        await mei.getByLabel('back.png').fill('2')
        await mei.getByLabel('front.png').fill('1')
      }
      await mei.getByRole('button', { name: 'Record', exact: true }).click()
      await mei.getByRole('heading', { level: 1, name: 'Recorded' }).waitFor()
      const number = /Case number (\d+)/.exec(await mainText(mei))?.[1] ?? ''
      const word = script ? 'chandeliers' : 'juniper'
      await expect
        .poll(async () => found(mei, `${word} ${script ? 'flickers' : 'lantern'}`), {
          timeout: 60_000,
          interval: 1_000,
        })
        .toContain(`No. ${number}`)
      await openLetter(mei, number)
      const text = await mainText(mei)
      expect(text.indexOf('front.png')).toBeLessThan(text.indexOf('back.png'))
      expect(text).toContain('Text read by machine')
    },
  )

  test('that are none are refused beside the question, and what was typed is kept', async () => {
    const mei = await browser.desk()
    await comeIn(mei, running, 'mei')
    await mei.goto('/desk/intake')
    await mei.getByLabel('What it says').fill('Kept words.')
    const program = { name: 'setup.exe', mimeType: 'application/pdf', buffer: Buffer.from('MZ\x90\0 a program') }
    await mei.locator('#pages-new').setInputFiles([program])
    await mei.getByRole('button', { name: 'Add these pages' }).click()
    await mei.getByRole('alert').waitFor()
    expect(await mei.locator('#pages').innerText()).toContain('setup.exe')
    expect((await mei.getByLabel('What it says').inputValue()).trim()).toBe('Kept words.')
  })
})

async function found(page: Page, words: string): Promise<string> {
  await page.goto('/desk/search')
  await page.locator('#q').fill(words)
  await page.locator('main form button').first().click()
  return mainText(page)
}

test('an answer to who gave no e-mail is printed for the post, and the person reads that it was', async () => {
  const mei = await browser.desk()
  await comeIn(mei, running, 'mei')
  await mei.goto('/desk/intake')
  await mei.getByLabel('Topic').fill('city elections')
  await mei.getByLabel('What it says').fill('Where do I vote?')
  await mei.getByLabel('Name', { exact: true }).fill('Ada Quill')
  await mei.getByLabel('Postal address').fill('4 Fennel Court\nAlmendra, CA 95990')
  await mei.getByRole('button', { name: 'Record', exact: true }).click()
  await mei.getByRole('heading', { level: 1, name: 'Recorded' }).waitFor()
  const text = await mainText(mei)
  expect(text).toContain('The answer also comes by post.')
  const number = /Case number (\d+)/.exec(text)?.[1] ?? ''
  const code = /\b\d{4}(?: \d{4}){5}\b/.exec(text)?.[0] ?? ''
  await openLetter(mei, number)
  await mei.getByLabel('Your answer').fill('At the library, from seven in the morning.\n\nBring the card we sent you.')
  await mei.getByRole('button', { name: 'Send answer' }).click()
  await mei.getByRole('button', { name: 'Print the answer' }).click()
  await mei.getByRole('heading', { level: 1, name: 'Answer on paper' }).waitFor()
  const paper = await mei.locator('.paper').innerText()
  for (const words of [
    'City Clerk',
    '4 Fennel Court',
    'At the library, from seven in the morning.',
    `case number ${number}`,
  ])
    expect(paper).toContain(words)
  expect(paper).not.toContain(code)
  const findings = await survey(mei, 'answer on paper', { least: 24, main: 24 })
  expect(findings.map(({ about, where, says }) => `${about} ${where}: ${says}`)).toEqual([])
  const ada = await browser.phone()
  await ada.goto(`/receipt/${code.replaceAll(' ', '')}`)
  expect(await mainText(ada)).toContain('Printed the answer to you, for the post')
})

test('the pages of recording are looked at: empty, refused, the slip, in large print', async () => {
  const found: Finding[] = []
  const mei = await browser.desk()
  await comeIn(mei, running, 'mei')
  await mei.goto('/desk/intake')
  const look = async (where: string) => void found.push(...(await survey(mei, where, { least: 24, main: 24 })))
  await look('intake')
  await mei
    .locator('#pages-new')
    .setInputFiles([
      { name: 'one.png', mimeType: 'image/png', buffer: drawn.get(sentences[0] ?? '') ?? Buffer.alloc(0) },
    ])
  await mei.getByRole('button', { name: 'Add these pages' }).click()
  await mei.getByText('One page is here').waitFor()
  await look('intake with a page')
  await mei.goto('/desk/intake')
  await mei.getByRole('button', { name: 'Record', exact: true }).click()
  await mei.getByRole('alert').waitFor()
  await look('intake refused')
  await mei.getByLabel('Topic').fill('noise')
  await mei.getByLabel('What it says').fill('It is loud.')
  await mei.getByRole('button', { name: 'Record', exact: true }).click()
  await mei.getByRole('heading', { level: 1, name: 'Recorded' }).waitFor()
  await look('slip')
  await mei.getByLabel('Large print').check()
  await look('slip in large print')
  expect(found.map(({ about, where, says }) => `${about} ${where}: ${says}`)).toEqual([])
})
