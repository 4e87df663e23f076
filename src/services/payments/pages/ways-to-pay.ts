import type { City } from '../../../city/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { rulesOf } from '../house.ts'
import { say } from '../messages.ts'
import { sayMoney, type Money } from '../money.ts'
import { inGroups, type PaymentReference } from '../reference.ts'

type Owed = Readonly<{ reference: PaymentReference; amount: Money; online: boolean }>

/** The number to give, large, and every way to pay: at the counter, by mail, from a bank, online where the city has it. */
export function waysToPay(city: City, language: Language, { reference, amount, online }: Owed): Html {
  return html`<section class="code">
      <h3>${say(language, 'reference')}</h3>
      <p class="digits">${inGroups(reference)
        .split(' ')
        .map((group) => html`<span>${group}</span> `)}</p>
      <p>${say(language, 'referenceWhy')}</p>
    </section>
    ${
      online &&
      html`<form class="screen" method="get" action="${inLanguage(language, `/pay/${reference}`)}">
        <p>
          <button class="usa-button" type="submit">
            ${say(language, 'payOnlineLink', { amount: sayMoney(language, amount) })}
          </button>
        </p>
      </form>`
    }
    ${otherWays(city, language)}`
}

export function otherWays(city: City, language: Language): Html {
  const { counter, check, bank } = rulesOf(city)
  const takes = {
    address: counter.address,
    hours: counter.hours[language].replace(/\.$/, ''),
    takes: counter.takes[language],
  }
  return html`<dl class="facts">
    <div>
      <dt>${say(language, 'payCounter')}</dt>
      <dd>${say(language, 'payCounterSays', takes)}</dd>
    </div>
    ${
      check &&
      html`<div>
        <dt>${say(language, 'payCheck')}</dt>
        <dd>${say(language, 'payCheckSays', { name: check.payableTo, address: check.address })}</dd>
      </div>`
    }
    ${
      bank &&
      html`<div>
        <dt>${say(language, 'payBank')}</dt>
        <dd>${bank[language]}</dd>
      </div>`
    }
  </dl>`
}
