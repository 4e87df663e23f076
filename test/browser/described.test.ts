import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { aCity, type Running } from '../support/running.ts'
import { comeIn, mainText, openLetter, reported } from './acts.ts'
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

const pictures = process.env['PICTURES']

test('a clerk tells everybody what is done about a report, after what looks personal was marked; the person reads it too', async () => {
  const found: Finding[] = []
  const ana = await browser.phone()
  const { number, path } = await reported(running)
  const dan = await browser.desk()
  const look = async (where: string) => {
    if (pictures !== undefined)
      for (const [width, height] of [
        [1280, 900],
        [360, 780],
      ] as const) {
        await dan.setViewportSize({ width, height })
        await dan.screenshot({ path: `${pictures}/${where}-${String(width)}.png`, fullPage: true })
      }
    found.push(...(await survey(dan, where, { least: 24, main: 24 })))
  }
  await comeIn(dan, running, 'dan')
  await openLetter(dan, number)
  await dan.getByText('Add a public description').click()
  await look('case')
  await dan.getByLabel('Description for everybody').fill('A crew meets Marisol at 12 Levee Park Drive on Thursday.')
  await dan.getByRole('button', { name: 'See how it looks' }).click()
  await dan.getByRole('heading', { level: 1, name: 'Before everybody can read it' }).waitFor()
  expect(await dan.locator('mark').allInnerTexts()).toEqual([
    expect.stringContaining('Marisol'),
    expect.stringContaining('12 Levee Park Drive'),
  ])
  await look('preview')
  await dan.getByRole('button', { name: 'Publish' }).click()
  await dan.getByRole('alert').waitFor()
  await look('preview-unconfirmed')
  await dan.getByLabel('Description for everybody').fill('A crew fills the hole on Thursday.')
  await dan.getByRole('button', { name: 'See it again' }).click()
  await dan.getByText('Nothing in it looks personal').waitFor()
  await dan.getByRole('button', { name: 'Publish' }).click()
  await dan.getByRole('button', { name: 'Take it back' }).waitFor()
  await look('case-published')
  const listed = async () => {
    const answer = await fetch(`${running.origin}/open311/v2/requests/${number}.json`)
    return await answer.json()
  }
  expect(await listed()).toMatchObject([{ description: 'A crew fills the hole on Thursday.', address: 'Levee Park' }])
  await ana.goto(path)
  expect(await mainText(ana)).toContain(
    'The City wrote this about it for everybody: A crew fills the hole on Thursday.',
  )
  if (pictures !== undefined) await ana.screenshot({ path: `${pictures}/receipt-360.png`, fullPage: true })
  await dan.getByRole('button', { name: 'Take it back' }).click()
  await expect.poll(listed).toMatchObject([{ description: null }])
  expect(found).toEqual([])
})
