import type { City, SessionId } from '../../../city/index.ts'
import { deskPage } from '../../../city/look/index.ts'
import { html, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import { moneyWords } from '../pages/words.ts'
import { spanWords, timesWords } from '../when.ts'
import type { LedToday } from './lead.ts'
import { say } from './messages.ts'
import type { RunSession } from './run.ts'

export type OverviewView = Readonly<{
  city: City
  staff: Staff
  /** Absent where she leads no sessions at all. */
  led?: readonly LedToday[]
  run: readonly RunSession[]
}>

/** `/desk/activities`: what she leads today, and what she runs. */
export function overviewPage(view: OverviewView): Html {
  const { city, staff, led, run } = view
  const main = html`<h1>${say('en', 'title')}</h1>
    ${led && todayPart(city, led)} ${(run.length > 0 || !led) && runPart(city, run)}`
  return deskPage({ city, staff, here: 'activities', title: say('en', 'title'), main })
}

export const nameOf = ({ activities }: City, id: SessionId): string =>
  activities.programmes.get(activities.sessions.get(id)?.programme ?? ('' as never))?.name.en ?? id

function todayPart(city: City, led: readonly LedToday[]): Html {
  return html`<h2 id="today">${say('en', 'today')}</h2>
    ${
      led.length === 0
        ? html`<p class="soft">${say('en', 'nothingToday')}</p>`
        : html`<p class="soft">${say('en', 'todayLead')}</p>
            <ul class="led">
              ${led.map(
                ({ session, start, end, people }) =>
                  html`<li>
                    <a class="button outline" href="/desk/activities/${session}/roster">${nameOf(city, session)}</a>
                    <span>${timesWords('en', city.timeZone, { start, end })}, ${say('en', 'people', { count: people })}</span>
                  </li> `,
              )}
            </ul>`
    }`
}

function runPart(city: City, run: readonly RunSession[]): Html {
  if (run.length === 0) return html`<p class="soft">${say('en', 'none')}</p>`
  return html`<h2 id="run">${say('en', 'sessions')}</h2>
    <div class="wide">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">${say('en', 'session')}</th>
            ${(['taken', 'heldN', 'offeredN', 'waitingN', 'lotteryN', 'paid'] as const).map((word) => html`<th scope="col">${say('en', word)}</th> `)}
          </tr>
        </thead>
        <tbody>
          ${run.map((one) => row(city, one))}
        </tbody>
      </table>
    </div>`
}

function row(city: City, one: RunSession): Html {
  const session = city.activities.sessions.get(one.session)
  return html`<tr>
    <th scope="row">
      <a href="/desk/activities/${one.session}">${nameOf(city, one.session)}</a
      ><br /><span class="soft">${session ? spanWords('en', session) : one.session}</span>
      ${one.calledOff && html`<br /><strong>${say('en', 'calledOff', { because: say('en', `because_${one.calledOff}`) })}</strong>`}
    </th>
    <td class="nowrap">${one.enrolled} / ${one.places}</td>
    <td>${one.held}</td>
    <td>${one.offered}</td>
    <td>${one.waiting}</td>
    <td>${one.lottery}</td>
    <td class="nowrap">${one.paid > 0 ? moneyWords('en', one.paid) : '–'}</td>
  </tr> `
}
