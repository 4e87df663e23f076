import { mayDo, type City, type Programme } from '../../city/index.ts'
import { factsList, moment, notice, paragraphs } from '../../city/look/index.ts'
import { html, inLanguage, type Clock, type Html, type Language } from '../../plumbing/index.ts'
import type { Keys } from '../../trust/vault/index.ts'
import type { CasePanel, SeenOnDesk, SeenOnReceipt } from '../correspondence/index.ts'
import { enrolmentsInHand, isLive, type Before, type EnrolmentInHand } from './in-hand.ts'
import { messagesInHand, type SessionMessage } from './message.ts'
import { say } from './messages.ts'
import { backWords, standingWords } from './pages/standing.ts'
import { deskLinks, moneyWords } from './pages/words.ts'
import { hoursWords, spanWords } from './when.ts'

type House = Readonly<{ city: City; clock: Clock; keys: Keys }>

/**
 * On the person's own page, at its top: what she has signed up for, how it stands, and what she can do. On the desk: the same
 * in a line, with the way to the session for who runs it.
 */
export function enrolmentPanel(house: House): CasePanel {
  return {
    topOfReceipt: async (tx, seen) => {
      const enrolments = await enrolmentsInHand(tx)
      if (enrolments.length === 0) return undefined
      const messages = await messagesInHand(tx, house.keys)
      return html`<section class="bookings" id="enrolment">
        <h2>${say(seen.language, 'panelTitle')}</h2>
        ${enrolments.map((one) => enrolmentPart(house, seen, one))}
        ${messages.map((one) => messagePart(house.city, seen.language, one))}
      </section>`
    },
    onDesk: async (tx, seen) =>
      seen.beside.has('activities') ? onDesk(house.city, seen, await enrolmentsInHand(tx)) : undefined,
  }
}

/** What was written to everybody in her session. */
export const messagePart = ({ timeZone }: City, language: Language, { words, at }: SessionMessage): Html =>
  notice(
    'note',
    html`<p class="soft">${say(language, 'messageOf')} ${moment(language, at, timeZone)}</p>${paragraphs(words)}`,
  )

function onDesk(city: City, { staff }: SeenOnDesk, enrolments: readonly EnrolmentInHand[]): Html | undefined {
  if (enrolments.length === 0) return undefined
  const runs = mayDo(city, staff.duties, 'run-activities')
  return html`<section class="record" aria-labelledby="enrolled">
    <h2 id="enrolled">${say('en', 'panelTitle')}</h2>
    <ul>
      ${enrolments.map((one) => {
        const words = titleOf(city, 'en', one)
        return html`<li>
          ${runs ? html`<a href="/desk/activities/${one.session}">${words}</a>` : words}: ${standingWords(city, 'en', one)}
        </li> `
      })}
    </ul>
  </section>`
}

function titleOf(city: City, language: Language, { session: id }: EnrolmentInHand): string {
  const session = city.activities.sessions.get(id)
  const programme = session && city.activities.programmes.get(session.programme)
  return session && programme ? `${programme.name[language]}, ${spanWords(language, session)}` : id
}

function enrolmentPart({ city }: House, { language, path }: SeenOnReceipt, one: EnrolmentInHand): Html {
  const at = inLanguage(language, `${path}/enrolments/${one.id}`)
  const { state } = one.standing
  return html`<div class="booking">
    ${enrolmentFacts(city, language, one)} ${one.waiver && agreed(language, one.waiver[language])}
    ${
      isLive(one) &&
      html`<div class="screen actions">
        ${
          state === 'offered' &&
          html`<form method="post" action="${at}/acceptance">
            <button class="usa-button" type="submit">${say(language, 'accept')}</button>
          </form>`
        }
        <a class="usa-button usa-button--outline" href="${at}/cancellation">${say(language, state === 'offered' ? 'decline' : 'cancel')}</a>
      </div>`
    }
  </div>`
}

/** The very words she agreed to, as they were then. */
export const agreed = (language: Language, words: string): Html =>
  html`<details>
    <summary>${say(language, 'agreedTo')}</summary>
    <p>${words}</p>
  </details>`

/** What, when, where, what it costs, and how it stands. */
export function enrolmentFacts(city: City, language: Language, one: EnrolmentInHand): Html {
  const session = city.activities.sessions.get(one.session)
  const programme = session && city.activities.programmes.get(session.programme)
  const venue = session && city.activities.venues.get(session.venue)
  const href = session && inLanguage(language, `/activities/${session.programme}/${session.id}`)
  return factsList([
    [say(language, 'what'), href && programme ? html`<a href="${href}">${programme.name[language]}</a>` : one.session],
    session && [
      say(language, 'when'),
      html`<strong>${spanWords(language, session)}</strong><br />${hoursWords(language, session)}`,
    ],
    venue && [say(language, 'where'), html`${venue.name[language]}<br /><span class="soft">${venue.address}</span>`],
    one.price !== undefined && [say(language, 'price'), moneyWords(language, one.price)],
    one.before !== undefined &&
      programme && [say(language, 'before'), beforeWords(city, language, one.before, programme)],
    [
      say(language, 'howItStands'),
      [standingWords(city, language, one), backWords(city, language, one)].filter(Boolean).join(' '),
    ],
    (one.standing.state === 'lottery' || one.drawn !== undefined) && [
      say(language, 'ticket'),
      ticket(language, one, href),
    ],
  ])
}

/** What has to be done first, and whether we know that it is. */
const beforeWords = (city: City, language: Language, before: Before, programme: Programme): Html =>
  html`${programme.after.map((id) => city.activities.programmes.get(id)?.name[language]).join(say(language, 'or'))}<br />
    <span class="soft">${before === 'said' ? say.rich(language, 'before_said', deskLinks(city, language, programme)) : say(language, `before_${before}`)}</span>`

const ticket = (language: Language, { ticket: number, drawn }: EnrolmentInHand, href = ''): Html =>
  html`<code>${number}</code>${drawn !== undefined && html`<br /><a href="${href}/draw">${say(language, 'ticketDrawn', { drawn })}</a>`}`
