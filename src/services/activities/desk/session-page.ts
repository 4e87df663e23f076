import type { City, Session } from '../../../city/index.ts'
import { deskPage, moment } from '../../../city/look/index.ts'
import { html, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import { moneyWords } from '../pages/words.ts'
import { callOffReasons } from '../standing.ts'
import { hoursWords, momentOf, spanWords } from '../when.ts'
import { say } from './messages.ts'
import { nameOf } from './overview-page.ts'
import { writeForm } from './write-part.ts'
import { keptReasons, putOutReasons, type RunEnrolment, type RunSession } from './run.ts'

export type SessionDeskView = Readonly<{
  city: City
  staff: Staff
  session: Session
  run: RunSession
  enrolments: readonly RunEnrolment[]
  /** Makes a message that is sent twice one. */
  messageId: string
  said?: string
  refused?: string
  /** What was typed, where it was refused. */
  words?: string
}>

const liveStates: readonly RunEnrolment['state'][] = ['lottery', 'waiting', 'offered', 'held', 'enrolled']
const isLive = ({ state }: RunEnrolment): boolean => liveStates.includes(state)

/** `/desk/activities/{session}`: who signed up, by case number; writing to everybody; cancelling with what goes back. */
export function sessionDeskPage(view: SessionDeskView): Html {
  const { city, staff, session, run, said, refused } = view
  const title = `${nameOf(city, session.id)}, ${spanWords('en', session)}`
  const main = html`<p class="back-line"><a href="/desk/activities" data-key="u">${say('en', 'back')}</a></p>
    <h1>${nameOf(city, session.id)}</h1>
    ${refused !== undefined && html`<p class="refused" role="alert">${refused}</p>`}
    ${refused === undefined && said !== undefined && html`<p class="said" role="status">${said}</p>`}
    <p>
      ${spanWords('en', session)}, ${hoursWords('en', session)}<br />
      <a class="onward" href="/activities/${session.programme}/${session.id}">${say('en', 'publicPage')}</a>
    </p>
    ${run.calledOff && html`<p><strong>${say('en', 'calledOff', { because: say('en', `because_${run.calledOff}`) })}</strong></p>`}
    ${run.kept > 0 && run.keptUntil && html`<p>${say('en', 'keptNote', { count: run.kept, until: momentOf('en', city.timeZone, run.keptUntil) })}</p>`}
    <h2 id="enrolments">${say('en', 'enrolments')}</h2>
    ${enrolmentsPart(view)} ${!run.calledOff && html`<h2 id="write">${say('en', 'writeTitle')}</h2>${writeForm(view, `/desk/activities/${session.id}/messages`)}${callOffPart(view)}`}`
  return deskPage({ city, staff, here: 'activities', title, main, wrong: refused !== undefined })
}

function enrolmentsPart({ city, session, run, enrolments }: SessionDeskView): Html {
  if (enrolments.length === 0) return html`<p class="soft">${say('en', 'nobody')}</p>`
  return html`<div class="wide">
    <table class="table">
      <thead>
        <tr>
          <th scope="col">${say('en', 'number')}</th>
          <th scope="col">${say('en', 'state')}</th>
          <th scope="col">${say('en', 'since')}</th>
          <th scope="col">${say('en', 'days')}</th>
          <th scope="col">${say('en', 'putOut')}</th>
        </tr>
      </thead>
      <tbody>
        ${enrolments.map(
          (one) =>
            html`<tr>
              <td>${one.caseId ? html`<a href="/desk/cases/${one.caseId}">${one.number}</a>` : one.number}</td>
              <td>${stateWords(city, one)}${notes(session, one)}</td>
              <td class="nowrap">${moment('en', one.madeAt, city.timeZone)}</td>
              <td>${one.daysNoted > 0 ? say('en', 'daysOf', { came: one.daysCame, noted: one.daysNoted }) : '–'}</td>
              <td>${isLive(one) && html`${putOutForm(session, one)}${run.kept > 0 && canBeGiven(one) && keptForm(session, one)}`}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`
}

const stateWords = ({ timeZone }: City, { state, inLine, until }: RunEnrolment): string =>
  say('en', `state_${state}`, {
    number: inLine ?? '',
    until: until ? momentOf('en', timeZone, until) : '',
  })

/** With whom she waits, and what is still to be shown: the clerk looks at it, and nothing is kept of it. */
function notes(session: Session, { id, version, number, before, together, state }: RunEnrolment): Html {
  return html`${together !== undefined && html`<br /><span class="soft">${say('en', 'together', { count: together })}</span>`}
  ${before === 'shown' && html`<br /><span class="soft">${say('en', 'beforeShown')}</span>`}
  ${
    before === 'said' &&
    liveStates.includes(state) &&
    html`<form class="row" method="post" action="/desk/activities/${session.id}/enrolments/${id}/shown">
      <input type="hidden" name="version" value="${version}" />
      <span class="soft">${say('en', 'beforeSaid')}</span>
      <button class="quiet" type="submit">${say('en', 'beforeDo')}<span class="unseen"> ${number}</span></button>
    </form>`
  }`
}

const canBeGiven = ({ state }: RunEnrolment): boolean => state === 'waiting' || state === 'lottery'

function keptForm(session: Session, { id, version, number }: RunEnrolment): Html {
  return html`<form class="row" method="post" action="/desk/activities/${session.id}/enrolments/${id}/kept-places">
    <input type="hidden" name="version" value="${version}" />
    <label class="unseen" for="kept-${id}">${say('en', 'keptBecause')}, ${number}</label>
    <select id="kept-${id}" name="because">
      <option value="">${say('en', 'keptBecause')}</option>
      ${keptReasons.map((reason) => html`<option value="${reason}">${say('en', `kept_${reason}`)}</option> `)}
    </select>
    <button class="quiet" type="submit">${say('en', 'keptDo')}<span class="unseen"> ${number}</span></button>
  </form>`
}

function putOutForm(session: Session, { id, version, number }: RunEnrolment): Html {
  return html`<form class="row" method="post" action="/desk/activities/${session.id}/enrolments/${id}/endings">
    <input type="hidden" name="version" value="${version}" />
    <label class="unseen" for="because-${id}">${say('en', 'because')}, ${number}</label>
    <select id="because-${id}" name="because">
      <option value="">${say('en', 'because')}</option>
      ${putOutReasons.map((reason) => html`<option value="${reason}">${say('en', `because_${reason}`)}</option> `)}
    </select>
    <button class="quiet" type="submit">${say('en', 'putOut')}<span class="unseen"> ${number}</span></button>
  </form>`
}

/** What cancelling would do stands beside the button that does it; without the box checked nothing is done. */
function callOffPart({ session, run, enrolments }: SessionDeskView): Html {
  const count = enrolments.filter(isLive).length
  return html`<h2 id="call-off">${say('en', 'callOffTitle')}</h2>
    <form class="stack" method="post" action="/desk/activities/${session.id}/cancellations">
      <p>${say('en', 'callOffNote', { count, amount: moneyWords('en', run.paid) })}</p>
      <div class="ask">
        <label for="because">${say('en', 'because')}</label>
        <select id="because" name="because">
          <option value=""></option>
          ${callOffReasons.map((reason) => html`<option value="${reason}">${say('en', `because_${reason}`)}</option> `)}
        </select>
      </div>
      <ul class="roster">
        <li>
          <input type="checkbox" id="sure" name="sure" value="yes" /> <label for="sure">${say('en', 'callOffSure')}</label>
        </li>
      </ul>
      <button class="button outline" type="submit">${say('en', 'callOffDo')}</button>
    </form>`
}
