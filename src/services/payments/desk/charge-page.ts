import type { City } from '../../../city/index.ts'
import { deskPage, moment, type DeskModule } from '../../../city/look/index.ts'
import { html, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import type { Charge, Payment } from '../charge.ts'
import { billOf, refundWords, standsWords } from '../charge-words.ts'
import { rulesOf } from '../house.ts'
import { sayMoney } from '../money.ts'
import { mayAtCashOffice } from '../on-charge.ts'
import { inGroups } from '../reference.ts'
import { judgeForm, payForm, refundable, refundForm, waiveForms, type FormsView, type Typed } from './charge-forms.ts'
import { say } from './messages.ts'
import { slipOf } from './slip.ts'

export type ChargeView = Readonly<{
  city: City
  staff: Staff
  charge: Charge
  id: string
  typed: Typed
  modules: readonly DeskModule[]
  done?: string
  wrong?: string
}>

/** One charge at the cash office: what it is made of, what happened to it, and what may be done now. */
export function chargePage(view: ChargeView): Html {
  const { city, staff, charge, done, wrong, modules } = view
  const title = say('en', 'chargeTitle', { reference: inGroups(charge.reference) })
  const paid = charge.payments.some(({ surplus }) => !surplus)
  const main = html`<div class="recorded">
    <div class="unprinted">
      <h1>${title}</h1>
      ${done && html`<p class="said" role="status">${done}</p>`}
      ${wrong && html`<p class="refused" role="alert">${wrong}</p>`}
      <p><strong>${standsWords(city, 'en', charge)}</strong></p>
      ${bill(city, charge)} ${history(city, charge)}
      <div class="intake money-acts">${forms(view)}</div>
      <p class="row">
        ${
          paid &&
          html`<button class="button" type="button" data-print hidden ${done && html`autofocus`}>
            ${say('en', 'print')}
          </button>`
        }
        <a class="button outline" href="/desk/payments" data-key="n">${say('en', 'next')}</a>
      </p>
    </div>
    ${paid && slipOf(city, charge)}
  </div>`
  return deskPage({ city, staff, here: 'payments', title, wrong: wrong !== undefined, main, modules })
}

/** Lines, waivers and what remains, as a table with the amounts under one another. */
export function bill(city: City, charge: Charge): Html {
  return html`<table class="table numbers bill">
    <caption class="unseen">${say('en', 'linesTitle')}</caption>
    <tbody>
      ${billOf(city, 'en', charge).map(
        ({ what, amount, sum }) =>
          html`<tr class="${sum && 'sum'}">
            <th scope="row">${what}</th>
            <td class="number nowrap">${amount}</td>
          </tr> `,
      )}
    </tbody>
  </table>`
}

function history(city: City, charge: Charge): Html {
  if (charge.payments.length === 0) return html``
  return html`<section class="record" aria-labelledby="happened">
    <h2 id="happened">${say('en', 'historyTitle')}</h2>
    <ul>
      ${charge.payments.map((one) => html`<li>${paymentWords(city, one)}</li> `)}
      ${charge.refunds.map((one) => html`<li>${refundWords(city, 'en', one)}</li> `)}
    </ul>
  </section>`
}

function paymentWords(city: City, { way, amount, at, till, slip, surplus }: Payment): Html {
  const more = [
    till && rulesOf(city).tills.get(till)?.en,
    slip !== undefined && say('en', 'paidSlip', { slip }),
    surplus && say('en', 'paidSurplus'),
  ].filter((one) => typeof one === 'string')
  const what = `${sayMoney('en', amount)}, ${say('en', `way-${way}`).toLowerCase()}, `
  return html`${what}${moment('en', at, city.timeZone)}${more.length > 0 && ` (${more.join(', ')})`}`
}

function forms(view: ChargeView): Html {
  const { city, staff, charge, id, typed, done } = view
  const at = `/desk/payments/${charge.reference}`
  const given: FormsView = { city, charge, at, id, typed, autofocus: done === undefined }
  const may = (power: 'refund' | 'waive') => mayAtCashOffice(city, staff, power)
  const left = refundable(charge)
  return html`${charge.state === 'due' && payForm(given, charge.owed)}
  ${may('refund') && charge.refunds.filter(({ state }) => state === 'asked').map((one) => judgeForm(given, one))}
  ${may('refund') && left !== undefined && refundForm(given, left)}
  ${charge.state === 'due' && may('waive') && html`<div>${waiveForms(given, charge.owed)}</div>`}`
}
