import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { aCity, type Running } from '../support/running.ts'
import { comeIn, mainText, post } from './acts.ts'
import { glance, survey, type Finding } from './survey.ts'

let running: Running
let browser: TestBrowser
const found: Finding[] = []
const atDesk = { least: 24, main: 24 }

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

/** What the slip gave away: the receipt's code, and the case's number. */
let slip: { code: string; number: string }

describe('a resident on a phone, without JavaScript', () => {
  test('finds what can be booked from the home page, and a free time that leads to its form', async () => {
    const page = await browser.phone()
    await page.goto('/')
    await page.getByRole('link', { name: 'Book a place or an appointment' }).click()
    await page.getByRole('link', { name: 'Tennis courts at Orchard Park' }).click()
    await page.getByRole('link', { name: 'Week after' }).click()
    const time = page.locator('main .week a.time').first()
    expect((await time.innerText()).replace(/\s+/g, ' ')).toMatch(/^\w+, \w+ \d+, \d+:00 (AM|PM)/)
    expect(await time.getAttribute('href')).toMatch(/^\/forms\/facility-booking\?slot=tennis-courts%40\d{4}-/)
    await time.click()
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Book a place or an appointment')
    await page.context().close()
  })
})

describe('the clerk who keeps the bookings', () => {
  test('sees days and weeks by number, books for a caller without the mouse, and hands over the receipt', async () => {
    const page = await browser.desk()
    await comeIn(page, running, 'aisha')
    await page.getByRole('link', { name: 'Bookings' }).click()
    expect(await mainText(page)).toContain('Case numbers and times.')
    await page.getByRole('link', { name: 'Tennis courts at Orchard Park' }).click()
    await page.getByRole('link', { name: 'Day after' }).click()
    found.push(...(await survey(page, 'day', atDesk)))
    await page.getByRole('link', { name: 'Week', exact: true }).click()
    await page.locator('.booked-week').waitFor()
    found.push(...(await survey(page, 'week', atDesk)))
    await page.keyboard.press('j')
    await page.keyboard.press('o')
    await page.getByRole('heading', { name: /Booking of case \d+/ }).waitFor()
    found.push(...(await survey(page, 'booking', atDesk)))
    await post(page, `${new URL(page.url()).pathname}/cancellations`, { version: '1' })
    found.push(...(await glance(page, 'no reason for cancelling')))
    await post(page, '/desk/bookings/blocks', { facility: 'tennis-courts' })
    found.push(...(await glance(page, 'blocked at no time')))
    await page.goto('/desk/bookings/print?facility=tennis-courts')
    found.push(...(await glance(page, 'bookings on paper')))
    await page.goto('/desk/bookings?facility=tennis-courts')
    await page.getByRole('link', { name: 'Day after' }).click()
    const free = page.locator('ul.free a').last()
    await free.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Record a booking' }).waitFor()
    found.push(...(await survey(page, 'new', atDesk)))
    const slot = new URL(page.url()).searchParams.get('slot') ?? ''
    await post(page, '/desk/bookings', { slot, email: 'nowhere' })
    found.push(...(await glance(page, 'new, refused')))
    await page.goBack()
    await page.locator('#name').focus()
    await page.keyboard.type('Ximena Solis')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('heading', { name: 'Recorded' }).waitFor()
    found.push(...(await survey(page, 'slip', atDesk)))
    slip = await readSlip(page)
    expect(await mainText(page)).toContain('Tennis courts at Orchard Park')
    expect(await mainText(page)).not.toContain('Ximena')
    await page.context().close()
  })

  test('of another department sees nothing of it', async () => {
    const page = await browser.desk()
    await comeIn(page, running, 'tom')
    expect(await page.getByRole('link', { name: 'Bookings' }).count()).toBe(0)
    expect((await page.goto('/desk/bookings'))?.status()).toBe(404)
    const another = await browser.desk()
    await comeIn(another, running, 'helen')
    await another.goto('/desk/bookings')
    const text = await mainText(another)
    expect(text).toContain('Building permits counter')
    expect(text).not.toContain('Tennis')
    await page.context().close()
    await another.context().close()
  })
})

describe('the person who has a receipt', () => {
  test('sees her booking, takes it into her calendar, reads what cancelling means, and cancels', async () => {
    const page = await browser.visitor()
    await page.goto('/receipt')
    await page.getByLabel('Receipt code').fill(slip.code)
    await page.locator('main form button').first().click()
    await page.getByRole('heading', { name: 'Your booking' }).waitFor()
    expect(await mainText(page)).toMatch(/Tennis courts at Orchard Park[\s\S]*310 Orchard Avenue[\s\S]*court \d/)
    found.push(...(await survey(page, 'receipt')))
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Save in your calendar' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('booking.ics')
    await page.getByRole('link', { name: 'Cancel this booking' }).click()
    await page.getByRole('heading', { name: 'Cancel this booking?' }).waitFor()
    found.push(...(await survey(page, 'cancellation')))
    await post(page, new URL(page.url()).pathname, { refund: 'half' })
    found.push(...(await glance(page, 'cancellation, changed')))
    await page.getByRole('button', { name: 'Yes, cancel it' }).click()
    await page.getByText('You cancelled it.').waitFor()
    expect(await page.getByRole('link', { name: 'Cancel this booking' }).count()).toBe(0)
    await page.context().close()
  })
})

test('all these pages are fit for everybody', () => {
  expect(found).toEqual([])
})

async function readSlip(page: Page): Promise<{ code: string; number: string }> {
  const text = await mainText(page)
  const code = /\b\d{4}(?:\s+\d{4}){5}\b/.exec(text)?.[0].replace(/\s+/g, ' ') ?? ''
  const number = /Case number\s+(\d+)/.exec(text)?.[1] ?? ''
  if (code === '' || number === '') throw new Error(`no code or number on the slip:\n${text}`)
  return { code, number }
}
