import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../src/plumbing/index.ts'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { aCity, type Running } from '../support/running.ts'
import { comeIn, fillProblem, mainText, openLetter, problem, received, reported, send, signIn } from './acts.ts'
import { survey, type Finding, type Question } from './survey.ts'

let running: Running
let browser: TestBrowser
const found: Finding[] = []

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

test('a page that is spoiled on purpose is found out on every count', async () => {
  const page = await browser.visitor()
  await page.goto('/forms/contact-the-city')
  await page.evaluate(spoil)
  const abouts = new Set((await survey(page, 'spoiled')).map(({ about }) => about))
  const all = ['axe', 'color', 'frame', 'sideways', 'spacing', 'targets', 'focus', 'edges', 'motion', 'paper']
  expect([...abouts].sort()).toEqual(all.sort())
  await page.context().close()
})

describe('every page', () => {
  test('of the public site is reached from its home pages, and looked at', { timeout: 300_000 }, async () => {
    const addresses = await everyAddress(running.origin)
    expect(addresses).toEqual(
      expect.arrayContaining(['/privacy', '/es/forms/records-request', '/es/departments/library']),
    )
    const waiting = [
      ...addresses.filter(firstsOfAKind()),
      '/search?q=pothole',
      '/search?q=qqqqq',
      '/es/search?q=bache',
      '/not-there',
      '/es/nada',
      '/receipt/mail/aaaaaaaaaaaaaaaa',
      '/es/receipt/mail/nada',
    ]
    // Two at a time: one is laid out while the other answers.
    await Promise.all(
      [await browser.visitor(), await browser.visitor()].map(async (page) => {
        for (let address = waiting.shift(); address !== undefined; address = waiting.shift()) {
          await page.goto(address)
          found.push(...(await survey(page, address, undefined, address.startsWith('/es'))))
        }
      }),
    )
  })

  test.each(['', '/es'])('that answers a resident is looked at: refused, received, answered (%s)', async (tongue) => {
    const page = await browser.visitor()
    // English and Spanish differ in words, never in colors or parts.
    const look = async (where: string) =>
      void found.push(...(await survey(page, `${tongue} ${where}`, undefined, tongue !== '')))
    await page.goto(`${tongue}/forms/report-a-problem`)
    await page.locator('#email').fill('nowhere')
    await page.locator('main form button').click()
    await page.getByRole('alert').waitFor()
    await look('refused form')
    await page.goto(`${tongue}/receipt`)
    await page.locator('#code').fill('1234')
    await page.locator('main form button').click()
    await page.locator('#code-error').waitFor()
    await look('refused code')
    await page.goto(`${tongue}/forms/report-a-problem`)
    await page.locator('#topic').selectOption(problem.kind)
    await page.locator('#where').fill(problem.where)
    await page.locator('#what').fill(problem.what)
    await page.locator('#email').fill(problem.email)
    await page.locator('main form button').click()
    const { number, path } = await received(page)
    await look('fresh receipt')
    await page.goBack()
    await page.locator('#what').fill('Something else, from the same page.')
    await page.locator('main form button').click()
    await page.locator('main .notice').waitFor()
    await look('another letter from one page')
    const dan = await browser.desk()
    await comeIn(dan, running, 'dan')
    await openLetter(dan, number)
    await dan.getByLabel('Your answer').fill('It is filled.')
    await dan.getByRole('button', { name: 'Send answer' }).click()
    await dan.getByText('Your answer is sent.').waitFor()
    await running.arrange(sql`update correspondence.casefile set receipt_shown_at = now() - interval '1 hour'`)
    await page.goto(path)
    await page.locator('main summary').click()
    await look('answered receipt')
    await page.getByRole('main').locator('form button').click()
    await page.locator('#words-error').waitFor()
    await look('nothing written')
  })

  test('of the desk is looked at', async () => {
    const { number } = await reported(running)
    const page = await browser.desk()
    const look = async (where: string) => void found.push(...(await survey(page, where, { least: 24, main: 24 })))
    await page.goto('/desk')
    await look('sign-in')
    await page.getByLabel('User name').fill('dan')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').first().waitFor()
    await look('refused sign-in')
    await signIn(page, running, 'dan')
    for (const address of [
      '',
      '?shelf=mine',
      '?shelf=answered',
      '?shelf=closed',
      '?topic=illegal-dumping',
      '/search',
      '/outbox',
      '?overdue=yes&channel=counter',
      '/templates',
      '/templates/new?department=public-works',
      '/news',
      '/account',
    ]) {
      await page.goto(`/desk${address}`)
      await look(`desk${address}`)
    }
    await page.getByRole('searchbox').first().fill(problem.email)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: /cases? found/ }).waitFor()
    await look('found')
    await page.getByRole('searchbox').first().fill('nobody@example.org')
    await page.keyboard.press('Enter')
    await page.getByText('Nothing found').first().waitFor()
    await look('nothing found')
    await openSealed(page, number)
    await look('sealed letter')
    await page.getByRole('button', { name: 'Open the letter' }).click()
    await page.getByLabel('Your answer').waitFor()
    await look('open letter')
    for (const fold of ['Assign', 'Move', 'Close']) {
      await page.locator('summary', { hasText: fold }).click()
      found.push(...(await survey(page, `open letter, ${fold}`, { least: 24, main: 24 })))
      await page.keyboard.press('Escape')
    }
    await page.getByRole('button', { name: 'Send answer' }).click()
    await page.locator('#reply-error').waitFor()
    await look('empty answer')
    await page.goto('/desk/cases/00000000-0000-7000-8000-000000000000')
    await look('not on her desk')
  })
})

