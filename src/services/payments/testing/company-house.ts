import { randomUUID } from 'node:crypto'
import type { RefundReasonId } from '../../../city/index.ts'
import { connect, createServer, html, sql } from '../../../plumbing/index.ts'
import { beginHosted } from '../company/begin-hosted.ts'
import type { PaymentCompany } from '../company/company.ts'
import { openStripe } from '../company/open-stripe.ts'
import { askCompany } from '../company/run-company.ts'
import type { PaymentHouse } from '../house.ts'
import { moneyOf } from '../money.ts'
import { refund } from '../on-charge.ts'
import { paymentPanel } from '../panels.ts'
import type { PaymentReference } from '../reference.ts'
import { paymentRoutes } from '../routes.ts'
import { fee, openPaymentHouse, type Charged } from './payment-house.ts'
import { secretKey, startStripe, webhookSecret } from './stripe-server.ts'

export const publicUrl = 'https://city.example'
export const form = { 'content-type': 'application/x-www-form-urlencoded' }

/** A city that takes payments online: its web server, its worker's rounds, and the company, all real but the company. */
export type CompanyTest = Awaited<ReturnType<typeof openCompanyHouse>>

export async function openCompanyHouse() {
  const test = await openPaymentHouse()
  const stripe = await startStripe()
  const company = await openStripe({ secretKey, webhookSecret, api: stripe.origin })
  const keeper = connect({ url: test.database.urls.keeper, role: 'cityhall_keeper', max: 3 })
  const house: PaymentHouse = { ...test, publicUrl, company, panels: [paymentPanel(test.city, company.name)] }
  const log = { info: () => undefined, error: () => undefined }
  const app = await createServer({ publicUrl, log, problemPage: ({ status }) => html`<h1>${status}</h1>` })
  await paymentRoutes(app, house)
  const faults: unknown[] = []
  const { owner } = test.database

  /** Only what is due by itself: what a webhook asked for. */
  const roundAsIs = (now: PaymentCompany = company) =>
    askCompany({ keeper, company: now }, (error) => faults.push(error))
  /** The worker's next round, as if its time had come. */
  async function round(now?: PaymentCompany): Promise<void> {
    await owner.once(sql`update payments.hosted set ask_at = now() where ask_at is not null`)
    await owner.once(sql`update payments.refund set due_at = now() where state = 'waiting'`)
    await roundAsIs(now)
  }
  /** Begins a payment and answers with the company's session. */
  async function begun(reference: PaymentReference): Promise<string> {
    const way = await beginHosted(house, company, reference, 'en')
    if ('refused' in way) throw new Error(way.refused)
    return way.url.split('/').at(-1) ?? ''
  }
  const post = (url: string, payload: string, headers: Record<string, string> = form) =>
    app.inject({ method: 'POST', url, payload, headers })
  const of = async (reference: PaymentReference) => {
    const { id, version } = await test.found(reference)
    return { charge: id, version }
  }
  async function paidOnline(cents = 5_000): Promise<Charged & { session: string }> {
    const charged = await test.charged(fee(cents))
    const session = await begun(charged.reference)
    stripe.pay(session)
    await round()
    return { ...charged, session }
  }

  return {
    test,
    owner,
    stripe,
    company,
    keeper,
    house,
    app,
    faults,
    round,
    roundAsIs,
    begun,
    post,
    of,
    paidOnline,
    hear: ({ body, signature }: { body: string; signature: string }) =>
      post('/payments/stripe', body, { 'content-type': 'application/json', 'stripe-signature': signature }),
    payBack: async (reference: PaymentReference, cents: number) =>
      refund(house, test.lead.actor, await of(reference), {
        id: randomUUID(),
        amount: moneyOf(cents),
        reason: 'withdrawn' as RefundReasonId,
      }),
    /** As each test begins: nothing tried, nothing to be told. */
    async afresh(): Promise<void> {
      faults.length = 0
      stripe.state.events.length = 0
      stripe.state.refundsBegin = 'succeeded'
      await owner.once(sql`delete from payments.miss`)
    },
    async close(): Promise<void> {
      await app.close()
      await keeper.close()
      await stripe.close()
      await test.close()
    },
  }
}
