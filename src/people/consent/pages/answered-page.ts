import { notice as noticeBox, page } from '../../../city/look/index.ts'
import { html, inLanguage, type Html } from '../../../plumbing/index.ts'
import { say } from '../own/messages.ts'
import type { RequestView } from './request-page.ts'

type View = Pick<RequestView, 'city' | 'language' | 'request' | 'kept' | 'firstName'>

/** She said no: nothing is left. */
export function declinedPage({ city, language, request }: View): Html {
  const title = say(language, 'declinedTitle')
  const body = html`<div class="wrap page own consent">
    <h1>${title}</h1>
    ${noticeBox('done', html`<p>${say(language, 'declinedLead')}</p>`)}
    <p><a class="back" href="${inLanguage(language, '/me')}">${say(language, 'back')}</a></p>
  </div>`
  return page({
    city,
    language,
    path: `/me/consents/requests/${request.id}`,
    title,
    body,
    personal: true,
    signedIn: true,
  })
}

/** She said yes, and has shown before who she is. */
export function donePage(view: View, to: Readonly<{ child: string; onward: string | undefined }>): Html {
  const { city, language, request, kept, firstName } = view
  const title = say(language, 'doneTitle')
  const thing = kept.notice.title[language]
  const onward =
    to.onward !== undefined &&
    html`<p>
      <a class="usa-button" href="${inLanguage(language, to.onward)}">${say(language, 'doneOnward', { thing })}</a>
    </p>`
  const body = html`<div class="wrap page own consent">
    <h1>${title}</h1>
    ${noticeBox('done', html`<p>${say(language, onward ? 'doneForceOnward' : 'doneForce', { child: firstName })}</p>`)}
    ${onward}
    <p><a class="onward" href="${inLanguage(language, to.child)}">${say(language, 'backToChild', { child: firstName })}</a></p>
    <p class="soft">${say(language, 'howToRevoke')}</p>
  </div>`
  return page({
    city,
    language,
    path: `/me/consents/requests/${request.id}`,
    title,
    body,
    personal: true,
    signedIn: true,
  })
}
