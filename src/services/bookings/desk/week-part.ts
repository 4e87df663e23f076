import { Temporal } from 'temporal-polyfill'
import { attributes, html, type Html } from '../../../plumbing/index.ts'
import { dateOf, daysOf, mondayOf } from '../week.ts'
import { clockWords, dayWords } from '../when.ts'
import { say } from './messages.ts'
import type { Overview } from './overview-page.ts'
import { becauseWords, counts, hrefOf, stateWords, whichWords } from './parts.ts'

/** A week: each day's bookings in a line each, how much is free, and what the city keeps. */
export function weekPart(view: Overview): Html {
  const { city, shown, slots } = view
  const days = daysOf(city, shown.facility, mondayOf(shown.day), 7, slots)
  return html`<ol class="booked-week">
    ${days.map((day) => {
      const free = day.slots.reduce((sum, slot) => sum + (slot.state === 'free' ? slot.free : 0), 0)
      const closed =
        day.closed && (day.closed === 'closed' ? say('en', 'closedPlain') : say('en', 'closed', { why: day.closed.en }))
      return html`<li>
        <h3><a href="${hrefOf(shown, { day: day.date, view: 'day' })}">${dayWords('en', day.date, 'short')}</a></h3>
        ${closed && html`<p class="soft small">${closed}</p>`} ${blocksOn(view, day.date)} ${linesOn(view, day.date)}
        ${!closed && html`<p class="soft small">${say('en', 'freeCount', { free })}</p>`}
      </li> `
    })}
  </ol>`
}

function linesOn({ city, shown, bookings }: Overview, date: Temporal.PlainDate): Html {
  const its = bookings.filter((one) => counts(one) && dateOf(city, one.start).equals(date))
  return html`<ul>
    ${its.map((booking) => {
      const title = attributes({ title: stateWords(city, booking) })
      const held = booking.standing.state === 'held' && html` <span class="mark">${say('en', 'paidTitle')}?</span>`
      return html`<li>
        <a href="/desk/bookings/${booking.id}" data-line ${title}
          >${clockWords('en', city.timeZone, booking.start)} <b>${booking.number}</b></a
        >
        <span class="soft small">${whichWords(shown.facility, booking)}</span>${held}
      </li> `
    })}
  </ul>`
}

function blocksOn({ city, blocks }: Overview, date: Temporal.PlainDate): Html {
  const from = date.toZonedDateTime(city.timeZone).toInstant()
  const until = date.add({ days: 1 }).toZonedDateTime(city.timeZone).toInstant()
  const its = blocks.filter(
    ({ start, end }) => Temporal.Instant.compare(start, until) < 0 && Temporal.Instant.compare(end, from) > 0,
  )
  return html`${its.map(({ because }) => html`<p class="small"><strong>${say('en', 'blocked', { because: becauseWords(because) })}</strong></p>`)}`
}
