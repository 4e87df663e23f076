import type { Temporal } from 'temporal-polyfill'
import type { City } from '../../../city/index.ts'
import { momentWords } from '../../../city/look/index.ts'
import { html, inLanguage, sql, type Html, type Language, type Tx } from '../../../plumbing/index.ts'
import { companyName } from '../company/company.ts'
import { chargeOf, type Charge, type ShownCharge } from '../charge.ts'
import { refundWords, standsWords } from '../charge-words.ts'
import { rulesOf } from '../house.ts'
import { say } from '../messages.ts'
import { moneyOf, sayMoney } from '../money.ts'
import { inGroups, type PaymentReference } from '../reference.ts'
import { bill } from './bill.ts'
import { waysToPay } from './ways-to-pay.ts'

/** The charges of the case in hand. */
export async function chargesInHand(tx: Tx): Promise<readonly Charge[]> {
  const rows = await tx.rows<{ charge: ShownCharge }>(sql`select charge from payments.in_hand() as x (charge)`)
  return rows.map(({ charge }) => chargeOf(charge))
}

type View = Readonly<{ city: City; language: Language; path: string; company?: string }>
type Told = { reference: PaymentReference; amount: number; at: Temporal.Instant }

/** On the person's own page: what she owes, how to pay it, what was paid, and what a payment company was told. */
export async function receiptPanel(tx: Tx, view: View): Promise<Html | undefined> {
  const charges = await chargesInHand(tx)
  if (charges.length === 0) return undefined
  const told = await tx.rows<Told>(sql`select reference, amount, at from payments.disclosed_in_hand()`)
  return html`<section class="owed" aria-labelledby="payments">
    <h2 class="later" id="payments">${say(view.language, 'panelTitle')}</h2>
    ${charges.map((charge) => chargePart(view, charge))} ${told.length > 0 && disclosed(view, told)}
  </section>`
}

function chargePart({ city, language, path, company }: View, charge: Charge): Html {
  const kept = city.retention.get(rulesOf(city).retention)?.text[language] ?? ''
  const hasReceipt = charge.payments.some(({ surplus }) => !surplus)
  return html`<p><strong>${standsWords(city, language, charge)}</strong></p>
    ${bill(city, language, charge)}
    ${charge.refunds.map((one) => html`<p>${refundWords(city, language, one)}</p>`)}
    ${
      hasReceipt &&
      html`<form class="screen" method="get" action="${inLanguage(language, `${path}/payments/${charge.reference}`)}">
        <p><button class="usa-button usa-button--outline" type="submit">${say(language, 'printReceipt')}</button></p>
      </form>`
    }
    ${
      charge.state === 'due' &&
      html`<h3>${say(language, 'howTitle')}</h3>
        ${waysToPay(city, language, { reference: charge.reference, amount: charge.owed, online: company !== undefined })}`
    }
    <p class="soft">${say(language, 'keptFor', { kept })}</p>`
}

function disclosed({ city, language, company }: View, told: readonly Told[]): Html {
  return html`<h3>${say(language, 'toldTitle')}</h3>
    <ul>
      ${told.map(
        ({ reference, amount, at }) =>
          html`<li>
            ${say(language, 'told', {
              at: momentWords(language, at, city.timeZone),
              company: company ?? companyName,
              amount: sayMoney(language, moneyOf(amount)),
              reference: inGroups(reference),
            })}
          </li> `,
      )}
    </ul>`
}
