import type Stripe from 'stripe'
import {
  companyName,
  type Heard,
  type PaymentCompany,
  type RefundNow,
  type SessionNow,
  type ToOpen,
} from './company.ts'

export type StripeSettings = Readonly<{
  /** The secret key, `sk_...` or a restricted one, and the secret with which webhooks are signed, `whsec_...`. */
  secretKey: string
  webhookSecret: string
  /** Another server that speaks the same interface, for tests; its pages stand there too. */
  api?: string
}>

const theirPages = 'https://checkout.stripe.com'
/** A person waits for the first of these calls. */
const timeoutMs = 10_000
/** Older webhooks are refused, so that one that was overheard is worth nothing later. */
const toleranceSeconds = 300

/**
 * Stripe Checkout by Stripe's own library, which is loaded only here: a city without it pays nothing for it. No telemetry;
 * a call that failed on the way is tried twice more under the same key.
 */
export async function openStripe({ secretKey, webhookSecret, api }: StripeSettings): Promise<PaymentCompany> {
  const { default: StripeLibrary } = await import('stripe')
  const stripe = new StripeLibrary(secretKey, {
    telemetry: false,
    maxNetworkRetries: 2,
    timeout: timeoutMs,
    ...(api !== undefined && elsewhere(new URL(api))),
  })
  const { sessions } = stripe.checkout
  return {
    name: companyName,
    pageOrigin: api === undefined ? theirPages : new URL(api).origin,
    open: async (asked) => {
      const { id, url } = await sessions.create(sessionOf(asked), { idempotencyKey: `session-${asked.id}` })
      if (typeof url !== 'string') throw new Error('the payment company made a session without an address')
      return { session: id, url }
    },
    look: async (session) => stateOf(await sessions.retrieve(session)),
    end: async (session) => {
      // It may be paid or expired already; what it is decides, not whether it could be ended.
      await sessions.expire(session).catch(() => undefined)
      return stateOf(await sessions.retrieve(session))
    },
    refund: async ({ id, payment, amount }) =>
      refundOf(
        await stripe.refunds.create(
          { payment_intent: payment, amount, metadata: { refund: id } },
          { idempotencyKey: `refund-${id}` },
        ),
      ),
    lookRefund: async (refund) => refundOf(await stripe.refunds.retrieve(refund)),
    hear: (body, signature) => {
      try {
        const event = stripe.webhooks.constructEvent(body, signature, webhookSecret, toleranceSeconds)
        return heardOf(event)
      } catch (error) {
        if (error instanceof StripeLibrary.errors.StripeSignatureVerificationError)
          return { refused: /tolerance/i.test(error.message) ? 'too-old' : 'not-signed' }
        // A signed body is JSON; what is not was signed by nobody.
        if (error instanceof SyntaxError) return { refused: 'not-signed' }
        throw error
      }
    },
  }
}

function elsewhere(api: URL): { host: string; port: string; protocol: 'http' | 'https' } {
  const secure = api.protocol === 'https:'
  return { host: api.hostname, port: api.port || (secure ? '443' : '80'), protocol: secure ? 'https' : 'http' }
}

/** Reference, amount and a neutral description. No customer, no e-mail, no name, no word of a case. */
function sessionOf(asked: ToOpen): Stripe.Checkout.SessionCreateParams {
  const price = {
    currency: 'usd',
    unit_amount: asked.amount,
    product_data: { name: asked.description },
  }
  return {
    mode: 'payment',
    allowed_payment_method_types: ['card'],
    line_items: [{ quantity: 1, price_data: price }],
    client_reference_id: asked.reference,
    metadata: { payment: asked.id },
    payment_intent_data: { description: asked.description, metadata: { payment: asked.id } },
    customer_creation: 'if_required',
    locale: asked.language,
    submit_type: 'pay',
    expires_at: Math.floor(asked.expiresAt.epochMilliseconds / 1000),
    success_url: asked.paidUrl,
    cancel_url: asked.backUrl,
  }
}

function stateOf(session: Stripe.Checkout.Session): SessionNow {
  const { status, payment_status: paid, payment_intent: intent } = session
  const payment = typeof intent === 'string' ? intent : intent?.id
  if (status === 'complete' && paid === 'paid' && payment !== undefined)
    return {
      state: 'paid',
      id: session.metadata?.['payment'] ?? '',
      reference: session.client_reference_id ?? '',
      amount: session.amount_total ?? 0,
      currency: session.currency ?? '',
      payment,
    }
  return { state: status === 'expired' ? 'expired' : 'open' }
}

function refundOf({ id, status }: Stripe.Refund): RefundNow {
  const state = status === 'succeeded' ? 'paid' : status === 'failed' || status === 'canceled' ? 'failed' : 'waiting'
  return { state, refund: id }
}

/** Of an event only its identifier and what it is about. */
function heardOf(event: Stripe.Event): Heard {
  const about = event.data.object as { object?: unknown; id?: unknown }
  const id = typeof about.id === 'string' ? about.id : undefined
  if (id !== undefined && about.object === 'checkout.session') return { event: event.id, session: id }
  if (id !== undefined && about.object === 'refund') return { event: event.id, refund: id }
  return { event: event.id }
}
