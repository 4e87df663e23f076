import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../src/plumbing/index.ts'
import { checkProof } from '../../src/trust/ledger/index.ts'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { aCity, type Running } from '../support/running.ts'
import { fillProblem, lineOf, mainText, problem, received, send, signIn, type Received } from './acts.ts'

let running: Running
let browser: TestBrowser
let resident: Page
let dan: Page
let tom: Page
let receipt: Received

beforeAll(async () => {
  running = await aCity()
  browser = await openBrowser(running.origin)
  resident = await browser.phone()
  dan = await browser.desk()
  tom = await browser.desk()
})

afterAll(async () => {
  await browser.close()
  await running.stop()
})

afterEach(async () => {
  expect(await browser.problems()).toEqual([])
})

const answer = 'Thank you for writing. A crew fills it tomorrow morning.'
const more = 'It has become wider since the rain.'

describe('a resident on a phone without JavaScript', () => {
  test('finds the form from the home page by searching in her own words', async () => {
    await resident.goto('/')
    await resident.getByRole('searchbox').fill('hole in the street')
    await resident.getByRole('searchbox').press('Enter')
    await resident.getByRole('main').getByRole('link', { name: 'Pothole' }).first().tap()
    await resident.waitForURL(/\/forms\/report-a-problem/)
    expect(await resident.getByLabel('What kind of problem').inputValue()).toBe('potholes')
  })

  test('reads beside every personal question why it is asked and how long the answer is kept', async () => {
    const personal = ['Where exactly?', 'What is wrong?', 'Your name', 'Your e-mail', 'Your telephone']
    for (const label of personal) {
      const described = await descriptionOf(resident, label)
      expect(described, label).toMatch(/Why we ask .{20,}/)
      expect(described, label).toMatch(/How long we keep it two years after we close your case/)
      expect(await resident.getByLabel(label).count()).toBe(1)
    }
    expect(await resident.getByText('Why we ask').count()).toBe(personal.length + 1)
    expect(await resident.getByText('Why we ask').first().isVisible()).toBe(true)
  })

  test('makes a mistake and finds the error beside its question, everything typed kept', async () => {
    await fillProblem(resident, { ...problem, email: 'marisol at home' })
    await resident.getByLabel('What is wrong?').fill('')
    const [answered] = await Promise.all([resident.waitForResponse(/forms\/report-a-problem/), send(resident)])
    expect(answered.status()).toBe(422)
    await resident.getByRole('alert').waitFor()
    expect(await resident.title()).toMatch(/^Error: /)
    for (const label of ['What is wrong?', 'Your e-mail']) {
      expect(await resident.getByLabel(label).getAttribute('aria-invalid')).toBe('true')
      expect(await descriptionOf(resident, label)).toMatch(/Error:? /)
      expect(await isBeside(resident, label)).toBe(true)
    }
    expect(await resident.getByLabel('What kind of problem').inputValue()).toBe(problem.kind)
    expect(await resident.getByLabel('Neighborhood').inputValue()).toBe(problem.neighborhood)
    expect(await resident.getByLabel('Where exactly?').inputValue()).toBe(problem.where)
    expect(await resident.getByLabel('Your name').inputValue()).toBe(problem.name)
    expect(await resident.getByLabel('Your e-mail').inputValue()).toBe('marisol at home')
  })

  test('is led from the list of errors to the question, and from there on in the order of the page', async () => {
    const list = resident.getByRole('alert').getByRole('link')
    expect(await list.count()).toBe(2)
    await list.first().focus()
    await resident.keyboard.press('Enter')
    expect(await focused(resident)).toBe('what')
    const order: string[] = []
    for (const _ of ['photos', 'name', 'email', 'telephone', 'policy', 'send']) {
      await resident.keyboard.press('Tab')
      order.push(await focused(resident))
    }
    expect(order).toEqual(['photos', 'name', 'email', 'telephone', 'our privacy policy', 'Send to the city'])
  })

  test('puts it right, sends it, and gets a receipt with a code of 24 digits', async () => {
    await fillProblem(resident, { what: problem.what, email: problem.email })
    await send(resident)
    receipt = await received(resident)
    expect(receipt.code).toMatch(/^\d{4}( \d{4}){5}$/)
    expect(receipt.path).toBe(`/receipt/${receipt.code.replaceAll(' ', '')}`)
    const text = await mainText(resident)
    expect(text).toContain('Nobody has opened it yet')
    expect(text).toContain('My son fell into it on Sunday.')
  })

  test('sees her code only while it is fresh', async () => {
    await resident.reload()
    expect(await mainText(resident)).toContain(receipt.code)
    await running.arrange(
      sql`update correspondence.casefile set receipt_shown_at = receipt_shown_at - interval '11 minutes'`,
    )
    await resident.reload()
    expect(await mainText(resident)).not.toContain(receipt.code)
    expect(await mainText(resident)).toContain('Pothole or broken pavement')
  })

  test('who goes back and sends once more gets the same receipt, and there is one case', async () => {
    const neighbor = await browser.phone()
    await neighbor.goto('/forms/report-a-problem')
    await fillProblem(neighbor, { kind: problem.kind, where: 'Elm Street 4', what: 'A loose slab.' })
    await send(neighbor)
    const first = await received(neighbor)
    await neighbor.goBack()
    expect(await neighbor.getByLabel('What is wrong?').inputValue()).toBe('A loose slab.')
    await send(neighbor)
    expect(await received(neighbor)).toEqual(first)
    await neighbor.context().close()
  })
})

