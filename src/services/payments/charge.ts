import { Temporal } from 'temporal-polyfill'
import type { RefundReasonId, Text, TillId, WaiverReasonId } from '../../city/index.ts'
import type { Language } from '../../plumbing/index.ts'
import { moneyOf, type Money } from './money.ts'
import type { PaymentReference } from './reference.ts'

export type ChargeId = string & { readonly brand: 'charge' }

/** How money came in: over the counter, or on the payment company's page. */
export const counterWays = ['cash', 'check', 'card-terminal'] as const
export type CounterWay = (typeof counterWays)[number]
export type Way = CounterWay | 'hosted'

export const refundStates = ['asked', 'declined', 'waiting', 'paid', 'failed'] as const

export type Line = Readonly<{ label: Text; amount: Money }>
export type Waiver = Readonly<{ amount: Money; reason: WaiverReasonId; by: 'rule' | 'clerk'; at: Temporal.Instant }>
/** `surplus`: it came although it was not owed, and goes back. */
export type Payment = Readonly<{
  way: Way
  amount: Money
  at: Temporal.Instant
  till?: TillId
  /** Number of the check or of the terminal's slip. */
  slip?: string
  surplus: boolean
}>
export type Refund = Readonly<{
  id: string
  amount: Money
  reason: RefundReasonId
  state: (typeof refundStates)[number]
  at: Temporal.Instant
  way: Way
  surplus: boolean
  /** The acting employee asked for it: another one has to agree. */
  own: boolean
}>

/** Where a charge stands. A SQL check (`amounts_fit_state`) holds its amounts to the same. */
export type ChargeState =
  | Readonly<{ state: 'due'; owed: Money }>
  | Readonly<{ state: 'paid'; paid: Money; payment: Payment }>
  | Readonly<{ state: 'waived' }>
  | Readonly<{ state: 'partly-refunded' | 'refunded'; paid: Money; refunded: Money; payment: Payment }>
  | Readonly<{ state: 'cancelled' }>

/** What somebody owes, or owed, the city for one case. */
export type Charge = Readonly<{
  id: ChargeId
  reference: PaymentReference
  version: number
  language: Language
  total: Money
  waived: Money
  madeAt: Temporal.Instant
  /** When it came to stand as it does. */
  since: Temporal.Instant
  lines: readonly Line[]
  waivers: readonly Waiver[]
  payments: readonly Payment[]
  refunds: readonly Refund[]
}> &
  ChargeState

type Shown<Item, Told> = Omit<Item, keyof Told> & Told
type Dated = { at: string }
/** As `payments.shown` tells it. */
export type ShownCharge = Readonly<{
  id: ChargeId
  reference: PaymentReference
  state: ChargeState['state']
  version: number
  language: Language
  total: number
  waived: number
  paid: number
  refunded: number
  madeAt: string
  since: string
  lines: readonly { en: string; es: string; amount: number }[]
  waivers: readonly Shown<Waiver, Dated>[]
  payments: readonly Shown<Payment, Dated & { till: TillId | null; slip: string | null }>[]
  refunds: readonly Shown<Refund, Dated>[]
}>

export function chargeOf(row: ShownCharge): Charge {
  const { id, reference, version, language } = row
  const payments = row.payments.map(({ way, amount, at, till, slip, surplus }): Payment => ({
    way,
    amount: moneyOf(amount),
    at: Temporal.Instant.from(at),
    ...(till !== null && { till }),
    ...(slip !== null && { slip }),
    surplus,
  }))
  return {
    id,
    reference,
    version,
    language,
    total: moneyOf(row.total),
    waived: moneyOf(row.waived),
    madeAt: Temporal.Instant.from(row.madeAt),
    since: Temporal.Instant.from(row.since),
    lines: row.lines.map(({ en, es, amount }) => ({ label: { en, es }, amount: moneyOf(amount) })),
    waivers: row.waivers.map((one) => ({ ...one, amount: moneyOf(one.amount), at: Temporal.Instant.from(one.at) })),
    payments,
    refunds: row.refunds.map((one) => ({ ...one, amount: moneyOf(one.amount), at: Temporal.Instant.from(one.at) })),
    ...stateOf(row, payments),
  }
}

function stateOf(row: ShownCharge, payments: readonly Payment[]): ChargeState {
  const { state } = row
  const payment = payments.find(({ surplus }) => !surplus)
  switch (state) {
    case 'due':
      return { state, owed: moneyOf(row.total - row.waived) }
    case 'waived':
    case 'cancelled':
      return { state }
    case 'paid':
      if (!payment) throw new Error('a charge is paid without a payment')
      return { state, paid: moneyOf(row.paid), payment }
    case 'partly-refunded':
    case 'refunded':
      if (!payment) throw new Error('a charge is refunded without a payment')
      return { state, paid: moneyOf(row.paid), refunded: moneyOf(row.refunded), payment }
    default:
      return state satisfies never
  }
}
