import type { City, TillId } from '../../../city/index.ts'
import { html, type Html } from '../../../plumbing/index.ts'
import { counterWays, type Charge, type Refund } from '../charge.ts'
import { rulesOf } from '../house.ts'
import { less, moneyOf, plainMoney, sayMoney, sum, type Money } from '../money.ts'
import { choice, line, radios, type Option } from './ask.ts'
import { say } from './messages.ts'

/** What was typed and refused, kept; of a card number nothing. */
export type Typed = Readonly<Partial<Record<'way' | 'till' | 'slip' | 'amount' | 'reason', string>>>

export type FormsView = Readonly<{
  city: City
  charge: Charge
  /** Where the forms lead: the charge at the cash office, or the case on a desk. */
  at: string
  /** Kept in addresses: the part of the inbox beside a case. */
  query?: string
  /** Makes a repeated post one payment or refund. */
  id: string
  typed: Typed
  /** The cursor stands in the form that is filled in most. */
  autofocus: boolean
}>

function form({ charge, at, query = '', id }: FormsView, noun: string, inside: Html): Html {
  return html`<form method="post" action="${at}/${noun}${query}">
    <input type="hidden" name="charge" value="${charge.id}" /><input type="hidden" name="version" value="${charge.version}" /><input
      type="hidden"
      name="id"
      value="${id}"
    />
    ${inside}
  </form>`
}

const button = (words: string, outline = false): Html =>
  html`<p><button class="button${outline && ' outline'}" type="submit">${words}</button></p>`

function part(id: string, title: string, inside: Html): Html {
  return html`<section class="record" aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${inside}
  </section>`
}

export function payForm(view: FormsView, owed: Money): Html {
  const { city, typed, autofocus } = view
  const amount = sayMoney('en', owed)
  const ways = counterWays.map((value) => ({ value, label: say('en', `way-${value}`) }))
  return part(
    'take',
    say('en', 'payTitle'),
    html`<p class="soft">${say('en', 'payLead', { amount })}</p>
      ${form(
        view,
        'payments',
        html`${radios(
          { id: 'way', name: 'way', label: say('en', 'way'), value: typed.way ?? 'cash', more: { autofocus } },
          ways,
        )}
        ${tillChoice(city, 'till', typed.till)}
        ${line({
          id: 'slip',
          name: 'slip',
          label: say('en', 'slip'),
          hint: say('en', 'slipHint'),
          value: typed.slip ?? '',
          more: { maxlength: 40 },
        })}
        ${button(say('en', 'payDo', { amount }))}`,
      )}`,
  )
}

const tillChoice = (city: City, id: string, value: string | undefined): Html =>
  choice({ id, name: 'till', label: say('en', 'till'), ...(value !== undefined && { value }) }, tillsOf(city))

export function tillsOf(city: City): readonly Option[] {
  return [...rulesOf(city).tills].map(([value, name]: [TillId, { en: string }]) => ({ value, label: name.en }))
}

const reasonChoice = (id: string, value: string | undefined, reasons: Iterable<[string, { en: string }]>): Html =>
  choice({ id, name: 'reason', label: say('en', 'reason'), ...(value !== undefined && { value }) }, [
    { value: '', label: say('en', 'chooseReason') },
    ...Array.from(reasons, ([code, text]) => ({ value: code, label: text.en })),
  ])

const amountLine = (id: string, value: string): Html =>
  line({ id, name: 'amount', label: say('en', 'amount'), value, more: { inputmode: 'decimal', maxlength: 40 } })

/** What can still be paid back: what was paid, less every refund that is done, on its way or asked for. */
export function refundable(charge: Charge): Money | undefined {
  if (charge.state !== 'paid' && charge.state !== 'partly-refunded') return undefined
  const aside = charge.refunds.filter(
    ({ state, surplus }) => !surplus && (state === 'asked' || state === 'waiting' || state === 'paid'),
  )
  const left = less(charge.paid, sum(aside.map(({ amount }) => amount)))
  return left > 0 ? left : undefined
}

export function refundForm(view: FormsView, left: Money): Html {
  const { city, charge, typed } = view
  const { refunds } = rulesOf(city)
  const hosted = 'payment' in charge && charge.payment.way === 'hosted'
  const values = { amount: sayMoney('en', left), limit: sayMoney('en', moneyOf(refunds.secondPersonAbove)) }
  return part(
    'back',
    say('en', 'refundTitle'),
    html`<p class="soft">${say('en', hosted ? 'refundLeadHosted' : 'refundLead', values)}</p>
      ${form(
        view,
        'refunds',
        html`${amountLine('back-amount', typed.amount ?? plainMoney(left))}
        ${reasonChoice('back-reason', typed.reason, refunds.reasons)}
        ${!hosted && tillChoice(city, 'back-till', typed.till)} ${button(say('en', 'refundDo'))}`,
      )}`,
  )
}

export function judgeForm(view: FormsView, refund: Refund): Html {
  const { city } = view
  const amount = sayMoney('en', refund.amount)
  const reason = rulesOf(city).refunds.reasons.get(refund.reason)?.en ?? refund.reason
  if (refund.own) return html`<p>${say('en', 'judgeOwn', { amount, reason })}</p>`
  const judged = { ...view, id: refund.id }
  return part(
    `judge-${refund.id}`,
    say('en', 'judgeTitle', { amount }),
    html`<p>${say('en', 'judgeLead', { reason })}</p>
      ${form(judged, 'agreements', html`${refund.way !== 'hosted' && tillChoice(city, `till-${refund.id}`, undefined)} ${button(say('en', 'agreeDo'))}`)}
      ${form(judged, 'declinations', button(say('en', 'declineDo'), true))}`,
  )
}

export function waiveForms(view: FormsView, owed: Money): Html {
  const { city, typed } = view
  return html`<details>
      <summary>${say('en', 'waiveTitle')}</summary>
      <p class="soft">${say('en', 'waiveLead', { amount: sayMoney('en', owed) })}</p>
      ${form(
        view,
        'waivers',
        html`${amountLine('waive-amount', typed.amount ?? plainMoney(owed))}
        ${reasonChoice('waive-reason', typed.reason, rulesOf(city).waivers)} ${button(say('en', 'waiveDo'))}`,
      )}
    </details>
    <details>
      <summary>${say('en', 'cancelTitle')}</summary>
      <p class="soft">${say('en', 'cancelLead')}</p>
      ${form(view, 'cancellations', button(say('en', 'cancelDo'), true))}
    </details>`
}
