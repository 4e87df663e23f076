import type { Temporal } from 'temporal-polyfill'
import type { City, Facility } from '../../../city/index.ts'
import { deskPage } from '../../../city/look/index.ts'
import { attributes, html, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import type { Slot } from '../free-slots.ts'
import type { Block, KeptBooking } from '../keep-bookings.ts'
import { mondayOf } from '../week.ts'
import { dayWords, weekWords } from '../when.ts'
import type { Shown } from './asked.ts'
import { dayPart } from './day-part.ts'
import { say } from './messages.ts'
import { hrefOf, said } from './parts.ts'
import { weekPart } from './week-part.ts'

export type Overview = Readonly<{
  city: City
  staff: Staff
  kept: readonly Facility[]
  shown: Shown
  today: Temporal.PlainDate
  bookings: readonly KeptBooking[]
  blocks: readonly Block[]
  slots: readonly Slot[]
  /** Makes blocking out twice once. */
  blockId: string
  said?: string
  refused?: string
}>

/** `/desk/bookings`: one facility's day or week. */
export function overviewPage(view: Overview): Html {
  const { city, staff, kept, shown } = view
  const title = `${shown.facility.name.en}, ${titleOf(shown)}`
  const main = html`<h1>${say('en', 'title')}</h1>
    <p class="soft">${say('en', 'lead')}</p>
    ${said(view.refused ?? view.said, view.refused !== undefined)}
    <nav class="unprinted" aria-label="${say('en', 'facilities')}">
      <ul class="tabs">
        ${kept.map((one) => {
          const current = attributes({ 'aria-current': one.id === shown.facility.id ? 'page' : undefined })
          return html`<li><a href="${hrefOf(shown, { facility: one })}" ${current}>${one.name.en}</a></li> `
        })}
      </ul>
    </nav>
    <h2 id="shown">${title}</h2>
    ${steps(view)} ${shown.view === 'day' ? dayPart(view) : weekPart(view)}`
  return deskPage({ city, staff, here: 'bookings', title, wrong: view.refused !== undefined, main })
}

const titleOf = ({ day, view }: Shown) => (view === 'day' ? dayWords('en', day) : weekWords('en', mondayOf(day)))

function steps({ shown, today }: Overview): Html {
  const days = shown.view === 'day' ? 1 : 7
  const to = (href: string, words: string, more = html``) =>
    html`<a class="button outline" href="${href}" ${more}>${words}</a> `
  const word = (day: 'before' | 'after', week: 'weekBefore' | 'weekAfter') => say('en', days === 1 ? day : week)
  const other = shown.view === 'day' ? 'week' : 'day'
  return html`<div class="row steps">
    ${to(hrefOf(shown, { day: shown.day.subtract({ days }) }), `← ${word('before', 'weekBefore')}`, html`rel="prev"`)}
    ${to(hrefOf(shown, { day: today }), say('en', 'today'))}
    ${to(hrefOf(shown, { day: shown.day.add({ days }) }), `${word('after', 'weekAfter')} →`, html`rel="next"`)}
    ${to(hrefOf(shown, { view: other }), say('en', other === 'week' ? 'asWeek' : 'asDay'))}
    <form method="get" action="/desk/bookings" class="row">
      <input type="hidden" name="facility" value="${shown.facility.id}" />
      <input type="hidden" name="view" value="${shown.view}" />
      <label class="unseen" for="day">${say('en', 'day')}</label>
      <input type="date" id="day" name="day" value="${shown.day.toString()}" />
      <button class="button outline" type="submit">${say('en', 'go')}</button>
    </form>
    ${shown.view === 'day' && to(hrefOf(shown, {}, '/desk/bookings/print'), say('en', 'print'))}
  </div>`
}