describe('at City Hall', () => {
  test('the dispatcher finds the case in her inbox by topic, place and age, and no name', async () => {
    await signIn(dan, running, 'dan')
    const line = await lineOf(dan, receipt.number).innerText()
    expect(line).toMatch(/Pothole or broken pavement/)
    expect(line).toMatch(/Levee Park/)
    expect(line).toMatch(/came today/)
    for (const secret of [problem.name, 'Vega', problem.email, 'bicycle wheel', problem.where])
      expect(await dan.content()).not.toContain(secret)
  })

  test('a clerk of another department finds nothing: not in the list, not by e-mail, not at the address', async () => {
    const address = await lineOf(dan, receipt.number).getAttribute('href')
    await signIn(tom, running, 'tom')
    expect(await lineOf(tom, receipt.number).count()).toBe(0)
    for (const words of [problem.email, problem.name, receipt.number]) {
      await tom.getByRole('searchbox').first().fill(words)
      await tom.keyboard.press('Enter')
      await tom.getByText('Nothing found').waitFor()
    }
    const there = await tom.goto(address ?? '')
    const there404 = await withoutReference(tom)
    const absent = await tom.goto('/desk/cases/00000000-0000-7000-8000-000000000000')
    expect([there?.status(), absent?.status()]).toEqual([404, 404])
    expect(there404).toBe(await withoutReference(tom))
  })

  test('the dispatcher opens the letter and answers it by keyboard alone', async () => {
    await dan.goto('/desk')
    const lines = await dan.getByRole('main').getByRole('listitem').count()
    const address = await lineOf(dan, receipt.number).getAttribute('href')
    for (let at = 0; at < lines; at++) {
      await dan.keyboard.press('j')
      if ((await dan.evaluate<string>('document.activeElement.getAttribute("href")')) === address) break
    }
    await dan.keyboard.press('o')
    await dan.waitForURL(`**${address ?? ''}*`)
    expect(await mainText(dan)).toContain('This letter is sealed')
    expect(await dan.content()).not.toContain(problem.name)
    await tabTo(dan, 'Open the letter')
    await dan.keyboard.press('Enter')
    await dan.getByText(problem.name).waitFor()
    expect(await mainText(dan)).toContain('My son fell into it on Sunday.')
    await dan.keyboard.press('r')
    await dan.keyboard.type(answer)
    await dan.keyboard.press('Control+Enter')
    await dan.getByText('Your answer is sent.').waitFor()
    expect(await mainText(dan)).toMatch(/Answered/)
  })
})

