import { mayDo } from '../../../city/index.ts'
import { empty } from '../../../city/look/index.ts'
import { html, type Html } from '../../../plumbing/index.ts'
import { blockReasons, type Block } from '../keep-bookings.ts'
import { slotValue } from '../slot.ts'
import { daysOf } from '../week.ts'
import { clockWords, timeWords } from '../when.ts'
import { say } from './messages.ts'
import type { Overview } from './overview-page.ts'
import { becauseWords, counts, input, select, stateWords, whichWords } from './parts.ts'

/** A day: what is booked, what the city keeps, what is free. */
export function dayPart(view: Overview): Html {
  const { bookings, blocks } = view
  return html`${closedLine(view)} ${blocks.map((block) => blockLine(view, block))}
    ${bookings.length === 0 ? empty(say('en', 'emptyTitle'), html`<p>${say('en', 'empty')}</p>`, 3) : table(view)}
    ${freeTimes(view)} ${blockForm(view)}`
}

function closedLine({ city, shown, slots }: Overview): Html | undefined {
  const [day] = daysOf(city, shown.facility, shown.day, 1, slots)
  if (!day?.closed) return undefined
  const words = day.closed === 'closed' ? say('en', 'closedPlain') : say('en', 'closed', { why: day.closed.en })
  return html`<p>${words}</p>`
}

function table({ city, shown, bookings }: Overview): Html {
  const columns = ['time', 'case', 'which', 'state'] as const
  const { facility } = shown
  return html`<div class="wide-only" tabindex="0" role="region" aria-labelledby="shown">
    <table class="table">
      <thead>
        <tr>
          ${columns.filter((column) => column !== 'which' || facility.unit).map((column) => html`<th scope="col">${say('en', column)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${bookings.map(
          (booking) =>
            html`<tr${!counts(booking) && html` class="off"`}>
              <td class="nowrap">${timeWords('en', city.timeZone, booking)}</td>
              <td><a href="/desk/bookings/${booking.id}" data-line>${booking.number}</a></td>
              ${facility.unit && html`<td>${whichWords(facility, booking)}</td>`}
              <td>${stateWords(city, booking)}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`
}

function freeTimes({ city, shown, slots, staff }: Overview): Html {
  const free = slots.filter(({ state }) => state === 'free')
  const mayRecord = mayDo(city, staff.duties, 'record')
  return html`<h3>${say('en', 'free')}</h3>
    ${
      free.length === 0
        ? html`<p class="soft">${say('en', 'freeNone')}</p>`
        : html`<ul class="free">
            ${free.map((slot) => {
              const time = clockWords('en', city.timeZone, slot.start)
              const words = shown.facility.capacity > 1 ? say('en', 'freeSome', { time, free: slot.free }) : time
              const href = `/desk/bookings/new?slot=${encodeURIComponent(slotValue(shown.facility.id, slot.start))}`
              return html`<li>${mayRecord ? html`<a href="${href}"><span class="unseen">${say('en', 'bookAt')} </span>${words}</a>` : words}</li> `
            })}
          </ul>`
    }`
}

function blockLine({ city }: Overview, block: Block): Html {
  return html`<form class="row blocked" method="post" action="/desk/bookings/blocks/${block.id}/endings">
    <span
      ><strong>${say('en', 'blocked', { because: becauseWords(block.because) })}</strong>, ${timeWords('en', city.timeZone, block)}</span
    >
    <button class="quiet" type="submit">${say('en', 'unblock')}</button>
  </form>`
}

/** Folded: it is rare. */
function blockForm({ shown, blockId }: Overview): Html {
  const day = shown.day.toString()
  return html`<details class="fold">
    <summary>${say('en', 'blockTitle')}</summary>
    <form class="intake" method="post" action="/desk/bookings/blocks" data-send>
      <div class="part">
        <p class="soft">${say('en', 'blockLead')}</p>
        <input type="hidden" name="id" value="${blockId}" /><input type="hidden" name="facility" value="${shown.facility.id}" />
        <div class="pair">
          ${input('from-day', say('en', 'blockDay'), { type: 'date', value: day, required: true })}
          ${input('from', say('en', 'blockFrom'), { type: 'time', value: '08:00', required: true })}
        </div>
        <div class="pair">
          ${input('until-day', say('en', 'blockUntilDay'), { type: 'date', value: day, required: true })}
          ${input('until', say('en', 'blockUntil'), { type: 'time', value: '18:00', required: true })}
        </div>
        ${select(
          'because',
          say('en', 'blockBecause'),
          blockReasons.map((one) => [one, becauseWords(one)] as const),
        )}
        <button class="button" type="submit">${say('en', 'blockDo')}</button>
      </div>
    </form>
  </details>`
}
