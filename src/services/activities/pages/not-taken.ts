import type { City } from '../../../city/index.ts'
import { notice, page } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import type { AcceptRefusal } from '../cancel.ts'
import type { EnrolmentInHand } from '../in-hand.ts'
import { say } from '../messages.ts'
import { enrolmentFacts } from '../receipt-panel.ts'

export type NotTaken = Exclude<AcceptRefusal, 'not-there'>
type NotTakenView = Readonly<{ city: City; enrolment: EnrolmentInHand; path: string; refused: NotTaken }>

/** Why the place that was offered could not be taken, and how it stands now: on the way back to the person's own page. */
export function notTakenPage(language: Language, { city, enrolment, path, refused }: NotTakenView): Html {
  const title = say(language, 'notTakenTitle')
  const body = html`<div class="wrap page">
    <h1>${title}</h1>
    <div role="alert">${notice('wrong', html`<p>${say(language, `notTaken_${refused}`)}</p>`)}</div>
    ${enrolmentFacts(city, language, enrolment)}
    <p><a class="onward" href="${inLanguage(language, path)}">${say(language, 'toReceipt')}</a></p>
  </div>`
  return page({ city, language, path, title, body, personal: true, wrong: true })
}