describe('the resident comes back', () => {
  test('types her code with spaces and reads the answer', async () => {
    await resident.goto('/')
    await resident.getByRole('link', { name: 'Follow a letter' }).first().tap()
    await resident.getByLabel('Receipt code').fill(` ${receipt.code} `)
    await resident.getByRole('button', { name: 'Open my letter' }).tap()
    await resident.waitForURL(`**${receipt.path}`)
    expect(await mainText(resident)).toContain('Public Works answered')
    expect(await mainText(resident)).toContain(answer)
    expect(await resident.content()).not.toContain('Okafor')
  })

  test('reads who opened her letter: which duty, of which department, why and when', async () => {
    const row = resident.getByRole('listitem').filter({ hasText: /^\s*Opened your letter/ })
    const text = (await row.first().innerText()).replace(/\s+/g, ' ')
    expect(text).toMatch(/Public works dispatcher.*Public Works.*To send a crew/)
    const at = await row.first().getByRole('time').getAttribute('datetime')
    expect(Math.abs(Date.parse(at ?? '') - Date.now())).toBeLessThan(10 * 60_000)
    expect(await resident.content()).toContain('Answered you')
  })

  test('takes the proof of that look home and checks it there, without the city', async () => {
    const row = resident
      .getByRole('listitem')
      .filter({ hasText: /^\s*Opened your letter/ })
      .first()
    await expect
      .poll(async () => {
        await resident.reload()
        return row.getByRole('link').count()
      })
      .toBe(1)
    const [download] = await Promise.all([resident.waitForEvent('download'), row.getByRole('link').tap()])
    expect(download.suggestedFilename()).toMatch(/\.tlog-proof$/)
    const proof = await readFile(await download.path(), 'utf8')
    const key = await (await fetch(`${running.origin}/ledger/key`)).text()
    const checked = checkProof(proof, key)
    expect('statement' in checked && checked.statement.split('\n')).toEqual(
      expect.arrayContaining(['letter.opened', 'staff', 'works-dispatcher', 'public-works', 'send-crew']),
    )
    expect(checkProof(proof.replace(/index (\d+)/, 'index 0'), key)).toEqual({ refused: 'not-included' })
  })

  test('writes again, and the case waits at the desk', async () => {
    await resident.getByLabel('Your words').fill(more)
    await resident.getByRole('button', { name: 'Send', exact: true }).tap()
    await expect.poll(() => mainText(resident)).toContain(more)
    expect(await mainText(resident)).toContain('You wrote again')
    await dan.goto('/desk')
    expect(await lineOf(dan, receipt.number).count()).toBe(1)
  })
})

describe('the case is for another department', () => {
  test('the dispatcher moves it, and it is gone from her desk', async () => {
    const address = (await lineOf(dan, receipt.number).getAttribute('href')) ?? ''
    await dan.goto(address)
    await dan.locator('summary', { hasText: 'Move' }).click()
    await dan.getByLabel('Move to').selectOption('library-general')
    await dan.getByRole('button', { name: 'Move' }).click()
    await dan.getByRole('status').filter({ hasText: 'It is no longer on your desk.' }).waitFor()
    expect(await lineOf(dan, receipt.number).count()).toBe(0)
    expect((await dan.goto(address))?.status()).toBe(404)
  })

  test('the librarian has it now, with all that was written', async () => {
    await tom.goto('/desk')
    await lineOf(tom, receipt.number).click()
    await tom.getByRole('button', { name: 'Open the letter' }).click()
    await tom.getByText(problem.name).waitFor()
    for (const words of ['My son fell into it on Sunday.', answer, more]) expect(await mainText(tom)).toContain(words)
  })

  test('the resident reads that it was moved, and who opened it there', async () => {
    await resident.reload()
    const text = await mainText(resident)
    expect(text).toMatch(/Moved it to another desk/)
    expect(text).toMatch(/Librarian.{0,3}Library/)
  })
})

async function descriptionOf(page: Page, label: string): Promise<string> {
  const ids = (await page.getByLabel(label).getAttribute('aria-describedby'))?.split(' ') ?? []
  const texts = await Promise.all(ids.map((id) => page.locator(`#${id}`).innerText()))
  return texts.join(' ').replace(/\s+/g, ' ')
}

/** Whether the error of a question stands right above its box. */
async function isBeside(page: Page, label: string): Promise<boolean> {
  const box = await page.getByLabel(label).boundingBox()
  const id = (await page.getByLabel(label).getAttribute('id')) ?? ''
  const error = await page.locator(`#${id}-error`).boundingBox()
  const gap = (box?.y ?? 0) - ((error?.y ?? 0) + (error?.height ?? 0))
  return gap >= 0 && gap < 40
}

/** What has the focus: the identifier of a field, or the words of a link or button. */
async function focused(page: Page): Promise<string> {
  return page.evaluate<string>('document.activeElement.id || document.activeElement.innerText.trim()')
}

async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab')
    if ((await focused(page)) === name) return
  }
  throw new Error(`${name} is not reached by the Tab key`)
}

/** The page of an address that is not there, without that address and the number of that one request. */
async function withoutReference(page: Page): Promise<string> {
  const { pathname } = new URL(page.url())
  return (await page.content()).replaceAll(pathname, '').replace(/<b>[^<]*<\/b>/g, '')
}
