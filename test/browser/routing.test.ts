import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../src/plumbing/index.ts'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { aCity, type Running } from '../support/running.ts'
import { comeIn, fillProblem, lineOf, mainText, openLetter, problem, received, reported, send } from './acts.ts'
import { survey, type Finding } from './survey.ts'

let running: Running
let browser: TestBrowser

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

async function at(handle: string): Promise<Page> {
  const page = await browser.desk()
  await comeIn(page, running, handle)
  return page
}

const atDesk = { least: 24, main: 24 }
const graffiti = {
  kind: 'graffiti',
  neighborhood: 'foothill-east',
  where: 'School wall',
  what: 'Red paint, by Ximena.',
}

describe('a resident who reports what somebody reported', () => {
  test('is told before it is sent, keeps what she typed, and sends hers all the same', async () => {
    const found: Finding[] = []
    await reported(running, graffiti)
    for (const tongue of ['', '/es']) {
      const page = await browser.visitor()
      await page.goto(`${tongue}/forms/report-a-problem`)
      await page.locator('#topic').selectOption(graffiti.kind)
      await page.locator('#neighborhood').selectOption(graffiti.neighborhood)
      await page.locator('#where').fill('The other wall')
      await page.locator('#what').fill('Blue paint.')
      await page.locator('main form .actions button').click()
      await page.locator('main .notice').waitFor()
      const text = await mainText(page)
      expect(text).toMatch(
        tongue ? /Foothill Este: hoy, espera a la ciudad/ : /Foothill East: today, waiting for the city/,
      )
      expect(text).not.toContain('Ximena')
      expect(await page.locator('#where').inputValue()).toBe('The other wall')
      found.push(...(await survey(page, `${tongue} near`)))
      await page.locator('main .notice button').click()
      await page.waitForURL(/\/receipt\/\d{24}$/)
    }
    expect(found).toEqual([])
  })

  test('and who sends the same page twice gets the same receipt, without being asked', async () => {
    const page = await browser.visitor()
    await page.goto('/forms/report-a-problem')
    await fillProblem(page, { ...graffiti, neighborhood: 'south-meadows' })
    await send(page)
    const first = await received(page)
    await page.goBack()
    await send(page)
    expect((await received(page)).code).toBe(first.code)
  })
})

describe('a clerk', () => {
  test('joins two reports of one thing, answers both, and takes them apart', async () => {
    const lights = { ...problem, kind: 'street-lights', neighborhood: 'northgate' }
    const one = await reported(running, lights)
    const other = await reported(running, { ...lights, name: 'Grace Testname' })
    const dan = await at('dan')
    await openLetter(dan, other.number)
    const near = dan.getByRole('region', { name: 'Possibly the same' })
    await near
      .getByRole('listitem')
      .filter({ hasText: `No. ${one.number} ` })
      .getByRole('button')
      .click()
    await dan.getByText('The two reports are joined.').waitFor()
    expect(await survey(dan, 'joined child', atDesk)).toEqual([])

    await openLetter(dan, one.number)
    await dan.getByText('Answer the joined report too').click()
    expect(await survey(dan, 'joined parent', atDesk)).toEqual([])
    await dan.getByLabel('Answer to each').fill('The lamps come on Thursday.')
    await dan.getByRole('button', { name: 'Send to 1 report' }).click()
    await dan.getByText('Your answer is sent to every joined report.').waitFor()

    const resident = await browser.visitor()
    await resident.goto(other.path)
    const hers = await mainText(resident)
    expect(hers).toContain('The lamps come on Thursday.')
    expect(hers).toContain('Handled together')
    expect(hers).not.toContain('Marisol')
    await dan.getByRole('button', { name: 'Take apart' }).click()
    await dan.getByText('The two reports are apart again.').waitFor()
    await resident.reload()
    expect(await mainText(resident)).not.toContain('Handled together')
  })

  test('moves a letter from the list with m, the topics open and at hand', async () => {
    const { number } = await reported(running, { ...problem, neighborhood: 'mission-grove' })
    const dan = await at('dan')
    await lineOf(dan, number).focus()
    await dan.keyboard.press('m')
    await dan.waitForURL(/#move$/)
    await dan.locator('#topic:focus').waitFor()
    await dan.keyboard.type('Broken or')
    await dan.keyboard.press('Tab')
    await dan.keyboard.press('Enter')
    await dan.getByText('The case is moved.').first().waitFor()
    expect(await mainText(dan)).toMatch(/sidewalk/i)
  })

  test('sees what waits, what is late and what nobody took up; whoever oversees sees her department; others do not', async () => {
    const { number } = await reported(running, { ...problem, kind: 'noise', neighborhood: 'old-landing' })
    await running.arrange(
      sql`update correspondence.casefile set due_on = (now() at time zone 'America/Los_Angeles')::date - 3 where number = ${Number(number)}`,
    )
    const joe = await at('joe')
    await joe.getByRole('link', { name: /^Reminders/ }).click()
    await joe.getByRole('heading', { level: 1, name: 'What waits' }).waitFor()
    const row = joe.getByRole('row').filter({ hasText: `No. ${number}` })
    expect(await row.innerText()).toMatch(/3 days late/)
    expect(await survey(joe, 'ageing', atDesk)).toEqual([])
    const vera = await at('vera')
    await vera.goto('/desk/ageing')
    const text = await mainText(vera)
    expect(text).toContain('Public Works')
    expect(text).not.toMatch(/Noise|Police/)
    expect(await survey(vera, 'ageing of an overseer', atDesk)).toEqual([])
  })

  test('reads on the case that it is overdue, and which rule brought it', async () => {
    const dumped = { ...problem, kind: 'illegal-dumping', neighborhood: 'levee-park' }
    const { number } = await reported(running, dumped)
    await running.arrange(
      sql`update correspondence.casefile set due_on = (now() at time zone 'America/Los_Angeles')::date - 1 where number = ${Number(number)}`,
    )
    await running.arrange(sql`insert into routing.reminder
      select id, 'overdue', due_on, current_date from correspondence.casefile where number = ${Number(number)}`)
    const lupe = await at('lupe')
    await lineOf(lupe, number).click()
    await lupe.getByText('The answer to this letter is overdue.').waitFor()
    expect(await mainText(lupe)).toContain('Routed by the city’s rule “dumped-at-the-levee”')
    expect(await survey(lupe, 'overdue case', atDesk)).toEqual([])
  })
})
