import type { City } from '../../../city/index.ts'
import { factsList, moment, notice as noticeBox, page } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import type { ChildId } from '../../residents/index.ts'
import type { ReceiptOfHers } from '../own/read.ts'
import { say } from '../own/revoke-messages.ts'
import { consequencesList, type About, type ConsequenceWords, type Line } from './consequence-words.ts'

export type RevocationView = Readonly<{
  city: City
  language: Language
  child: ChildId
  about: readonly About[]
  lines: readonly Line[]
  digest: string
  words: readonly ConsequenceWords[]
  changed?: boolean
}>

/** What would follow, before anything is done. */
export function revocationPage(view: RevocationView): Html {
  const { city, language, child, about, lines, digest, words, changed } = view
  const title = say(language, 'title')
  const path = `/me/consents/${child}/revocation`
  const body = html`<div class="wrap page own consent">
    ${changed && html`<div role="alert">${noticeBox('wrong', html`<p>${say(language, 'changed')}</p>`)}</div>`}
    <h1>${title}</h1>
    <p class="lead">${say(language, 'lead')}</p>
    <h2>${say(language, 'takeBack')}</h2>
    ${consequencesList(city, language, lines, about, words)}
    <form class="form actions" method="post" action="${inLanguage(language, path)}">
      <input type="hidden" name="seen" value="${digest}" />
      ${about.map(({ id }) => html`<input type="hidden" name="consent-${id}" value="yes" />`)}
      <button class="usa-button" type="submit">${say(language, 'go')}</button>
      <a class="usa-button usa-button--outline" href="${inLanguage(language, `/me/consents/${child}`)}"
        >${say(language, 'backToChild')}</a
      >
    </form>
  </div>`
  return page({ city, language, path, title, body, personal: true, signedIn: true, wrong: changed === true })
}

export type ReceiptView = Readonly<{
  city: City
  language: Language
  receipt: ReceiptOfHers
  about: readonly About[]
  lines: readonly Line[]
  words: readonly ConsequenceWords[]
  back: string
}>

/** What was done, line by line, and how anybody can check that this is what was said. */
export function receiptPage(view: ReceiptView): Html {
  const { city, language, receipt, about, lines, words, back } = view
  const title = say(language, 'receiptTitle')
  const path = `/me/consents/${receipt.child}/receipts/${receipt.id}`
  const at = (rest: string) => inLanguage(language, `${path}/${rest}`)
  const body = html`<div class="wrap page own consent">
    <p class="screen"><a class="back" href="${inLanguage(language, `/me/consents/${receipt.child}`)}">${back}</a></p>
    <h1>${title}</h1>
    <p class="lead">${say.rich(language, 'receiptLead', { date: moment(language, receipt.at, city.timeZone) })}</p>
    <h2>${say(language, 'receiptDone')}</h2>
    ${consequencesList(city, language, lines, about, words)}
    <h2>${say(language, 'receiptProof')}</h2>
    <p>${say(language, 'receiptProofSays')}</p>
    ${factsList([
      [say(language, 'receiptNumber'), html`<code>${receipt.id}</code>`],
      [say(language, 'fingerprint'), html`<code class="long">${receipt.hash}</code>`],
    ])}
    <p class="actions screen">
      <a class="usa-button usa-button--outline" href="${at('file')}" download>${say(language, 'receiptFile')}</a>
      <a class="usa-button usa-button--outline" href="${at('proof')}" download>${say(language, 'proofFile')}</a>
    </p>
    <p class="soft">${say(language, 'receiptUndo')}</p>
  </div>`
  return page({ city, language, path, title, body, personal: true, signedIn: true })
}
