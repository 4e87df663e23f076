import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { aCity, type Running } from '../support/running.ts'
import { comeIn, lineOf, mainText, openLetter, problem, reported } from './acts.ts'
import { survey } from './survey.ts'

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

async function at(handle: string, javaScriptEnabled = true): Promise<Page> {
  const page = await browser.desk({ javaScriptEnabled })
  await comeIn(page, running, handle)
  return page
}
const answer = async (page: Page) => (await page.getByLabel('Your answer').inputValue()).trim()
const looksWell = async (page: Page, where: string) => {
  const found = await survey(page, where, { least: 24, main: 24 })
  expect(found.map(({ about, says }) => `${about}: ${says}`)).toEqual([])
}

describe('a template', () => {
  test('is put in by keyboard, after what was typed, and what is not known keeps the answer back', async () => {
    const { number } = await reported(running, { kind: 'potholes', where: 'Here', what: 'A hole.' })
    const dan = await at('dan')
    await openLetter(dan, number)
    await dan.getByLabel('Your answer').fill('Good morning.')
    await dan.keyboard.press('Escape')
    await dan.keyboard.press('t')
    await dan.keyboard.type('We have')
    await dan.keyboard.press('Enter')
    await expect.poll(() => answer(dan), { timeout: 15_000 }).toMatch(/^Good morning\.\n\nHello \{name\},/)
    expect(await dan.evaluate<string>('getSelection().toString()')).toBe('{name}')
    await dan.keyboard.press('Control+Enter')
    await dan.getByText('{name} is not filled in yet.').waitFor()
    await dan.getByLabel('Your answer').fill((await answer(dan)).replace('{name}', 'neighbor'))
    await dan.getByRole('button', { name: 'Send answer' }).click()
    await dan.getByText('Your answer is sent.').waitFor()
  })

  test('is written by a department, and put in without script', async () => {
    const { number } = await reported(running)
    const dan = await at('dan', false)
    await dan.goto('/desk/templates')
    await dan.getByRole('link', { name: 'New template for Public Works' }).click()
    await dan.getByLabel('Title').fill('It is filled')
    await dan.getByLabel('English words').fill('Case {nmber} is filled.')
    await dan.getByRole('button', { name: 'Keep template' }).click()
    await dan.getByText('“{nmber}” is not a placeholder.').waitFor()
    await dan.getByLabel('English words').fill('Case {case-number} is filled, {name}.')
    await dan.getByRole('button', { name: 'Keep template' }).click()
    await dan.getByText('The template is kept.').waitFor()
    await openLetter(dan, number)
    await dan.getByLabel('Your answer').fill('Thank you.')
    await dan.getByLabel('Template').selectOption('It is filled')
    await dan.getByRole('button', { name: 'Put in' }).click()
    expect(await answer(dan)).toBe(`Thank you.\n\nCase ${number} is filled, ${problem.name}.`)
  })
})

describe('several letters', () => {
  test('are marked by keyboard, looked over without a person in sight, and closed for one reason', async () => {
    const phone = await browser.phone()
    const first = await reported(running)
    const second = await reported(running)
    const dan = await at('dan')
    for (const { number } of [first, second]) {
      await lineOf(dan, number).focus()
      await dan.keyboard.press('x')
    }
    await looksWell(dan, 'marking')
    await dan.getByLabel('Because').selectOption('duplicate')
    await dan.getByRole('button', { name: 'Look them over' }).click()
    await dan.getByRole('heading', { name: 'Close 2 letters?' }).waitFor()
    expect(await mainText(dan)).not.toContain(problem.name)
    await looksWell(dan, 'looking over')
    await dan.getByRole('button', { name: 'Close all 2' }).click()
    await dan.getByRole('heading', { name: '2 letters are closed' }).waitFor()
    await phone.goto(first.path)
    expect(await mainText(phone)).toContain('We have the same matter in another letter.')
  })
})

describe('a narrowed list', () => {
  test('is kept under a name, stands at the left with its count, and is dropped again', async () => {
    await reported(running)
    const dan = await at('dan')
    await dan.locator('summary', { hasText: 'Narrow down' }).click()
    await dan.getByLabel('Place').selectOption('levee-park')
    await dan.getByRole('button', { name: 'Show', exact: true }).click()
    await dan.waitForURL(/place=levee-park/)
    await dan.getByLabel('Keep this as a filter').fill('Levee')
    await dan.getByRole('button', { name: 'Keep filter' }).click()
    await dan.getByRole('link', { name: /^Levee \d/ }).waitFor()
    await looksWell(dan, 'narrowed list')
    await dan.getByRole('button', { name: 'Drop this filter' }).click()
    await dan.getByText('The filter is dropped.').first().waitFor()
  })
})

test('news is chosen by its reader, holds a number and a topic and never a person, and is put away', async () => {
  const dan = await at('dan')
  await dan.goto('/desk/news')
  await dan.getByLabel('New letters on your topics').selectOption('At once')
  await dan.getByLabel('Work address').fill('dan@elsewhere.example')
  await dan.getByRole('button', { name: 'Keep this' }).click()
  await dan.getByText('Only an address at almendra.example.org can be used.').waitFor()
  expect(await dan.getByLabel('New letters on your topics').inputValue()).toBe('at-once')
  await looksWell(dan, 'news, an address refused')
  // Without an address nothing is mailed: it all waits here.
  await dan.getByLabel('Work address').fill('')
  await dan.getByRole('button', { name: 'Keep this' }).click()
  await dan.getByText('Your wishes are kept.').waitFor()
  await reported(running)
  const news = async () => {
    await dan.goto('/desk/news')
    return mainText(dan)
  }
  await expect.poll(news, { timeout: 20_000, interval: 300 }).toMatch(/\d+ new letters?\. .*Pothole or broken pavement/)
  expect(await news()).not.toContain(problem.name)
  await looksWell(dan, 'news')
  await dan.getByRole('button', { name: 'I have seen this' }).click()
  await dan.getByText('Your news is put away.').waitFor()
  await dan.getByRole('heading', { name: 'Nothing new' }).waitFor()
})
