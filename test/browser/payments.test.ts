import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { connect, sql, type Db } from '../../src/plumbing/index.ts'
import { joinEmbedded } from '../../src/plumbing/postgres/embedded/join.ts'
import {
  secretKey,
  startStripe,
  webhookSecret,
  type StripeServer,
} from '../../src/services/payments/testing/stripe-server.ts'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { aCityOfItsOwn, type Started } from '../support/running.ts'
import { mainText } from './acts.ts'
import { glance, survey, type Finding } from './survey.ts'

let running: Started
let stripe: StripeServer
let browser: TestBrowser
let owner: Db
let june: string
let resident: Page
let ben: Page
let carla: Page
const found: Finding[] = []
const look = async (page: Page, where: string) => void found.push(...(await survey(page, where)))
const lookAtDesk = async (page: Page, where: string) =>
  void found.push(...(await survey(page, where, { least: 24, main: 24 })))

beforeAll(async () => {
  let city = ''
  stripe = await startStripe({ webhooks: () => `${city}/payments/stripe` })
  running = await aCityOfItsOwn(({ origin, data }) => {
    city = origin
    const secrets = join(data, 'secrets')
    mkdirSync(secrets, { recursive: true, mode: 0o700 })
    for (const [name, secret] of [
      ['stripe.key', secretKey],
      ['stripe-webhook.key', webhookSecret],
    ] as const) {
      writeFileSync(join(secrets, name), `${secret}\n`)
      chmodSync(join(secrets, name), 0o600)
    }
    return Promise.resolve({ CITYHALL_PAYMENTS: 'stripe', CITYHALL_STRIPE_API: stripe.origin })
  })
  browser = await openBrowser(running.origin)
  owner = connect({ url: joinEmbedded(running.data).ownerUrl, max: 1 })
  june = /Sample receipt with a fee: \S+(\/receipt\/\d{24})/.exec(running.said())?.[1] ?? ''
  resident = await browser.visitor()
  ben = await signedIn('ben')
  carla = await signedIn('carla')
})

afterAll(async () => {
  await owner.close()
  await browser.close()
  await running.stop()
  await stripe.close()
})

/** Nobody else's page is called but the payment company's, and only where the person chose to go there. */
afterEach(async () => {
  const problems = await browser.problems()
  expect(problems.filter((one) => !one.startsWith(`a stranger was called: ${stripe.origin}/c/pay/`))).toEqual([])
})

async function signedIn(handle: string): Promise<Page> {
  const page = await browser.desk()
  await page.goto('/desk/payments')
  await page.getByLabel('User name').fill(handle)
  await page.getByLabel('Password').fill(running.password)
  await page.keyboard.press('Enter')
  await page.getByLabel('Payment reference').waitFor()
  return page
}

/** The browser puts the focus where the page wants it when it draws the page, which may be after it has loaded. */
const readyForKeys = (page: Page) => page.waitForFunction('document.activeElement !== document.body')

const stateOf = async (reference: string) => {
  const [row] = await owner.once<{ state: string }>(
    sql`select state from payments.charge where reference = ${reference.replaceAll(' ', '')}`,
  )
  return row?.state
}

