import type { Temporal } from 'temporal-polyfill'
import type { City } from '../../../city/index.ts'
import { dateWords } from '../../../city/look/index.ts'
import { ownPage, press, type ChildId } from '../../../people/residents/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { isLive, type EnrolmentInHand } from '../in-hand.ts'
import type { SessionMessage } from '../message.ts'
import { say as sayPublic } from '../messages.ts'
import { cancellationBody, cancellationRefused, type CancellationRefusal } from '../pages/cancellation.ts'
import type { NotTaken } from '../pages/not-taken.ts'
import { agreed, enrolmentFacts, messagePart } from '../receipt-panel.ts'
import { say } from './messages.ts'

export type PlaceView = Readonly<{
  city: City
  language: Language
  child: Readonly<{ id: ChildId; name: string }>
  enrolment: EnrolmentInHand
  /** Brothers and sisters who wait, or are offered places, together with her. */
  together: readonly Readonly<{ id: string; name: string; state: EnrolmentInHand['standing']['state'] }>[]
  messages: readonly SessionMessage[]
  /** The days that the leader noted. */
  days: readonly Readonly<{ day: Temporal.PlainDate; came: boolean }>[]
  refused?: NotTaken | 'again'
}>

export const addressOf = ({ child, enrolment }: Pick<PlaceView, 'child' | 'enrolment'>): string =>
  `/me/activities/${enrolment.session}/${child.id}`

/** A child's place in a session, for whoever speaks for her: how it stands, what there is to do, what was written, who came when. */
export function placePage(view: PlaceView): Html {
  const { city, language, child, enrolment, messages, refused } = view
  const body = html`${enrolmentFacts(city, language, enrolment)} ${isLive(enrolment) && actions(view)}
    ${enrolment.standing.state === 'waiting' && html`<p class="soft">${say(language, 'waitingHow')}</p>`} ${togetherPart(view)}
    ${enrolment.waiver && agreed(language, enrolment.waiver[language])}
    ${messages.map((one) => messagePart(city, language, one))} ${daysPart(view)}
    <h2>${say(language, 'consentTitle')}</h2>
    <p><a class="onward" href="${inLanguage(language, `/me/consents/${child.id}`)}">${say(language, 'toConsents')}</a></p>
    ${!isLive(enrolment) && html`<p><a class="onward" href="${inLanguage(language, '/activities')}">${say(language, 'find', { name: child.name })}</a></p>`}`
  const title = say(language, 'placeTitle', { name: child.name })
  const wrong = refused && {
    wrong: refused === 'again' ? say(language, 'refused_again') : sayPublic(language, `notTaken_${refused}`),
  }
  return ownPage(city, language, { path: addressOf(view), title, body, ...wrong })
}

function actions(view: PlaceView): Html {
  const { language, enrolment } = view
  const at = addressOf(view)
  const { state } = enrolment.standing
  return html`${enrolment.reference !== undefined && html`<p><a class="usa-button" href="${inLanguage(language, `/pay/${enrolment.reference}`)}">${say(language, 'howToPay')}</a></p>`}
    <div class="actions">
      ${state === 'offered' && acceptance(view)}
      <a class="usa-button usa-button--outline" href="${inLanguage(language, `${at}/cancellation`)}"
        >${sayPublic(language, state === 'offered' ? 'decline' : 'cancel')}</a
      >
    </div>`
}

/** Of places that are offered together: all of them by one press, or hers alone. */
function acceptance(view: PlaceView): Html {
  const { language, child, together } = view
  const at = `${addressOf(view)}/acceptance`
  const others = together.filter(({ state }) => state === 'offered').map(({ name }) => name)
  if (others.length === 0) return press(language, at, sayPublic(language, 'accept'))
  const names = new Intl.ListFormat(language).format([child.name, ...others])
  return html`${press(language, at, say(language, 'acceptAll', { names }), { together: 'yes' })}
  ${press(language, at, say(language, 'acceptOne', { name: child.name }))}`
}

function togetherPart(view: PlaceView): Html | undefined {
  const { city, language, enrolment, together } = view
  const { state } = enrolment.standing
  if (together.length === 0 || (state !== 'waiting' && state !== 'lottery')) return undefined
  const names = new Intl.ListFormat(language).format(together.map(({ name }) => name))
  return html`<h2>${say(language, 'togetherTitle', { names })}</h2>
    <p>${say(language, 'togetherRule', { hours: offerHours(city, enrolment) })}</p>
    ${state === 'waiting' && press(language, `${addressOf(view)}/waiting-alone`, say(language, 'waitAlone'))}`
}

const offerHours = ({ activities }: City, { session }: EnrolmentInHand): number =>
  activities.programmes.get(activities.sessions.get(session)?.programme ?? ('' as never))?.offer ?? 0

function daysPart({ language, days, child: { name } }: PlaceView): Html | undefined {
  if (days.length === 0) return undefined
  return html`<h2>${say(language, 'daysNoted')}</h2>
    <ul>
      ${days.map(({ day, came }) => html`<li>${say(language, came ? 'dayCame' : 'dayMissed', { day: dateWords(language, day), name })}</li> `)}
    </ul>`
}

/** What giving the place up would mean, before it is done. */
export function givingUpPage(view: PlaceView, refused?: CancellationRefusal): Html {
  const { city, language, enrolment } = view
  const back = addressOf(view)
  const at = `${back}/cancellation`
  const shown = { city, enrolment, at, back }
  const wrong = refused && { wrong: cancellationRefused(language, shown, refused) }
  const title = sayPublic(language, 'previewTitle')
  return ownPage(city, language, { path: at, title, body: cancellationBody(language, shown), ...wrong })
}
