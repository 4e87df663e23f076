import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { aCity, type Running } from '../support/running.ts'
import { comeIn, lineOf, mainText, openLetter, received, type Received } from './acts.ts'

let running: Running
let browser: TestBrowser
let resident: Page
let dan: Page
let receipt: Received

beforeAll(async () => {
  running = await aCity()
  browser = await openBrowser(running.origin)
  resident = await browser.phone()
  dan = await browser.desk()
})

afterAll(async () => {
  await browser.close()
  await running.stop()
})

afterEach(async () => {
  expect(await browser.problems()).toEqual([])
})

const what = 'Se apagó todo el alumbrado de la cuadra.'

describe('una vecina que escribe en español', () => {
  test('turns to Spanish on the home page and stays in it on every page that she reaches', async () => {
    await resident.goto('/')
    await resident.getByRole('link', { name: 'Español' }).tap()
    await resident.waitForURL('**/es')
    await staysInSpanish(resident)
    await resident.getByRole('searchbox').fill('no hay luz en la calle')
    await resident.getByRole('searchbox').press('Enter')
    await resident.waitForURL('**/es/search?**')
    await staysInSpanish(resident)
    await resident
      .getByRole('main')
      .getByRole('link', { name: /luz|alumbrado|farol/i })
      .first()
      .tap()
    await resident.waitForURL(/\/es\/forms\/report-a-problem/)
    await staysInSpanish(resident)
    expect(await resident.getByText('Por qué lo pedimos').first().isVisible()).toBe(true)
  })

  test('reads what is missing in Spanish, and gets her receipt in Spanish', async () => {
    await resident.getByLabel('¿Dónde exactamente?').fill('Calle Nogal 7')
    await resident.getByRole('button', { name: 'Enviar a la ciudad' }).tap()
    await resident.getByRole('alert').waitFor()
    await staysInSpanish(resident)
    expect(await resident.getByRole('alert').innerText()).toContain('Falta la respuesta a “¿Qué pasa?”.')
    expect(await resident.getByLabel('¿Dónde exactamente?').inputValue()).toBe('Calle Nogal 7')
    await resident.getByLabel('¿Qué pasa?').fill(what)
    await resident.getByLabel('Su nombre').fill('Ynés Ñáñez')
    await resident.getByRole('button', { name: 'Enviar a la ciudad' }).tap()
    receipt = await received(resident)
    expect(receipt.path).toMatch(/^\/es\/receipt\/\d{24}$/)
    expect(await mainText(resident)).toContain('Anote este código')
    await staysInSpanish(resident)
  })

  test('is answered in her language, for the desk says in which she wrote', async () => {
    await comeIn(dan, running, 'dan')
    expect(await lineOf(dan, receipt.number).innerText()).toContain('Spanish')
    await openLetter(dan, receipt.number)
    expect(await mainText(dan)).toContain(what)
    expect(await mainText(dan)).toContain('Ynés Ñáñez')
    expect(await dan.getByLabel('Your answer').getAttribute('lang')).toBe('es')
    await dan.getByLabel('Your answer').fill('Mañana la reparamos, señora Ñáñez.')
    await dan.getByRole('button', { name: 'Send answer' }).click()
    await dan.getByText('Your answer is sent.').waitFor()
  })

  test('reads the answer and who opened her letter, all in Spanish', async () => {
    await resident.goto('/es/receipt')
    await staysInSpanish(resident)
    await resident.getByLabel('Código del recibo').fill(receipt.code.replaceAll(' ', '-'))
    await resident.getByRole('button', { name: 'Abrir mi carta' }).tap()
    await resident.waitForURL(`**${receipt.path}`)
    const text = await mainText(resident)
    expect(text).toContain('Mañana la reparamos, señora Ñáñez.')
    expect(text).toMatch(/Abrió su carta/)
    expect(text).not.toMatch(/\b(the|your|Public Works|dispatcher|opened)\b/)
    await staysInSpanish(resident)
  })
})

/** The page says that it is Spanish, and every address in it but the way to English and to the desk leads to Spanish. */
async function staysInSpanish(page: Page): Promise<void> {
  expect(await page.evaluate<string>('document.documentElement.lang')).toBe('es')
  const links = await page.evaluate<string[]>(
    `[...document.querySelectorAll('a[href^="/"]:not([hreflang]), form[action^="/"]')].map((e) => e.getAttribute('href') ?? e.getAttribute('action'))`,
  )
  expect(links.length).toBeGreaterThan(5)
  expect(
    links.filter((href) => !/^\/es(\/|\?|#|$)/.test(href) && !/^\/(desk|receipt\/\d+\/proofs\/.*)$/.test(href)),
  ).toEqual([])
}