describe('paying by reference', () => {
  let reference = ''

  test('a resident reads on her receipt what each line costs, and a number that she can read aloud', async () => {
    await resident.goto(june)
    const text = await mainText(resident)
    expect(text).toMatch(/Pottery camp, one week \$145\.00 .* To pay \$163\.50/)
    reference = /Payment reference (\d{4} \d{4} \d{4}) Give this number/.exec(text)?.[1] ?? ''
    expect(reference).toMatch(/^\d{4} \d{4} \d{4}$/)
    await look(resident, 'receipt with a fee')
    await resident.goto(`/es${june}`)
    expect(await mainText(resident)).toMatch(/Campamento de cerámica, una semana .* Por pagar \$163\.50/)
    await look(resident, 'recibo con un cobro')
  })

  test('a cashier finds it, takes a check and prints a slip without a mouse', async () => {
    await ben.getByLabel('Payment reference').press('Enter')
    await ben.getByRole('alert').waitFor()
    await lookAtDesk(ben, 'no reference')
    await ben.goto('/desk/payments')
    await readyForKeys(ben)
    await ben.keyboard.type(reference)
    await ben.keyboard.press('Enter')
    await ben.getByRole('heading', { name: 'Take the payment' }).waitFor()
    await lookAtDesk(ben, 'what is due')
    await ben.reload()
    await readyForKeys(ben)
    expect(await mainText(ben)).not.toMatch(/June|daughter|activities|Classes, camps/)
    await ben.keyboard.press('ArrowRight')
    await ben.keyboard.press('Tab')
    await ben.keyboard.type('City Hall, window 2')
    await ben.keyboard.press('Tab')
    await ben.keyboard.type('4111 1111 1111 1111')
    await ben.keyboard.press('Enter')
    await ben.getByText('That looks like a card number. It was not kept.').waitFor()
    expect(await ben.content()).not.toMatch(/4111(?:\s?1111){3}/)
    found.push(...(await glance(ben, 'a card number')))
    await ben.getByRole('radio', { name: 'Check' }).focus()
    await ben.keyboard.press('Space')
    await ben.keyboard.press('Tab')
    await ben.keyboard.type('City Hall, window 2')
    await ben.keyboard.press('Tab')
    await ben.keyboard.type('10442')
    await ben.keyboard.press('Enter')
    await ben.getByText('The payment is recorded.').waitFor()
    await expect.poll(() => ben.evaluate('document.activeElement?.textContent?.trim()')).toBe('Print')
    const slip = (await ben.getByRole('article').innerText()).replace(/\s+/g, ' ')
    expect(slip).toMatch(/Payment receipt .* How by check .* 10442 .* Paid \$163\.50/)
    await lookAtDesk(ben, 'what is paid')
  })

  test('the resident has a receipt for the money, to print, and reads who looked and that it was paid', async () => {
    await resident.goto(june)
    expect(await mainText(resident)).toMatch(/Paid on .*, by check\. .*A payment was taken at the counter/)
    await look(resident, 'receipt that is paid')
    await resident.getByRole('button', { name: 'Payment receipt to print' }).click()
    await resident.getByRole('heading', { level: 1, name: 'Payment receipt' }).waitFor()
    expect(await mainText(resident)).toMatch(/Check or slip number 10442/)
    await look(resident, 'payment receipt')
  })

  test('a refund above the limit waits for a second person, who agrees without a mouse', async () => {
    await readyForKeys(carla)
    await carla.keyboard.type(reference)
    await carla.keyboard.press('Enter')
    await carla.getByRole('heading', { name: 'Pay back' }).waitFor()
    await carla.getByLabel('Reason').focus()
    await carla.keyboard.type('Taken back')
    await carla.keyboard.press('Tab')
    await carla.keyboard.press('Tab')
    await carla.keyboard.press('Enter')
    await carla.getByText('The refund waits for a second person.').waitFor()
    expect(await mainText(carla)).toContain('Somebody else has to agree.')
    const arturo = await signedIn('arturo')
    await arturo.getByRole('link', { name: new RegExp(`163\\.50 for ${reference}`) }).focus()
    await arturo.keyboard.press('Enter')
    await arturo.getByRole('heading', { name: 'A refund of $163.50 waits for you' }).waitFor()
    await lookAtDesk(arturo, 'a refund to agree to')
    await arturo.getByRole('button', { name: 'Agree and pay back' }).focus()
    await arturo.keyboard.press('Enter')
    await arturo.getByText('The refund is recorded.').waitFor()
    expect(await stateOf(reference)).toBe('refunded')
    await arturo.goto('/desk/payments')
    await lookAtDesk(arturo, 'cash office')
    await arturo.context().close()
  })

  test('the day’s takings of a till are counted, and carried away as CSV', async () => {
    await ben.goto('/desk/payments/takings?till=city-hall-2')
    expect(await mainText(ben)).toMatch(/Check: \$247\.50 in, /)
    await lookAtDesk(ben, 'takings')
    const download = ben.waitForEvent('download')
    await ben.getByRole('button', { name: 'Download as CSV' }).click()
    const csv = await readFile(await (await download).path(), 'utf8')
    expect(csv.split('\r\n')[0]).toBe('time,reference,what,way,dollars,slip')
    expect(csv).toContain(`${reference},payment,check,163.50,10442`)
  })
})

describe('paying online', () => {
  test('somebody pays by reference on the company’s page, is told before what it learns, and comes back', async () => {
    const [due] = await owner.once<{ reference: string }>(
      sql`select reference from payments.charge where state = 'due' and total - waived = 22000 order by made_at limit 1`,
    )
    const reference = due?.reference ?? ''
    await resident.goto('/es/pay')
    await look(resident, 'pagar')
    await resident
      .getByLabel('Referencia de pago')
      .fill(`${reference.slice(0, 11)}${reference.endsWith('1') ? '2' : '1'}`)
    await resident.keyboard.press('Enter')
    await resident.getByRole('alert').waitFor()
    await look(resident, 'referencia equivocada')
    await resident.getByLabel('Referencia de pago').fill(reference)
    await resident.keyboard.press('Enter')
    await resident.getByRole('heading', { level: 1, name: 'Se deben $220.00' }).waitFor()
    const told = await mainText(resident)
    expect(told).toContain('Stripe sabe por nosotros:')
    expect(told).not.toMatch(/Riverbend|quince|Ofelia/)
    await look(resident, 'lo que se debe')
    await resident.getByRole('button', { name: 'Pagar $220.00 con Stripe' }).click()
    await resident.waitForURL(`${stripe.origin}/c/pay/**`)
    expect(await resident.evaluate('document.referrer')).toBe('')
    await resident.getByRole('link', { name: 'Back' }).click()
    await resident.getByRole('heading', { level: 1, name: 'Se deben $220.00' }).waitFor()
    await resident.getByRole('button', { name: 'Pagar $220.00 con Stripe' }).click()
    await resident.waitForURL(`${stripe.origin}/c/pay/**`)
    await resident.getByLabel('Card number').fill('4242 4242 4242 4242')
    await resident.getByRole('button', { name: 'Pay' }).click()
    await resident.waitForURL(`**/es/pay/${reference}/done`)
    await look(resident, 'de vuelta')
    await expect.poll(() => stateOf(reference), { timeout: 10_000 }).toBe('paid')
    expect(stripe.state.sessions.size).toBe(1)
    expect(running.said()).not.toMatch(/4242|cs_test/)
    await carla.goto(`/desk/payments/${reference}`)
    expect(await mainText(carla)).toMatch(/Paid on .*, online\./)
    await lookAtDesk(carla, 'paid online')
    await carla.getByLabel('Amount in dollars').fill('20.00')
    await carla.getByLabel('Reason').selectOption('not-held')
    await carla.keyboard.press('Enter')
    await carla.getByText('The refund is recorded.').waitFor()
    await expect.poll(() => [...stripe.state.refunds.values()].map(({ amount }) => amount)).toEqual([2_000])
  })
})

test('every page of payments passes every question, narrow and wide, light and dark', () => {
  expect(found).toEqual([])
})
