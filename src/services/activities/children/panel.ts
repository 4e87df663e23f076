import type { City, SessionId } from '../../../city/index.ts'
import type { ConsequenceWords } from '../../../people/consent/index.ts'
import { press, type HomePanel } from '../../../people/residents/index.ts'
import { html, inLanguage, sql, type Html, type Language } from '../../../plumbing/index.ts'
import type { Keys } from '../../../trust/vault/index.ts'
import { enrolmentsInHand, isLive, type EnrolmentInHand } from '../in-hand.ts'
import { say as sayPublic } from '../messages.ts'
import { standingWords } from '../pages/standing.ts'
import { moneyWords } from '../pages/words.ts'
import { enrolmentsCopied } from './copy.ts'
import { say } from './messages.ts'
import { sessionOf, signUpPath } from './notice.ts'
import { stageOfChild, type ChildConsent } from './standing.ts'
import { whatWords } from './what-words.ts'

/** Under each child on a guardian's page: what she takes part in, how it stands, what can be done, what is still to be finished. */
export function childrenPanel({ city, keys }: Readonly<{ city: City; keys: Keys }>): HomePanel {
  return {
    ofChild: async (tx, { child, language }) => {
      const its = (await enrolmentsInHand(tx)).filter((one) => one.child === child.id).reverse()
      const consents = (
        await tx.rows<ChildConsent & { thing: string }>(
          sql`select id, child, request, purpose, needed, state, thing from consent.of_hers()
            where thing like 'activity:%' and state in ('given', 'in-force', 'frozen', 'passed')`,
        )
      ).filter((one) => one.child === child.id)
      const open = [...new Set(consents.map(({ thing }) => thing))].flatMap((thing) =>
        openIn(city, thing, its, consents),
      )
      return html`<p><strong>${say(language, 'panelTitle')}</strong></p>
        ${its.length > 0 && html`<ul>${its.map((one) => enrolment(city, language, one))}</ul>`}
        ${open.map(
          ({ id, what }) =>
            html`<p><a class="onward" href="${inLanguage(language, signUpPath(id, child.id))}">${say(language, 'panelReady', { what: what[language] })}</a></p>`,
        )}
        <p><a class="onward" href="${inLanguage(language, '/activities')}">${say(language, 'find', { name: child.about.firstName })}</a></p>`
    },
    // Of somebody who came of age: what she takes part in herself.
    atHome: async (tx, { household: { was }, language }) => {
      const its = (await enrolmentsInHand(tx)).filter((one) => was.some(({ id }) => id === one.child)).reverse()
      if (its.length === 0) return undefined
      return html`<section aria-labelledby="taking-part">
        <h2 id="taking-part">${say(language, 'ownTitle')}</h2>
        <ul>
          ${its.map((one) => enrolment(city, language, one))}
        </ul>
      </section>`
    },
    held: async (tx, { household, language }) => ({
      activities: await enrolmentsCopied(tx, keys, [...household.children, ...household.was], { city, language }),
    }),
  }
}

function enrolment(city: City, language: Language, one: EnrolmentInHand): Html {
  const at = `/me/activities/${one.session}/${one.child ?? ''}`
  return html`<li>
    <strong>${whatWords(city, language, one.session)}</strong>: ${standingWords(city, language, one)}
    ${one.standing.state === 'offered' && press(language, `${at}/acceptance`, sayPublic(language, 'accept'))}
    ${isLive(one) && html`<a class="onward" href="${inLanguage(language, at)}">${say(language, 'seeAndChange')}</a>`}
  </li> `
}

/** A session to which she consented and for which nobody was signed up yet. */
function openIn(
  city: City,
  thing: string,
  its: readonly EnrolmentInHand[],
  consents: readonly (ChildConsent & { thing: string })[],
) {
  const session = city.activities.sessions.get(sessionOf(thing) ?? ('' as SessionId))
  const programme = session && city.activities.programmes.get(session.programme)
  if (!session || !programme || its.some((one) => one.session === session.id)) return []
  const stage = stageOfChild(programme, consents.filter((one) => one.thing === thing)) // prettier-ignore
  return stage.stage === 'not-asked' ? [] : [{ id: session.id, what: programme.name }]
}

const codes = ['place-ends', 'place-offered', 'takes-part-on', 'paid-back'] as const

/** In a guardian's words, what the end of a consent does to taking part (`consent.follow_activities`). */
export const activityConsequenceWords: ConsequenceWords = ({ code, detail }, language) => {
  const known = codes.find((one) => one === code)
  const cents = Number(/cents=(\d+)/.exec(detail ?? '')?.[1] ?? 0)
  return known && say(language, known, { amount: moneyWords(language, cents) })
}
