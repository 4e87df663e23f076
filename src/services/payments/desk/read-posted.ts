import type { RefundReasonId, TillId, WaiverReasonId } from '../../../city/index.ts'
import { counterWays, type ChargeId, type CounterWay } from '../charge.ts'
import { holdsCardNumber } from '../card-number.ts'
import { readMoney, type Money } from '../money.ts'
import type { OfCharge } from '../on-charge.ts'
import type { Typed } from './charge-forms.ts'

type Fields = Readonly<Record<string, string>>
type Wrong<Reason extends string> = Readonly<{ wrong: Reason }>

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const code = /^[a-z][a-z0-9-]{0,59}$/

/** Which charge a form is about, as it was when the page was made; undefined where no page of ours made the form. */
export function ofCharge({ charge = '', version = '' }: Fields): OfCharge | undefined {
  if (!uuid.test(charge) || !/^\d{1,9}$/.test(version)) return undefined
  return { charge: charge as ChargeId, version: Number(version) }
}

/** The identifier that makes a repeated post one payment or refund. */
export function idIn({ id = '' }: Fields): string | undefined {
  return uuid.test(id) ? id : undefined
}

/** What was typed, to be shown again; nothing of it where a card number is in it. */
export function typedOf(fields: Fields): Typed | 'card' {
  const { way, till, slip, amount, reason } = fields
  const given = { way, till, slip, amount, reason }
  if (Object.values(given).some((value) => value !== undefined && holdsCardNumber(value))) return 'card'
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value.slice(0, 40)]])),
  )
}

export type ReadPayment = Readonly<{ way: CounterWay; till: TillId; slip?: string }>

export function readPayment(fields: Fields): ReadPayment | Wrong<'no-way' | 'no-such-till' | 'slip'> {
  const way = counterWays.find((one) => one === fields['way'])
  if (!way) return { wrong: 'no-way' }
  const till = tillIn(fields)
  if (till === undefined) return { wrong: 'no-such-till' }
  const slip = (fields['slip'] ?? '').trim()
  if (slip === '') return { way, till }
  return /^[A-Za-z0-9][A-Za-z0-9-]{0,9}$/.test(slip) ? { way, till, slip } : { wrong: 'slip' }
}

export function tillIn({ till = '' }: Fields): TillId | undefined {
  return code.test(till) ? (till as TillId) : undefined
}

type Given<Reason> = Readonly<{ amount: Money; reason: Reason }>

/** An amount and a reason of a closed list; whether the list has it, the database says. */
export function readAmount<Reason extends WaiverReasonId | RefundReasonId>(
  fields: Fields,
): Given<Reason> | Wrong<'not-an-amount' | 'too-much' | 'no-such-reason'> {
  const amount = readMoney(fields['amount'] ?? '')
  if (typeof amount !== 'number') return { wrong: amount.refused }
  const { reason = '' } = fields
  return code.test(reason) ? { amount, reason: reason as Reason } : { wrong: 'no-such-reason' }
}
