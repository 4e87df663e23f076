import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { photograph } from '../support/files.ts'
import { aCity, type Running } from '../support/running.ts'
import { fillProblem, received, send, type Received } from './acts.ts'
import { survey } from './survey.ts'

let running: Running
let browser: TestBrowser
beforeAll(async () => {
  running = await aCity()
  browser = await openBrowser(running.origin)
}, 90_000)
afterAll(async () => {
  await browser.close()
  await running.stop()
})
afterEach(async () => {
  expect(await browser.problems()).toEqual([])
})

const photo = async () => ({ name: 'IMG_0042.jpg', mimeType: 'image/jpeg', buffer: await photograph(640, 480) })
const drawing = { name: 'drawing.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg onload="alert(1)"/>') }
let letter: Received

test('on a telephone without JavaScript a photo goes along; a refused file costs neither words nor the photo', async () => {
  const page = await browser.phone()
  await page.goto('/forms/report-a-problem')
  await fillProblem(page)
  await page.getByLabel('Photos or documents').setInputFiles([await photo(), drawing])
  await send(page)
  const again = page.getByRole('button', { name: 'Send mine' })
  await page.locator('#photos-error').waitFor()
  expect(await page.locator('#photos-error').innerText()).toContain('drawing.svg')
  expect(await page.getByLabel('Where exactly?').inputValue()).toContain('Levee Park Drive 12')
  expect(await page.getByLabel('IMG_0042.jpg').isChecked()).toBe(true)
  await send(page)
  if (await again.isVisible()) expect(await page.getByLabel('IMG_0042.jpg').isChecked()).toBe(true)
  letter = await received(page)
  const link = page.getByRole('link', { name: 'IMG_0042.jpg' })
  const got = await page.request.get(running.origin + String(await link.getAttribute('href')))
  const { width, height, exif } = await sharp(await got.body()).metadata()
  expect({ width, height, exif }).toEqual({ width: 480, height: 640 })
})

test.each(['', '/es'])('pages with files are for everybody (%s)', async (tongue) => {
  const page = await browser.visitor()
  // Where its modules do not arrive, a form is sent as it is, and refused with its page.
  await page.route(/\/check\.js$|\/assets\/filling/, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: '' }),
  )
  await page.goto(`${tongue}/forms/report-a-problem`)
  await page.locator('#photos').setInputFiles([await photo(), drawing])
  await page.locator('main form button[type=submit]').last().click()
  await page.locator('#photos-error').waitFor()
  // English and Spanish differ in words, never in colors or parts.
  const look = (where: string) => survey(page, `${tongue} ${where}`, undefined, tongue !== '')
  expect(await look('form, a file refused')).toEqual([])
  await page.goto(`${tongue}${letter.path}`)
  expect(await look('receipt with files')).toEqual([])
  await page.locator('#files').setInputFiles([drawing])
  await page.locator('#words').fill('More')
  await page
    .getByRole('button', { name: tongue === '' ? 'Send' : 'Enviar', exact: true })
    .last()
    .click()
  await page.locator('#files-error').waitFor()
  expect(await look('receipt, a file refused')).toEqual([])
})
