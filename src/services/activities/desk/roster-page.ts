import type { City, Session } from '../../../city/index.ts'
import { deskPage, momentWords, type DeskModule } from '../../../city/look/index.ts'
import { attributes, html, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import type { OnRoster, Roster } from './lead.ts'
import { say } from './messages.ts'
import { writeForm } from './write-part.ts'
import { nameOf } from './overview-page.ts'

export type RosterView = Readonly<{
  city: City
  staff: Staff
  session: Session
  roster: Roster
  said?: string
  /** Makes a message that is sent twice one. */
  messageId: string
  refused?: string
  /** What was typed, where it was refused. */
  words?: string
  modules?: readonly DeskModule[]
}>

/** `/desk/activities/{session}/roster`: who comes today. Without names until they are opened; who came is marked by keyboard. */
export function rosterPage(view: RosterView): Html {
  const { city, staff, session, roster, said, refused } = view
  const at = `/desk/activities/${session.id}/roster`
  const title = `${say('en', 'rosterTitle')}: ${nameOf(city, session.id)}`
  const main = html`<p class="back-line"><a href="/desk/activities" data-key="u">${say('en', 'back')}</a></p>
    <h1>${nameOf(city, session.id)}</h1>
    ${refused !== undefined && html`<p class="refused" role="alert">${refused}</p>`}
    ${said !== undefined && html`<p class="said" role="status">${said}</p>`}
    <p>${say('en', 'rosterLead', { count: roster.people.length })}</p>
    ${
      roster.people.length > 0 &&
      html`${
        roster.openUntil
          ? html`<div class="steps">
                <span>${say('en', 'openUntil', { at: momentWords('en', roster.openUntil, city.timeZone) })}</span>
                <a class="button outline" href="${at}/print">${say('en', 'print')}</a>
              </div>`
          : html`<form method="post" action="${at}/openings">
                <p class="soft">${say('en', 'openNote')}</p>
                <button class="button" type="submit" data-key="o">${say('en', 'openNames')}</button>
              </form>`
      }
        <form class="stack" method="post" action="${at}/attendance">
          <p class="hint">${say('en', 'attendanceHint')}</p>
          <ul class="roster">
            ${roster.people.map((one) => person(city, session, one))}
          </ul>
          <p><button class="button" type="submit">${say('en', 'saveAttendance')}</button></p>
        </form>
        <details class="fold" ${attributes({ open: refused !== undefined })}>
          <summary class="quiet">${say('en', 'writeTitle')}</summary>
          ${writeForm(view, `${at}/messages`)}
        </details>`
    }`
  return deskPage({ city, staff, here: 'activities', title, main })
}

function person(city: City, session: Session, one: OnRoster): Html {
  const { id, number, paid, came, name, held = {}, toShow, version } = one
  const shown = attributes({
    type: 'submit',
    name: 'version',
    value: version,
    formaction: `/desk/activities/${session.id}/roster/shown/${id}`,
  })
  const given = attributes({ id: `came-${id}`, type: 'checkbox', name: 'came', value: id, checked: came === true })
  return html`<li>
    <input ${given} />
    <label for="came-${id}"><strong>${name ?? say('en', 'sealed')}</strong> <span class="soft">${say('en', 'number')} ${number}</span></label>
    ${!paid && html`<span class="soft">${say('en', 'unpaid')}</span>`}
    ${toShow && html`<span class="soft">${say('en', 'beforeSaid')}</span> <button class="quiet" ${shown}>${say('en', 'beforeDo')}<span class="unseen"> ${number}</span></button>`}
    ${
      Object.keys(held).some((field) => field !== 'name') &&
      html`<div class="held">
        ${asksOf(city, session)
          .filter(({ field }) => field !== 'name' && held[field] !== undefined)
          .map(({ field, label }) => html`<div><strong>${label.en}:</strong> ${held[field]}</div>`)}
      </div>`
    }
  </li> `
}

const isForChildren = (city: City, session: Session) => asksOf(city, session).some(({ field }) => field === 'pickup')

const asksOf = ({ activities }: City, { programme }: Session) =>
  activities.programmes.get(programme)?.purposes.flatMap(({ asks }) => asks) ?? []

/** On paper: a name or a number, who picks a child up, and a box. What is medical stays on the screen. */
export function rosterPrintPage({ city, staff, session, roster, modules = [] }: RosterView): Html {
  const title = `${say('en', 'rosterTitle')}: ${nameOf(city, session.id)}`
  const main = html`<p class="unprinted row">
      <button class="button" type="button" data-print hidden>${say('en', 'printDo')}</button>
      <a href="/desk/activities/${session.id}/roster" data-key="u">${say('en', 'back')}</a>
    </p>
    <h1>${nameOf(city, session.id)}</h1>
    <table class="table">
      <thead>
        <tr>
          <th scope="col">${say('en', 'name')}</th>
          <th scope="col">${say('en', 'number')}</th>
          ${isForChildren(city, session) && html`<th scope="col">${say('en', 'pickUp')}</th>`}
          <th scope="col">${say('en', 'came')}</th>
        </tr>
      </thead>
      <tbody>
        ${roster.people.map(
          ({ number, name, held = {} }) =>
            html`<tr>
              <td>${name ?? html`<span class="soft">${say('en', roster.openUntil ? 'noName' : 'sealed')}</span>`}</td>
              <td>${number}</td>
              ${isForChildren(city, session) && html`<td>${held['pickup'] ?? ''}</td>`}
              <td>☐</td>
            </tr> `,
        )}
      </tbody>
    </table>`
  return deskPage({ city, staff, here: 'activities', title, main, modules })
}
