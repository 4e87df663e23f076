import { deskPage, notice } from '../../../city/look/index.ts'
import { html, type Html } from '../../../plumbing/index.ts'
import type { DutyId } from '../../../city/index.ts'
import { closingWords } from '../pages/desk-bar.ts'
import { placeName } from '../pages/desk-list.ts'
import { dueWords, receivedWords, topicInList, type Day } from '../pages/desk-words.ts'
import { say as sayOfDesk } from '../messages.ts'
import type { CaseLine } from '../tables.ts'
import { closingsOfSeveral, type ClosingOfSeveral } from './close-several.ts'
import { mayClose } from './may-close.ts'
import { say } from './messages.ts'

type Viewer = Readonly<{ name: string; duties: readonly DutyId[] }>

/** Folded above the list: one reason for all that is marked. Nothing is closed before it was looked over. */
export function severalForm(
  day: Day,
  duties: readonly DutyId[],
  lines: readonly CaseLine[],
  query: string,
): Html | undefined {
  if (!lines.some((line) => mayClose(day.city, duties, line))) return undefined
  return html`<details class="several">
    <summary>${say('en', 'summary')}</summary>
    <form id="several" method="post" action="/desk/closings${query}">
      <p class="soft small">${say('en', 'lead')}</p>
      <label for="several-because">${say('en', 'because')}</label>
      <select id="several-because" name="because">
        ${closingsOfSeveral.map((because) => html`<option value="${because}">${closingWords(because)}</option>`)}
      </select>
      <button class="button outline" type="submit">${say('en', 'look')}</button>
    </form>
  </details>`
}

/** The box of one line. Its name carries the case and its value the version that the list shows. */
export function markBox(day: Day, duties: readonly DutyId[], line: CaseLine): Html | undefined {
  if (!mayClose(day.city, duties, line)) return undefined
  const label = say('en', 'mark', { number: String(line.number), topic: topicInList(day.city, line.topic).words })
  return html`<input
    class="pick"
    type="checkbox"
    form="several"
    name="mark.${line.id}"
    value="${line.version}"
    aria-label="${label}"
  />`
}

/** Looking them over: topics, places and ages, never persons. */
export function lookOverPage(
  day: Day,
  staff: Viewer,
  parts: Readonly<{
    lines: readonly CaseLine[]
    versions: ReadonlyMap<string, number>
    because: ClosingOfSeveral
    leftOut: number
    query: string
  }>,
): Html {
  const { lines, versions, because, leftOut, query } = parts
  const count = lines.length
  const main = html`<article class="look-over">
    <h1>${say('en', 'title', { count })}</h1>
    <p>${say('en', 'sureLead', { because: closingWords(because) })}</p>
    ${leftOut > 0 && notice('wrong', html`<p>${say('en', 'leftOut', { count: leftOut })}</p>`)} ${table(day, lines)}
    <form method="post" action="/desk/closings${query}" class="row">
      <input type="hidden" name="sure" value="yes" /><input type="hidden" name="because" value="${because}" />
      ${lines.map(({ id, version }) => html`<input type="hidden" name="mark.${id}" value="${versions.get(id) ?? version}" />`)}
      ${count > 0 && html`<button class="button" type="submit">${say('en', 'sure', { count })}</button>`}
      <a class="onward" href="/desk${query}" data-key="u">${say('en', 'cancel')}</a>
    </form>
  </article>`
  return deskPage({ city: day.city, staff, here: 'inbox', title: say('en', 'title', { count }), main })
}

/** What came of it: how many are closed, and which changed meanwhile. */
export function closedPage(
  day: Day,
  staff: Viewer,
  parts: Readonly<{ closed: number; left: readonly CaseLine[]; gone: number; query: string }>,
): Html {
  const { closed, left, gone, query } = parts
  const title = say('en', 'titleDone', { count: closed })
  const main = html`<article class="look-over">
    <h1>${title}</h1>
    ${
      left.length > 0 &&
      html`<h2>${say('en', 'leftTitle', { count: left.length })}</h2>
        <p>${say('en', 'leftLead')}</p>
        ${table(day, left)}`
    }
    ${gone > 0 && html`<p>${say('en', 'goneLead', { count: gone })}</p>`}
    <p><a class="onward" href="/desk${query}" data-key="u">${say('en', 'cancel')}</a></p>
  </article>`
  return deskPage({ city: day.city, staff, here: 'inbox', title, wrong: left.length > 0, main })
}

function table(day: Day, lines: readonly CaseLine[]): Html | undefined {
  if (lines.length === 0) return undefined
  const columns = ['columnCase', 'columnTopic', 'columnPlace', 'columnAge', 'columnDue'] as const
  return html`<div class="wide-only" tabindex="0" role="region" aria-label="${say('en', 'columnCase')}">
    <table class="table">
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${say('en', column)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${lines.map((line) => row(day, line))}
      </tbody>
    </table>
  </div>`
}

function row(day: Day, line: CaseLine): Html {
  return html`<tr>
    <td>
      <a class="nowrap" href="/desk/cases/${line.id}">${sayOfDesk('en', 'lineNumber', { number: String(line.number) })}</a>
    </td>
    <td>${topicInList(day.city, line.topic).words}</td>
    <td>${line.place ? placeName(day.city, line.place) : say('en', 'nowhere')}</td>
    <td class="nowrap">${receivedWords(day, line)}</td>
    <td class="nowrap">${dueWords(day, line)}</td>
  </tr> `
}