describe('on none of them', () => {
  const promises: readonly (readonly [string, ...Question[]])[] = [
    ['does axe find anything, wide or small, in light or dark', 'axe', 'color'],
    ['is the frame amiss: one first heading, one main landmark, a title, the language, room to zoom', 'frame'],
    ['must one scroll sideways at 320 pixels, which is 1280 at 400%', 'sideways'],
    ['is a word cut off or pushed out when the reader spaces the text', 'spacing'],
    ['is a target smaller than 24 pixels, or than 44 where it is what one came to do', 'targets'],
    ['is the focus out of sight', 'focus'],
    ['does a control vanish where the reader chose the colors', 'edges'],
    ['does anything move for who asked for less motion', 'motion'],
    ['does paper show what can only be pressed', 'paper'],
  ]

  test.each(promises)('%s', (_promise, ...about) => {
    const says = found.filter((one) => about.includes(one.about)).map(({ where, says }) => `${where.trim()}: ${says}`)
    expect(says).toEqual([])
  })
})

describe('by keyboard alone', () => {
  test.each(['/', '/forms/contact-the-city', '/receipt', '/privacy'])(
    'the Tab key goes through %s in its order, first past the menu, and comes out again',
    async (address) => {
      const page = await browser.visitor()
      await page.goto(address)
      await page.keyboard.press('Tab')
      expect(await page.evaluate<string>('document.activeElement.innerText')).toBe('Skip to main content')
      await page.keyboard.press('Enter')
      await page.keyboard.press('Tab')
      expect(await page.evaluate<boolean>(`document.activeElement.closest('main, footer') !== null`)).toBe(true)
      expect(await strays(page)).toEqual([])
    },
  )

  test('a letter is written, sent and followed', async () => {
    const page = await browser.visitor()
    await page.goto('/forms/report-a-problem')
    await page.getByLabel('What kind of problem').focus()
    await page.keyboard.type('Poth')
    for (const words of ['', 'Oak Street 3', 'It is deep.', '', '', '']) {
      await page.keyboard.press('Tab')
      if (words) await page.keyboard.type(words)
    }
    await page.keyboard.press('Enter')
    const { code } = await received(page)
    await page.goto('/receipt')
    await page.getByLabel('Receipt code').focus()
    await page.keyboard.type(code)
    await page.keyboard.press('Enter')
    await expect.poll(() => mainText(page)).toContain('It is deep.')
  })
})

test('the receipt on paper shows the code, large enough to read', async () => {
  const page = await browser.visitor()
  await page.goto('/forms/report-a-problem')
  await fillProblem(page)
  await send(page)
  const { code } = await received(page)
  await page.emulateMedia({ media: 'print' })
  expect(await mainText(page)).toContain(code)
  expect(await page.getByText(code.slice(0, 4)).first().isVisible()).toBe(true)
  expect(await page.getByLabel('Your words').isVisible()).toBe(false)
})

/** Takes from a page what each question of the survey asks for. */
const spoil = `(() => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(\`
    .wide { width: 1500px }
    .tight { height: 1.1em; line-height: 1; overflow: hidden }
    .pale { color: #999; background: #fff }
    .bare { border: 0; padding: 0; width: 20px; height: 12px; outline: none !important; transition: color 1s !important }
    @media print { .bare { display: inline !important } }
  \`)
  document.adoptedStyleSheets = [sheet]
  const spoiled = '<h1>Another</h1><p class="wide pale">Too wide</p><p class="tight">Cut</p><button class="bare"></button>'
  document.querySelector('main form').insertAdjacentHTML('beforeend', spoiled)
})()`

/** Every page that links lead to from the home pages, in both languages; fragments and questions left out. */
async function everyAddress(origin: string): Promise<string[]> {
  const seen = new Set(['/', '/es'])
  for (const address of seen) {
    const answer = await fetch(`${origin}${address}`)
    expect(answer.status, address).toBe(200)
    for (const [, href = ''] of (await answer.text()).matchAll(/<a [^>]*href="(\/[^"]*)"/g)) {
      const { pathname } = new URL(href, origin)
      if (!/^\/(es\/)?(desk|ledger)|\.ics$/.test(pathname)) seen.add(pathname)
    }
  }
  return [...seen]
}

/** Of the many programmes and sessions, which are one page with other facts, two of each language. */
function firstsOfAKind(): (address: string) => boolean {
  const counts = new Map<string, number>()
  return (address) => {
    const [, of = '', more = ''] = /^((?:\/es)?\/activities\/)[^/]+(\/[^/]+)?$/.exec(address) ?? []
    const kind = of === '' ? address : `${of}${more === '' ? 'programme' : 'session'}`
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
    return (counts.get(kind) ?? 0) <= 2
  }
}

async function openSealed(page: Page, number: string): Promise<void> {
  await page.goto('/desk')
  await page.getByRole('link', { name: new RegExp(`No\\. ${number} ·`) }).click()
  await page.getByRole('heading', { name: 'This letter is sealed' }).waitFor()
}

/** Presses Tab to the end of the page; answers with what had the focus before something that stands above it. */
async function strays(page: Page): Promise<string[]> {
  const found: string[] = []
  await page.evaluate('globalThis.last = document.activeElement')
  for (let presses = 0; presses < 120; presses++) {
    await page.keyboard.press('Tab')
    const says = await page.evaluate<string>(`(() => {
      const [from, to] = [globalThis.last, document.activeElement]
      globalThis.last = to
      if (to === document.body || to.classList.contains('skip')) return 'end'
      const follows = from.compareDocumentPosition(to) & Node.DOCUMENT_POSITION_FOLLOWING
      return follows ? '' : to.outerHTML
    })()`)
    if (says === 'end') return found
    if (says !== '') found.push(says)
  }
  return [...found, 'no end']
}
