import { Temporal } from 'temporal-polyfill'
import type { City, Facility } from '../../../city/index.ts'
import { deskPage, factsList, moment } from '../../../city/look/index.ts'
import { html, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import { cancelReasons } from '../in-hand.ts'
import type { KeptBooking } from '../keep-bookings.ts'
import { dateOf } from '../week.ts'
import { whenWords } from '../when.ts'
import { say } from './messages.ts'
import { becauseWords, hrefOf, said, select, stateWords, whichWords } from './parts.ts'

export type BookingView = Readonly<{
  city: City
  staff: Staff
  facility: Facility
  booking: KeptBooking
  now: Temporal.Instant
  said?: string
  refused?: string
}>

/** One booking on the desk: what it is, and what can be done with it. */
export function bookingPage(view: BookingView): Html {
  const { city, staff, facility, booking } = view
  const number = String(booking.number)
  const title = say('en', 'bookingTitle', { number })
  const day = hrefOf({ facility, day: dateOf(city, booking.start), view: 'day' })
  const main = html`<p class="back-line"><a href="${day}" data-key="u">${say('en', 'back')}</a></p>
    <h1>${title}</h1>
    ${said(view.refused ?? view.said, view.refused !== undefined)}
    <div class="kept-facts">${factsList([
      [say('en', 'what'), facility.name.en],
      [say('en', 'when'), whenWords('en', city.timeZone, booking)],
      [say('en', 'where'), facility.address],
      facility.unit && [say('en', 'which'), whichWords(facility, booking)],
      [say('en', 'state'), stateWords(city, booking)],
      [say('en', 'made'), moment('en', booking.madeAt, city.timeZone)],
      [
        say('en', 'case'),
        booking.caseId === undefined
          ? say('en', 'notYours', { number })
          : html`<a href="/desk/cases/${booking.caseId}" data-line>${say('en', 'toCase', { number })}</a>`,
      ],
    ])}</div>
    ${actsOn(view)}`
  return deskPage({ city, staff, here: 'bookings', title, wrong: view.refused !== undefined, main })
}

function actsOn({ booking, now }: BookingView): Html {
  const { state } = booking.standing
  const began = Temporal.Instant.compare(booking.start, now) <= 0
  const over = Temporal.Instant.compare(booking.end, now) <= 0
  const week = Temporal.Instant.compare(booking.end.add({ hours: 168 }), now) < 0
  const comes = (state === 'held' || state === 'booked') && !over
  const markable = began && !week
  return html`${state === 'held' && !over && paid(booking)}
    ${markable && (state === 'booked' || state === 'taken-place') && press(booking, 'no-shows', say('en', 'noShowDo'))}
    ${markable && state === 'no-show' && press(booking, 'comings', say('en', 'cameDo'))} ${comes && cancelForm(booking)}`
}

function press({ id, version }: KeptBooking, act: string, words: string): Html {
  return html`<form class="row" method="post" action="/desk/bookings/${id}/${act}">
    <input type="hidden" name="version" value="${version}" />
    <button class="button outline" type="submit">${words}</button>
  </form>`
}

function paid(booking: KeptBooking): Html {
  return html`<section class="record">
    <h2>${say('en', 'paidTitle')}</h2>
    <p class="soft">${say('en', 'paidLead')}</p>
    ${press(booking, 'confirmations', say('en', 'paidDo'))}
  </section>`
}

function cancelForm({ id, version }: KeptBooking): Html {
  return html`<section class="record">
    <h2>${say('en', 'cancelTitle')}</h2>
    <p class="soft">${say('en', 'cancelLead')}</p>
    <form class="row" method="post" action="/desk/bookings/${id}/cancellations">
      <input type="hidden" name="version" value="${version}" />
      ${select(
        'because',
        say('en', 'cancelBecause'),
        cancelReasons.map((one) => [one, becauseWords(one)] as const),
      )}
      <button class="button" type="submit">${say('en', 'cancelDo')}</button>
    </form>
  </section>`
}
