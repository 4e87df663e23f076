import type { City } from '../../../city/index.ts'
import { notice, page } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import type { BackNow, EnrolmentInHand } from '../in-hand.ts'
import { say } from '../messages.ts'
import { enrolmentFacts } from '../receipt-panel.ts'
import { momentOf } from '../when.ts'
import { deskLinks, moneyWords } from './words.ts'

export type CancellationRefusal = 'changed' | 'too-late'
export type CancellationView = Readonly<{
  city: City
  enrolment: EnrolmentInHand
  /** Where it is given up, and where it is kept. */
  at: string
  back: string
  refused?: CancellationRefusal
}>

/** What giving up the place would mean, before it is done: at the person's own page, with her code. */
export function cancellationPage(language: Language, view: CancellationView): Html {
  const { city, at, refused } = view
  const title = say(language, 'previewTitle')
  const wrong = refused && cancellationRefused(language, view, refused)
  const body = html`<div class="wrap page">
    <h1>${title}</h1>
    ${wrong !== undefined && html`<div role="alert">${notice('wrong', html`<p>${wrong}</p>`)}</div>`} ${cancellationBody(language, view)}
  </div>`
  return page({ city, language, path: at, title, body, personal: true, wrong: refused !== undefined })
}

export const cancellationRefused = (language: Language, view: CancellationView, refused: CancellationRefusal) =>
  refused === 'changed'
    ? say(language, 'refusedChanged')
    : say.rich(language, 'refusedLate', deskLinks(view.city, language, programmeOf(view)))

export function cancellationBody(language: Language, view: CancellationView): Html {
  const { city, enrolment, at, back } = view
  return html`${enrolmentFacts(city, language, enrolment)}
    <p class="lead">${say(language, 'previewLead')}</p>
    <ul>
      ${consequences(language, view).map((one) => html`<li>${one}</li> `)}
    </ul>
    <form class="form actions" method="post" action="${inLanguage(language, at)}">
      <input type="hidden" name="refund" value="${enrolment.refundNow}" />
      <input type="hidden" name="version" value="${enrolment.version}" />
      <button class="usa-button" type="submit">${say(language, 'previewDo')}</button>
      <a class="usa-button usa-button--outline" href="${inLanguage(language, back)}">${say(language, 'previewKeep')}</a>
    </form>`
}

const programmeOf = ({ city: { activities }, enrolment }: CancellationView) =>
  activities.programmes.get(activities.sessions.get(enrolment.session)?.programme ?? ('' as never))

function consequences(language: Language, view: CancellationView): (Html | string)[] {
  const { enrolment, city } = view
  const { state } = enrolment.standing
  const session = city.activities.sessions.get(enrolment.session)
  const cancel = programmeOf(view)?.cancel
  const freeUntil = cancel && session?.meetings[0]?.start.subtract({ hours: cancel.freeUntil })
  const money: (Html | string)[] = enrolment.back
    ? [
        say(language, `back_now_${enrolment.refundNow}`),
        ...(enrolment.back.cents > 0 ? [amountBack(language, enrolment.back)] : []),
        ...(freeUntil && cancel.refund !== cancel.lateRefund && enrolment.refundNow === cancel.refund
          ? [say(language, 'previewUntil', { until: momentOf(language, city.timeZone, freeUntil) })]
          : []),
      ]
    : enrolment.price === undefined
      ? []
      : [say(language, 'previewUnpaid')]
  const place =
    state === 'waiting' ? 'previewNumber' : state === 'lottery' ? 'previewTicket' : ('previewPlace' as const)
  return [say(language, place), ...money, say(language, 'previewFinal'), say(language, 'previewMail')]
}

/** How much goes back, and how: by itself where it was paid online, else from the cash office. */
function amountBack(language: Language, { cents, way }: BackNow): Html {
  const amount = html`<strong>${moneyWords(language, cents)}</strong>`
  return say.rich(language, way === 'hosted' ? 'previewBackOnline' : 'previewBackCounter', { amount })
}
