import type { City } from '../../../city/index.ts'
import { factsList, page } from '../../../city/look/index.ts'
import { html, type Html, type Language } from '../../../plumbing/index.ts'
import { say } from '../messages.ts'
import { publishedKey } from '../signer.ts'
import type { Survey } from '../survey.ts'

/** The key under which every ticket of this survey is signed, to be compared. */
export function keyPage(city: City, language: Language, survey: Survey, publicKey: Buffer): Html {
  const key = publishedKey(publicKey)
  const body = html`<div class="wrap page">
    <h1>${say(language, 'keyTitle')}</h1>
    <p class="lead">${say(language, 'keyLead')}</p>
    <p>${say(language, 'invitationLead')}</p>
    <p>${say(language, 'keySteps')}</p>
    ${factsList([
      [say(language, 'keyHash'), html`<code class="long">${key.sha256}</code>`],
      [say(language, 'keySpki'), html`<code class="long">${key.spki}</code>`],
    ])}
    <p>${say(language, 'keyNot')}</p>
  </div>`
  return page({ city, language, path: `/surveys/${survey.id}/key`, title: say(language, 'keyTitle'), body })
}
