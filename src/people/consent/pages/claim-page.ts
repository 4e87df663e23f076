import type { City } from '../../../city/index.ts'
import { errorSummary, field, page } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { say } from '../own/messages.ts'

type ClaimView = Readonly<{ city: City; language: Language; /** What opened nothing. */ typed?: string }>

/** The code of a letter on paper, in place of a link. */
export function claimPage({ city, language, typed }: ClaimView): Html {
  const path = '/me/consents/code'
  const title = say(language, 'claimTitle')
  const error = typed === undefined ? undefined : say(language, 'claimWrong')
  const body = html`<div class="wrap page own consent">
    <p><a class="back" href="${inLanguage(language, '/me')}">${say(language, 'back')}</a></p>
    ${errorSummary(language, error === undefined ? [] : [{ name: 'code', says: error }])}
    <h1>${title}</h1>
    <p class="lead">${say(language, 'claimLead')}</p>
    <form class="form" method="post" action="${inLanguage(language, path)}" novalidate>
      ${field(language, {
        name: 'code',
        label: say(language, 'claimLabel'),
        hint: say(language, 'claimHint'),
        control: { kind: 'digits' },
        needed: true,
        value: typed ?? '',
        autocomplete: 'off',
        ...(error !== undefined && { error }),
      })}
      <div class="actions"><button class="usa-button" type="submit">${say(language, 'claimGo')}</button></div>
    </form>
    <p class="soft">${say(language, 'claimElse', { address: city.contact.address, phone: city.contact.phone })}</p>
  </div>`
  return page({ city, language, path, title, body, personal: true, signedIn: true, wrong: error !== undefined })
}
