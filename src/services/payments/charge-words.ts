import type { City } from '../../city/index.ts'
import { dateWords } from '../../city/look/index.ts'
import type { Language } from '../../plumbing/index.ts'
import type { Temporal } from 'temporal-polyfill'
import type { Charge, Refund, Way } from './charge.ts'
import { say } from './messages.ts'
import { moneyOf, sayMoney } from './money.ts'

/** A row of a bill: what, and how much; `sum` says what remains of those above it. */
export type BillRow = Readonly<{ what: string; amount: string; sum?: true }>

/** The lines of a charge, what of it is waived and why, and what remains. */
export function billOf(city: City, language: Language, charge: Charge): readonly BillRow[] {
  const { lines, waivers, total, waived } = charge
  const remains = moneyOf(total - waived)
  const isPaid = charge.state === 'paid' || charge.state === 'partly-refunded' || charge.state === 'refunded'
  return [
    ...lines.map(({ label, amount }) => ({ what: label[language], amount: sayMoney(language, amount) })),
    ...waivers.map(({ reason, amount }) => ({
      what: say(language, 'waived', { reason: city.payments?.waivers.get(reason)?.[language] ?? reason }),
      amount: `−${sayMoney(language, amount)}`,
    })),
    {
      what: say(language, isPaid ? 'paid' : charge.state === 'due' ? 'owed' : 'total'),
      amount: sayMoney(language, remains),
      sum: true,
    },
    ...(charge.state === 'partly-refunded' || charge.state === 'refunded'
      ? [{ what: say(language, 'refunded'), amount: `−${sayMoney(language, charge.refunded)}` }]
      : []),
  ]
}

export const wayWords = (language: Language, way: Way): string => say(language, `way-${way}`)

/** How it stands, in a sentence. */
export function standsWords(city: City, language: Language, charge: Charge): string {
  switch (charge.state) {
    case 'due':
    case 'waived':
    case 'cancelled':
      return say(language, `state-${charge.state}`)
    case 'paid':
    case 'partly-refunded':
    case 'refunded': {
      const { at, way } = charge.payment
      return say(language, `state-${charge.state}`, { day: dayWords(city, language, at), way: wayWords(language, way) })
    }
    default:
      return charge satisfies never
  }
}

export function refundWords(city: City, language: Language, { state, amount, at, reason }: Refund): string {
  const ruled = reason === 'by-rule'
  const own = say(language, ruled ? 'refund-by-rule' : 'refund-not-owed')
  const because = city.payments?.refunds.reasons.get(reason)?.[language] ?? own
  const day = dayWords(city, language, at)
  return say(language, ruled && state === 'asked' ? 'refund-handed' : `refund-${state}`, {
    amount: sayMoney(language, amount),
    day,
    reason: because,
  })
}

export function dayWords({ timeZone }: City, language: Language, at: Temporal.Instant): string {
  return dateWords(language, at.toZonedDateTimeISO(timeZone).toPlainDate())
}
