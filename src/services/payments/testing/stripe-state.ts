import { randomBytes } from 'node:crypto'

/** `away`: the connection ends before anything is done; `lost`: after it; `silent`: nobody ever answers. */
export type Fault = 'away' | 'broken' | 'lost' | 'silent'

export type Session = {
  id: string
  status: 'open' | 'complete' | 'expired'
  paid: boolean
  amount: number
  currency: string
  reference: string
  metadata: Record<string, string>
  description: string
  payment: string | null
  successUrl: string
  cancelUrl: string
  locale: string
}
export type Refund = { id: string; payment: string; amount: number; status: 'pending' | 'succeeded' | 'failed' }

type Answer = { status: number; json: object }
const name = (prefix: string) => `${prefix}_${randomBytes(8).toString('hex')}`
const refuse = (status: number, type: string, message: string): Answer => ({
  status,
  json: { error: { type, message } },
})

/** What the company holds: sessions, refunds, the answers given under each idempotency key, and the events to be sent. */
export class StripeState {
  readonly sessions = new Map<string, Session>()
  readonly refunds = new Map<string, Refund>()
  readonly events: object[] = []
  pages = ''
  /** How the next refunds begin. */
  refundsBegin: Refund['status'] = 'succeeded'
  readonly #answers = new Map<string, { asked: string; answer: Answer }>()

  /** The same key with the same words gets the same answer; with other words it is refused, as Stripe does. */
  call(path: string, fields: Record<string, string>, key: string | undefined): Answer {
    if (key === undefined || !path.startsWith('POST')) return this.#do(path, fields)
    const asked = `${path} ${JSON.stringify(fields)}`
    const known = this.#answers.get(key)
    if (known)
      return known.asked === asked ? known.answer : refuse(400, 'idempotency_error', 'Keys can only be used once.')
    const answer = this.#do(path, fields)
    this.#answers.set(key, { asked, answer })
    return answer
  }

  #do(path: string, fields: Record<string, string>): Answer {
    if (path === 'POST /v1/checkout/sessions') return this.#open(fields)
    const [, method, id = '', act] = /^(\w+) \/v1\/checkout\/sessions\/(\w+)(\/expire)?$/.exec(path) ?? []
    const session = this.sessions.get(id)
    if (session && method === 'GET' && act === undefined) return { status: 200, json: this.shown(session) }
    if (session && act !== undefined) {
      if (session.status !== 'open') return refuse(400, 'invalid_request_error', 'Only open sessions can be expired.')
      this.expire(id)
      return { status: 200, json: this.shown(session) }
    }
    if (path === 'POST /v1/refunds') return this.#refund(fields)
    const refund = this.refunds.get(/^GET \/v1\/refunds\/(\w+)$/.exec(path)?.[1] ?? '')
    return refund ? { status: 200, json: refundShown(refund) } : refuse(404, 'invalid_request_error', 'No such thing.')
  }

  #open(fields: Record<string, string>): Answer {
    const amount = Number(fields['line_items[0][price_data][unit_amount]'])
    const expires = Number(fields['expires_at'])
    if (!(amount >= 50)) return refuse(400, 'invalid_request_error', 'Amount must be at least $0.50 usd')
    if (!(expires > Date.now() / 1000 + 1800)) return refuse(400, 'invalid_request_error', 'expires_at is too soon')
    const session: Session = {
      id: name('cs_test'),
      status: 'open',
      paid: false,
      amount,
      currency: fields['line_items[0][price_data][currency]'] ?? '',
      reference: fields['client_reference_id'] ?? '',
      metadata: { payment: fields['metadata[payment]'] ?? '' },
      description: fields['line_items[0][price_data][product_data][name]'] ?? '',
      payment: null,
      successUrl: fields['success_url'] ?? '',
      cancelUrl: fields['cancel_url'] ?? '',
      locale: fields['locale'] ?? '',
    }
    this.sessions.set(session.id, session)
    return { status: 200, json: this.shown(session) }
  }

  #refund(fields: Record<string, string>): Answer {
    const paid = [...this.sessions.values()].find(({ payment }) => payment === fields['payment_intent'])
    if (!paid) return refuse(404, 'invalid_request_error', 'No such payment_intent')
    const before = [...this.refunds.values()].filter(
      ({ payment, status }) => payment === paid.payment && status !== 'failed',
    )
    const amount = Number(fields['amount'])
    if (before.reduce((sum, one) => sum + one.amount, amount) > paid.amount)
      return refuse(400, 'invalid_request_error', 'Refund amount is greater than unrefunded amount on charge')
    const refund = { id: name('re'), payment: paid.payment ?? '', amount, status: this.refundsBegin }
    this.refunds.set(refund.id, refund)
    return { status: 200, json: refundShown(refund) }
  }

  pay(id: string, changed: Partial<Pick<Session, 'amount' | 'currency'>> = {}): void {
    const session = this.sessions.get(id)
    if (session?.status !== 'open') throw new Error('this session cannot be paid')
    Object.assign(session, { status: 'complete', paid: true, payment: name('pi'), ...changed })
    this.#tell('checkout.session.completed', this.shown(session))
  }

  expire(id: string): void {
    const session = this.sessions.get(id)
    if (!session) throw new Error('there is no such session')
    session.status = 'expired'
    this.#tell('checkout.session.expired', this.shown(session))
  }

  settleRefund(id: string, status: Refund['status']): void {
    const refund = this.refunds.get(id)
    if (!refund) throw new Error('there is no such refund')
    refund.status = status
    this.#tell(status === 'failed' ? 'refund.failed' : 'refund.updated', refundShown(refund))
  }

  #tell(type: string, object: object): void {
    this.events.push({
      id: name('evt'),
      object: 'event',
      type,
      created: Math.floor(Date.now() / 1000),
      data: { object },
    })
  }

  shown(session: Session): object {
    return {
      id: session.id,
      object: 'checkout.session',
      status: session.status,
      payment_status: session.paid ? 'paid' : 'unpaid',
      amount_total: session.amount,
      currency: session.currency,
      client_reference_id: session.reference,
      metadata: session.metadata,
      payment_intent: session.payment,
      url: session.status === 'open' ? `${this.pages}${session.id}` : null,
    }
  }
}

const refundShown = ({ id, payment, amount, status }: Refund) => ({
  id,
  object: 'refund',
  payment_intent: payment,
  amount,
  currency: 'usd',
  status,
})
