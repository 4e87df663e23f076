import type { Temporal } from 'temporal-polyfill'
import type { Language } from '../../../plumbing/index.ts'
import type { Money } from '../money.ts'
import type { PaymentReference } from '../reference.ts'

/** The one company there is an adapter for, as people know it. */
export const companyName = 'Stripe'

/** Everything that the company is told of a payment. There is no field for a person, a case or what is paid for. */
export type ToOpen = Readonly<{
  /** Our row; the company makes one session of it, however often it is asked. */
  id: string
  reference: PaymentReference
  amount: Money
  language: Language
  /** What stands beside the amount on its page: the city's name and the reference. */
  description: string
  expiresAt: Temporal.Instant
  /** Where it sends the person back to; neither address holds a receipt code. */
  paidUrl: string
  backUrl: string
}>

export type OpenedSession = Readonly<{ session: string; url: string }>

/** What became of a session. `paid` carries what the company says came in, to be held against what was asked. */
export type SessionNow =
  | Readonly<{ state: 'open' | 'expired' }>
  | Readonly<{ state: 'paid'; id: string; reference: string; amount: number; currency: string; payment: string }>

export type RefundNow = Readonly<{ state: 'waiting' | 'paid' | 'failed'; refund?: string }>

/** What a webhook is about. What else it says is not believed: the company is asked. */
export type Heard =
  Readonly<{ event: string; session?: string; refund?: string }> | Readonly<{ refused: 'not-signed' | 'too-old' }>

/** A payment company. Every act that could be doubled carries a key of ours; faults are thrown. */
export type PaymentCompany = Readonly<{
  name: string
  /** Where its page stands; a person is sent nowhere else. */
  pageOrigin: string
  open(asked: ToOpen): Promise<OpenedSession>
  look(session: string): Promise<SessionNow>
  /** Ends a session that nobody is to pay any more, then says what became of it. */
  end(session: string): Promise<SessionNow>
  refund(asked: Readonly<{ id: string; payment: string; amount: Money }>): Promise<RefundNow>
  lookRefund(refund: string): Promise<RefundNow>
  /** Checks a webhook's signature and age. */
  hear(body: Buffer, signature: string): Heard
}>
