import type { City } from '../../../city/index.ts'
import { deskPage, factsList, moment, notice } from '../../../city/look/index.ts'
import { html, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import { consequencesList, type ConsequenceWords, type Line } from '../pages/consequence-words.ts'
import { say } from './messages.ts'
import type { Party, ToSettle } from './on-desk.ts'
import { openForm } from './request-page.ts'

export type ConflictView = Readonly<{
  city: City
  staff: Staff
  conflict: ToSettle
  parties: readonly Party[]
  /** What taking it back would bring about. */
  lines: readonly Line[]
  digest: string
  words: readonly ConsequenceWords[]
  changed?: boolean
}>

/** Two guardians who do not agree: how to reach both, and the two ways to settle it. */
export function conflictPage(view: ConflictView): Html {
  const { city, staff, conflict, parties, lines, digest, words, changed } = view
  const at = `/desk/consents/conflicts/${conflict.consent}`
  const about = [{ id: conflict.consent, title: `${conflict.title.en}: ${conflict.purpose.en}`, kept: '' }]
  const main = html`<article class="consents">
    <p><a class="back" href="/desk/consents" data-key="u">${say('en', 'back')}</a></p>
    ${changed && html`<div role="alert">${notice('wrong', html`<p>${say('en', 'changed')}</p>`)}</div>`}
    <h1>${say('en', 'conflictTitle')}</h1>
    <p class="soft">${conflict.title.en}: ${conflict.purpose.en} · ${moment('en', conflict.at, city.timeZone)}</p>
    <p>${say('en', 'conflictLead')}</p>
    ${
      parties.length === 0
        ? openForm({ city, staff, request: { id: `conflicts/${conflict.consent}` } }, 'openings')
        : factsList(
            parties.map(({ wants, contact }) => [
              say('en', wants ? 'party' : 'partyNo'),
              html`<strong>${contact.name}</strong><br />${contact.email || contact.address}${contact.telephone && html`<br />${contact.telephone}`}`,
            ]),
          )
    }
    <section class="record" aria-labelledby="go-on">
      <h2 id="go-on">${say('en', 'goOnTitle')}</h2>
      <form method="post" action="${at}/goings-on">
        <button class="button outline" type="submit">${say('en', 'goOn')}</button>
      </form>
    </section>
    <section class="record" aria-labelledby="take-back">
      <h2 id="take-back">${say('en', 'takeBackTitle')}</h2>
      <p>${say('en', 'takeBackLead')}</p>
      ${consequencesList(city, 'en', lines, about, words)}
      <form method="post" action="${at}/revocations">
        <input type="hidden" name="seen" value="${digest}" />
        <button class="button outline" type="submit">${say('en', 'takeBack')}</button>
      </form>
    </section>
  </article>`
  return deskPage({ city, staff, here: 'consents', title: say('en', 'conflictTitle'), main, wrong: changed === true })
}
