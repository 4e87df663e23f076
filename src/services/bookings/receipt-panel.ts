import { Temporal } from 'temporal-polyfill'
import type { City } from '../../city/index.ts'
import { factsList } from '../../city/look/index.ts'
import { html, inLanguage, type Clock, type Html, type Language } from '../../plumbing/index.ts'
import type { CasePanel, SeenOnDesk, SeenOnReceipt } from '../correspondence/index.ts'
import { say as sayOnDesk } from './desk/messages.ts'
import { stateWords } from './desk/parts.ts'
import { bookingsInHand, type BookingInHand } from './in-hand.ts'
import { say } from './messages.ts'
import { deskLinks } from './pages/words.ts'
import { refundWords, standingWords, unitWords } from './pages/standing.ts'
import { priceOf } from './slot.ts'
import { moneyWords, untilWords, whenWords } from './when.ts'

type House = Readonly<{ city: City; clock: Clock }>

/**
 * On the person's own page, at its top: what she has booked, the file for her calendar, and how to cancel. On the desk: what
 * the case has booked, with the way to it for who keeps it.
 */
export function bookingPanel(house: House): CasePanel {
  return {
    topOfReceipt: async (tx, seen) => {
      const bookings = await bookingsInHand(tx)
      if (bookings.length === 0) return undefined
      return html`<section class="bookings" id="bookings">
        <h2>${say(seen.language, 'panelTitle', { count: bookings.length })}</h2>
        ${bookings.map((booking) => bookingPart(house, seen, booking))}
      </section>`
    },
    onDesk: async (tx, { staff, beside }) =>
      beside.has('bookings') ? onDesk(house.city, staff, await bookingsInHand(tx)) : undefined,
  }
}

function onDesk(city: City, staff: SeenOnDesk['staff'], bookings: readonly BookingInHand[]): Html | undefined {
  if (bookings.length === 0) return undefined
  const keeps = ({ facility }: BookingInHand) =>
    staff.duties
      .map((id) => city.duties.get(id))
      .some(
        (duty) =>
          duty?.may.includes('book') && duty.topics.some((topic) => topic === city.bookings.get(facility)?.topic),
      )
  return html`<section class="record" aria-labelledby="booked">
    <h2 id="booked">${sayOnDesk('en', 'onCase', { count: bookings.length })}</h2>
    <ul>
      ${bookings.map((booking) => {
        const words = html`${city.bookings.get(booking.facility)?.name.en ?? booking.facility},
        ${whenWords('en', city.timeZone, booking)}`
        return html`<li>
          ${keeps(booking) ? html`<a href="/desk/bookings/${booking.id}">${words}</a>` : words}:
          ${stateWords(city, booking)}
        </li> `
      })}
    </ul>
  </section>`
}

function bookingPart({ city, clock }: House, { language, line, path }: SeenOnReceipt, booking: BookingInHand): Html {
  const { state } = booking.standing
  const comes = state === 'held' || state === 'booked'
  const isOff = state === 'cancelled-by-person' || state === 'cancelled-by-city'
  const before = Temporal.Instant.compare(clock.now(), booking.start) < 0
  const at = inLanguage(language, `${path}/bookings/${booking.id}`)
  return html`<div class="booking">
    ${bookingFacts(city, language, booking)}
    ${comes && before && html`<p>${say(language, 'showNumber', { number: String(line.number) })}</p>`}
    ${
      (before || isOff) &&
      html`<p class="screen actions">
        <a class="usa-button usa-button--outline" href="${at}/calendar.ics" download
          >${say(language, isOff ? 'calendarCancelled' : 'calendar')}</a
        >
        ${comes && mayCancel(clock, booking) && html`<a class="usa-button usa-button--outline" href="${at}/cancellation">${say(language, 'cancel')}</a>`}
      </p>`
    }
    ${comes && before && !mayCancel(clock, booking) && html`<p class="soft">${tooLate(city, language, booking)}</p>`}
  </div>`
}

export const mayCancel = (clock: Clock, { cancelUntil, start }: BookingInHand): boolean =>
  Temporal.Instant.compare(clock.now(), cancelUntil) <= 0 && Temporal.Instant.compare(clock.now(), start) < 0

function tooLate(city: City, language: Language, { cancelUntil, facility }: BookingInHand): Html {
  const until = untilWords(language, city.timeZone, cancelUntil)
  return say.rich(language, 'cannotCancel', { until, ...deskLinks(city, language, city.bookings.get(facility)) })
}

/** What, when, where, which, what it costs, and how it stands. */
export function bookingFacts(city: City, language: Language, booking: BookingInHand): Html {
  const facility = city.bookings.get(booking.facility)
  const price = facility && priceOf(facility, booking)
  const which = unitWords(city, language, booking)
  const { standing } = booking
  const back = 'refund' in standing ? refundWords(city, language, booking, standing.refund) : undefined
  return factsList([
    [say(language, 'what'), facility?.name[language] ?? booking.facility],
    [say(language, 'when'), html`<strong>${whenWords(language, city.timeZone, booking)}</strong>`],
    facility && [say(language, 'where'), facility.address],
    which !== undefined && [say(language, 'which'), which],
    price !== undefined && price > 0 && [say(language, 'costs'), moneyWords(language, price)],
    [say(language, 'howItStands'), [standingWords(city, language, booking), back].filter(Boolean).join(' ')],
  ])
}
