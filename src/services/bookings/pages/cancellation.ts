import type { City } from '../../../city/index.ts'
import { notice, page } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import type { BackNow, BookingInHand } from '../in-hand.ts'
import { say } from '../messages.ts'
import { bookingFacts } from '../receipt-panel.ts'
import { moneyWords, untilWords } from '../when.ts'
import { refundWords } from './standing.ts'
import { deskLinks } from './words.ts'

export type CancellationView = Readonly<{
  city: City
  booking: BookingInHand
  /** What would go back; absent where nothing was paid. */
  back?: BackNow
  /** Of the person's own page, with her code. */
  path: string
  refused?: 'changed' | 'too-late'
  mayStill: boolean
}>

/** What cancelling would mean, before it is done. */
export function cancellationPage(language: Language, view: CancellationView): Html {
  const { city, booking, path, refused, mayStill } = view
  const at = `${path}/bookings/${booking.id}/cancellation`
  const title = say(language, 'previewTitle')
  const body = html`<div class="wrap page">
    <h1>${title}</h1>
    ${refused === 'changed' && notice('wrong', html`<p>${say(language, 'refusedChanged')}</p>`)}
    ${!mayStill && notice('wrong', html`<p>${say.rich(language, 'refusedLate', deskLinks(city, language, city.bookings.get(booking.facility)))}</p>`)}
    ${bookingFacts(city, language, booking)}
    ${mayStill && preview(language, view)}
    <form class="form actions" method="post" action="${inLanguage(language, at)}">
      <input type="hidden" name="refund" value="${booking.refundNow}" />
      ${mayStill && html`<button class="usa-button" type="submit">${say(language, 'previewDo')}</button>`}
      <a class="usa-button usa-button--outline" href="${inLanguage(language, path)}">${say(language, 'previewKeep')}</a>
    </form>
  </div>`
  return page({ city, language, path: at, title, body, personal: true, wrong: refused !== undefined || !mayStill })
}

function preview(language: Language, { city, booking, back }: CancellationView): Html {
  const refund = refundWords(city, language, booking, booking.refundNow)
  const rule = city.bookings.get(booking.facility)?.cancel
  const changes = rule && rule.refund !== rule.lateRefund && booking.refundNow === rule.refund
  return html`<p class="lead">${say(language, 'previewLead')}</p>
    <ul>
      ${
        refund !== undefined &&
        html`<li>
          ${back === undefined && booking.standing.state === 'held' ? say(language, 'previewUnpaid') : refund}
          ${changes && say(language, 'previewUntil', { until: untilWords(language, city.timeZone, booking.freeUntil) })}
        </li>`
      }
      ${back && back.cents > 0 && html`<li>${amountBack(language, back)}</li>`}
      <li>${say(language, 'previewFree')}</li>
      <li>${say(language, 'previewMail')}</li>
    </ul>`
}

/** How much goes back, and how: by itself where it was paid online, else from the cash office. */
function amountBack(language: Language, { cents, way }: BackNow): Html {
  const amount = html`<strong>${moneyWords(language, cents)}</strong>`
  return say.rich(language, way === 'hosted' ? 'previewBackOnline' : 'previewBackCounter', { amount })
}
