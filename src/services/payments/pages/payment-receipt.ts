import type { City } from '../../../city/index.ts'
import { factsList, page } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import type { Charge, Payment } from '../charge.ts'
import { dayWords, refundWords, wayWords } from '../charge-words.ts'
import { rulesOf } from '../house.ts'
import { say } from '../messages.ts'
import { inGroups } from '../reference.ts'
import { bill } from './bill.ts'

export type PaymentReceiptView = Readonly<{
  city: City
  language: Language
  /** Of the letter, without language prefix. It holds the code: the page is never cached and names it in one link only. */
  path: string
  number: number
  charge: Charge
  payment: Payment
}>

/** A receipt for money, to be printed and shown to an employer or a tax office: who took it, what for, when and how. */
export function paymentReceipt(view: PaymentReceiptView): Html {
  const { city, language, path, number, charge, payment } = view
  const title = say(language, 'receiptTitle')
  const from = { city: city.name[language], address: rulesOf(city).counter.address }
  const body = html`<div class="wrap page">
    <h1>${title}</h1>
    <p class="lead">${say(language, 'receiptFrom', from)}</p>
    ${factsList([
      [say(language, 'reference'), inGroups(charge.reference)],
      [say(language, 'receiptCase'), number],
      [say(language, 'receiptDay'), dayWords(city, language, payment.at)],
      [say(language, 'receiptHow'), wayWords(language, payment.way)],
      payment.slip !== undefined && [say(language, 'receiptSlip'), payment.slip],
    ])}
    <h2>${say(language, 'receiptFor')}</h2>
    ${bill(city, language, charge)}
    ${charge.refunds.map((one) => html`<p>${refundWords(city, language, one)}</p>`)}
    <div class="screen">
      <p class="soft">${say(language, 'receiptPrintHint')}</p>
      <form method="get" action="${inLanguage(language, path)}">
        <p><button class="usa-button usa-button--outline" type="submit">${say(language, 'receiptBack')}</button></p>
      </form>
    </div>
  </div>`
  return page({ city, language, path: `${path}/payments/${charge.reference}`, title, body, personal: true })
}
