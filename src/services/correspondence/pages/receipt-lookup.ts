import type { City } from '../../../city/index.ts'
import { errorSummary, field, page, phoneLink } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { say } from './receipt-messages.ts'

export interface LookupState {
  readonly typed?: string
  readonly error?: 'not-a-code' | 'slip' | 'unknown'
}

/** Where a receipt code is typed. It is posted, so that a code with a slip stands in no address and no history. */
export function receiptLookupPage({ city }: { city: City }, language: Language, state: LookupState = {}): Html {
  const error = state.error && say(language, `lookupError-${state.error}`)
  const title = say(language, 'lookupTitle')
  const body = html`<div class="wrap page">
    ${errorSummary(language, error ? [{ name: 'code', says: error }] : [], 'asked')}
    <h1>${title}</h1>
    <p class="lead">${say(language, 'lookupLead')}</p>
    <form class="form" method="post" action="${inLanguage(language, '/receipt')}" novalidate>
      ${field(language, {
        name: 'code',
        label: say(language, 'lookupLabel'),
        hint: say(language, 'lookupHint'),
        control: { kind: 'digits' },
        needed: true,
        value: state.typed ?? '',
        autocomplete: 'off',
        ...(error !== undefined && { error }),
      })}
      <div class="actions"><button class="usa-button" type="submit">${say(language, 'lookupGo')}</button></div>
    </form>
    <h2 class="later">${say(language, 'lookupLost')}</h2>
    <p>${say.rich(language, 'lookupLostSays', { phone: phoneLink(city.contact.phone) })}</p>
  </div>`
  return page({ city, language, path: '/receipt', title, body, wrong: error !== undefined })
}
