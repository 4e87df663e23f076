import type { City } from '../../../city/index.ts'
import { errorSummary, field, notice, page } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { say } from '../messages.ts'
import { sayMoney, type Money } from '../money.ts'
import { inGroups, type PaymentReference } from '../reference.ts'
import { otherWays } from './ways-to-pay.ts'

export type PayError = 'not-a-reference' | 'slip' | 'card' | 'nothing'
/** `typed` is never a card number: that is shown to nobody again. */
export type AskedReference = Readonly<{ typed?: string; error?: PayError; later?: true }>

/** Where a payment reference is typed: for who pays by it, for herself or for somebody else. */
export function payPage(city: City, language: Language, { typed = '', error, later }: AskedReference = {}): Html {
  const says = error && say(language, `payError-${error}`)
  const title = say(language, 'payTitle')
  const body = html`<div class="wrap page">
    ${errorSummary(language, says ? [{ name: 'reference', says }] : [], 'asked')}
    <h1>${title}</h1>
    ${later && notice('wrong', html`<p>${say(language, 'payLater')}</p>`)}
    <p class="lead">${say(language, 'payLead')}</p>
    <form class="form" method="post" action="${inLanguage(language, '/pay')}" novalidate>
      ${field(language, {
        name: 'reference',
        label: say(language, 'payLabel'),
        hint: say(language, 'payHint'),
        control: { kind: 'digits' },
        needed: true,
        value: typed,
        autocomplete: 'off',
        ...(says !== undefined && { error: says }),
      })}
      <div class="actions"><button class="usa-button" type="submit">${say(language, 'payGo')}</button></div>
    </form>
  </div>`
  return page({ city, language, path: '/pay', title, body, wrong: error !== undefined || later === true })
}

export type OwedView = Readonly<{
  reference: PaymentReference
  amount: Money
  /** The payment company's name, where the city has one. */
  company?: string
  /** The company gave no answer. */
  away?: true
}>

/** What is owed under a reference, and nothing of what for or by whom; before the way out, what the company will learn. */
export function owedPage(city: City, language: Language, view: OwedView): Html {
  const { reference, company, away } = view
  const amount = sayMoney(language, view.amount)
  const title = say(language, 'payOwedTitle', { amount })
  const body = html`<div class="wrap page">
    <h1>${title}</h1>
    <p class="lead">${say(language, 'payOwedLead', { reference: inGroups(reference) })}</p>
    <p>${say(language, 'payFor')}</p>
    ${company !== undefined && away && notice('wrong', html`<p>${say(language, 'companyAway', { company })}</p>`)}
    ${company !== undefined && companyPart(language, { company, amount, reference })}
    <h2 class="later">${say(language, 'howTitle')}</h2>
    ${otherWays(city, language)}
  </div>`
  return page({ city, language, path: `/pay/${reference}`, title, body, personal: true, wrong: away === true })
}

type AtCompany = Readonly<{ company: string; amount: string; reference: PaymentReference }>

function companyPart(language: Language, { company, amount, reference }: AtCompany): Html {
  return html`<section aria-labelledby="online">
    <h2 id="online">${say(language, 'companyTitle', { company })}</h2>
    <p>${say(language, 'companyLead', { company })}</p>
    <p>${say(language, 'companyKnows', { company })}</p>
    <ul>
      <li>${say(language, 'companyKnowsAmount', { amount })}</li>
      <li>${say(language, 'companyKnowsReference', { reference: inGroups(reference) })}</li>
      <li>${say(language, 'companyKnowsTime')}</li>
    </ul>
    <p>${say(language, 'companyKnowsNot', { company })}</p>
    <form class="form" method="post" action="${inLanguage(language, `/pay/${reference}/payments`)}">
      <div class="actions">
        <button class="usa-button" type="submit">${say(language, 'companyGo', { amount, company })}</button>
      </div>
    </form>
  </section>`
}

/** Where the company sends the person back to. It says the same whether or not she paid: the receipt knows. */
export function backPage(city: City, language: Language, reference: PaymentReference, company: string): Html {
  const title = say(language, 'doneTitle')
  const body = html`<div class="wrap page">
    <h1>${title}</h1>
    <p class="lead">${say(language, 'doneLead', { company })}</p>
    <form method="get" action="${inLanguage(language, '/receipt')}">
      <p><button class="usa-button" type="submit">${say(language, 'doneReceipt')}</button></p>
    </form>
    <p>
      ${say(language, 'doneAgain')}
      <a href="${inLanguage(language, `/pay/${reference}`)}">${say(language, 'doneAgainLink')}</a>
    </p>
  </div>`
  return page({ city, language, path: `/pay/${reference}/done`, title, body, personal: true })
}
