import type { City } from '../../../city/index.ts'
import { page, phoneLink } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { say } from './messages.ts'
import { linkPath, type LinkLetters } from './receipt-link.ts'

/**
 * Before a receipt is made. Programs that look at the links of a mail use nothing up: only the button does. Whether the
 * link is good is not told before.
 */
export function makePage(city: City, language: Language, letters: LinkLetters): Html {
  const title = say(language, 'title')
  const body = html`<div class="wrap page">
    <h1>${title}</h1>
    <p class="lead">${say(language, 'lead')}</p>
    <h2>${say(language, 'gives')}</h2>
    <ul>
      <li>${say(language, 'answers')}</li>
      <li>${say(language, 'looks')}</li>
      <li>${say(language, 'write')}</li>
    </ul>
    <p>${say(language, 'once')}</p>
    <form method="post" action="${linkPath(language, letters)}">
      <div class="actions"><button class="usa-button" type="submit">${say(language, 'make')}</button></div>
    </form>
  </div>`
  return page({ city, language, path: `/receipt/mail/${letters}`, title, body })
}

/** The link was used, is too old, or never was; or it has to wait a moment. */
export function noReceiptPage(city: City, language: Language, refused: 'past' | 'later'): Html {
  const title = say(language, `${refused}Title`)
  const body = html`<div class="wrap page">
    <h1>${title}</h1>
    <p class="lead">${say(language, refused)}</p>
    ${
      refused === 'past' &&
      html`<p>${say.rich(language, 'notYou', { phone: phoneLink(city.contact.phone) })}</p>
        <p><a class="usa-button" href="${inLanguage(language, '/receipt')}">${say(language, 'enter')}</a></p>`
    }
  </div>`
  return page({ city, language, path: '/receipt', title, body, wrong: true })
}
