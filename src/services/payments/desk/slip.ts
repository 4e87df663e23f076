import type { City } from '../../../city/index.ts'
import { html, raw, type Html } from '../../../plumbing/index.ts'
import type { Charge } from '../charge.ts'
import { billOf, dayWords, refundWords, wayWords } from '../charge-words.ts'
import { rulesOf } from '../house.ts'
import { say } from '../messages.ts'
import { inGroups } from '../reference.ts'

/** The slip that is handed over, in the person's language: what was paid, how, when and to whom. */
export function slipOf(city: City, charge: Charge): Html {
  const { language } = charge
  const payment = charge.payments.find(({ surplus }) => !surplus)
  if (!payment) return html``
  const row = (term: string, fact: string) =>
    html`<div>
      <dt>${term}</dt>
      <dd>${fact}</dd>
    </div> `
  return html`<article class="slip" lang="${language}" aria-labelledby="slip-title">
    <header>
      <span class="wordmark" role="img" aria-label="${city.name[language]}"
        >${city.wordmark.kind === 'svg' ? raw(city.wordmark.svg) : city.wordmark.text}</span
      >
      <div>
        <h2 id="slip-title">${say(language, 'receiptTitle')}</h2>
        <p>${rulesOf(city).counter.address}</p>
      </div>
    </header>
    <dl>
      ${row(say(language, 'reference'), inGroups(charge.reference))}
      ${row(say(language, 'receiptDay'), dayWords(city, language, payment.at))}
      ${row(say(language, 'receiptHow'), wayWords(language, payment.way))}
      ${payment.slip !== undefined && row(say(language, 'receiptSlip'), payment.slip)}
    </dl>
    <h3>${say(language, 'receiptFor')}</h3>
    <dl>
      ${billOf(city, language, charge).map(({ what, amount }) => row(what, amount))}
    </dl>
    ${charge.refunds.map((one) => html`<p>${refundWords(city, language, one)}</p>`)}
  </article>`
}
