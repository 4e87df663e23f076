import { deskPage, type DeskModule } from '../../../city/look/index.ts'
import { html, type Html } from '../../../plumbing/index.ts'
import { dayWords, timeWords } from '../when.ts'
import { say } from './messages.ts'
import type { Overview } from './overview-page.ts'
import { counts, hrefOf, stateWords, whichWords } from './parts.ts'

/** A day's list for whoever opens the door: times and case numbers, and nothing else. */
export function printPage({ city, staff, shown, bookings }: Overview, modules: readonly DeskModule[]): Html {
  const { facility, day } = shown
  const title = say('en', 'list', { day: dayWords('en', day) })
  const main = html`<p class="unprinted row">
      <button class="button" type="button" data-print hidden>${say('en', 'printDo')}</button>
      <a href="${hrefOf(shown)}" data-key="u">${say('en', 'back')}</a>
    </p>
    <h1>${facility.name.en}</h1>
    <h2>${title}</h2>
    <table class="table">
      <thead>
        <tr>
          <th scope="col">${say('en', 'time')}</th>
          <th scope="col">${say('en', 'case')}</th>
          ${facility.unit && html`<th scope="col">${say('en', 'which')}</th>`}
          <th scope="col">${say('en', 'state')}</th>
          <th scope="col">${say('en', 'came')}</th>
        </tr>
      </thead>
      <tbody>
        ${bookings.filter(counts).map(
          (booking) =>
            html`<tr>
              <td class="nowrap">${timeWords('en', city.timeZone, booking)}</td>
              <td>${booking.number}</td>
              ${facility.unit && html`<td>${whichWords(facility, booking)}</td>`}
              <td>${stateWords(city, booking)}</td>
              <td>☐</td>
            </tr> `,
        )}
      </tbody>
    </table>`
  return deskPage({ city, staff, here: 'bookings', title, main, modules })
}
