import type { City, Programme, Session } from '../../../city/index.ts'
import { factsList, page } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { say } from '../messages.ts'
import type { Stage, Standing } from '../standing.ts'
import { hoursWords, meetingWords, momentOf, spanWords } from '../when.ts'
import { afterWords } from './programme.ts'
import type { SessionsView } from './session-rows.ts'
import { isOpen } from './session-rows.ts'
import { agesWords, cancelWords, deskLinks, pricesWords, stageWords } from './words.ts'

/** What meets every day for a year is not written out whole: its calendar has it. */
const mostDays = 24

export type SessionView = SessionsView & Readonly<{ session: Session; kept: (session: Session) => Standing['kept'] }>

/** `/activities/{programme}/{session}`: everything to know before signing up, and the way to do it. */
export function sessionPage(language: Language, view: SessionView): Html {
  const { city, session } = view
  const programme = city.activities.programmes.get(session.programme) as Programme
  const stage = view.stage(session)
  const path = `/activities/${programme.id}/${session.id}`
  const title = `${programme.name[language]}, ${spanWords(language, session)}`
  const body = html`<div class="wrap page">
    <p><a class="onward" href="${inLanguage(language, `/activities/${programme.id}`)}">${programme.name[language]}</a></p>
    <h1>${programme.name[language]}</h1>
    <p class="lead">${spanWords(language, session)}<br />${hoursWords(language, session)}</p>
    <div class="joining ${isOpen(stage) ? 'now' : 'later'}">${joining(city, language, { programme, session, stage })}${keptPart(language, view, programme)}</div>
    ${session.lottery && html`<p><a class="onward" href="${inLanguage(language, `${path}/draw`)}">${say(language, 'drawSee')}</a></p>`}
    ${facts(language, view, programme)}
    ${programme.waiver && waiverPart(language, programme.waiver[language])}
    <section class="block" aria-labelledby="days">
      <h2 id="days">${say(language, 'days', { count: session.meetings.length })}</h2>
      <ol class="meetings">
        ${session.meetings.slice(0, mostDays).map((meeting) => html`<li>${meetingWords(language, city.timeZone, meeting)}</li> `)}
      </ol>
      ${session.meetings.length > mostDays && html`<p>${say(language, 'daysMore', { count: session.meetings.length - mostDays })}</p>`}
      <p><a class="onward" href="${inLanguage(language, `${path}/calendar.ics`)}">${say(language, 'followOne')}</a></p>
    </section>
    <p class="soft">${say.rich(language, 'ask', deskLinks(city, language, programme))}</p>
  </div>`
  return page({ city, language, path, title, description: programme.about[language], body })
}

type Joining = Readonly<{ programme: Programme; session: Session; stage: Stage }>

/** How it stands, and what one can do about it now. */
function joining(city: City, language: Language, { programme, session, stage }: Joining): Html {
  const says = html`<p class="stands">${stageWords(city, language, session, stage)}</p>`
  if (!isOpen(stage)) return html`${says}${stage.stage === 'drawing' && html`<p>${say(language, 'drawingNote')}</p>`}`
  const notes = {
    open: say(language, 'openNote'),
    full: say(language, 'fullNote', { hours: programme.offer }),
    lottery: say(language, 'lotteryNote', { at: momentOf(language, city.timeZone, session.closes) }),
  }
  const note = stage.stage in notes ? notes[stage.stage as keyof typeof notes] : ''
  return html`${says}
    <p>${note}</p>
    ${programme.form !== undefined && adults(language, programme, session)}
    ${programme.ages.from < 18 && children(language, session)}`
}

/** Places that only a clerk gives, while there are any. */
function keptPart(language: Language, { city, session, kept }: SessionView, programme: Programme): Html | undefined {
  const its = kept(session)
  if (!its) return undefined
  const until = momentOf(language, city.timeZone, its.until)
  return html`<p class="soft">${say.rich(language, 'keptFor', { places: its.places, until, ...deskLinks(city, language, programme) })}</p>`
}

const adults = (language: Language, { form, ages }: Programme, { id }: Session): Html =>
  html`<p>
    <a class="usa-button" rel="nofollow" href="${inLanguage(language, `/forms/${form ?? ''}?session=${id}`)}"
      >${say(language, ages.from < 18 ? 'joinAdult' : 'join')}</a
    >
  </p>`

const children = (language: Language, { id }: Session): Html =>
  html`<p>
      <a class="usa-button" rel="nofollow" href="${inLanguage(language, `/me/activities/${id}`)}"
        >${say(language, 'joinChild')}</a
      >
    </p>
    <p class="soft">${say(language, 'joinChildNote')} ${say(language, 'together')}</p>`

function facts(language: Language, { city, session }: SessionView, programme: Programme): Html {
  const venue = city.activities.venues.get(session.venue)
  return factsList([
    venue && [say(language, 'where'), html`${venue.name[language]}<br /><span class="soft">${venue.address}</span>`],
    [
      say(language, 'forWhom'),
      html`${agesWords(language, programme.ages)}<br /><span class="soft">${say(language, 'agesOn')}</span>`,
    ],
    programme.after.length > 0 && [say(language, 'before'), afterWords(language, { city, programme })],
    [say(language, 'placesAll'), String(session.places)],
    [say(language, 'price'), pricesWords(language, programme)],
    [say(language, 'cancelling'), cancelWords(language, programme)],
    [say(language, 'registration'), registration(language, city, session)],
  ])
}

function registration(language: Language, { timeZone }: City, { opens, closes, lottery }: Session): Html {
  const from = momentOf(language, timeZone, opens)
  const until = momentOf(language, timeZone, closes)
  return html`${say(language, 'registrationFromTo', { from, until })}${lottery && html`<br />${say(language, 'registrationLottery')}`}`
}

const waiverPart = (language: Language, words: string): Html =>
  html`<section class="block" aria-labelledby="waiver">
    <h2 id="waiver">${say(language, 'waiver')}</h2>
    <p>${words}</p>
  </section>`
