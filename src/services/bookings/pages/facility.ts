import { Temporal } from 'temporal-polyfill'
import type { City, Facility } from '../../../city/index.ts'
import { dateWords, empty, factsList, page } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import type { Slot } from '../free-slots.ts'
import { say } from '../messages.ts'
import { slotValue } from '../slot.ts'
import { dateOf, daysOf, weeksOf, type DayOfSlots } from '../week.ts'
import { clockWords, dayWords, moneyWords, weekWords } from '../when.ts'
import { priceLine } from './all.ts'
import { deskLinks, lengthWords } from './words.ts'
import { dayState, weekNav } from './week-parts.ts'

export type FacilityView = Readonly<{
  city: City
  facility: Facility
  today: Temporal.PlainDate
  /** The Monday of the week that is shown. */
  week: Temporal.PlainDate
  slots: readonly Slot[]
  /** The Monday of the next week in which something is free, where this one has nothing. */
  next?: Temporal.PlainDate
}>

/** `/bookings/{id}`: a facility and one week of it, each free time a link to the form on which it is booked. */
export function facilityPage(language: Language, view: FacilityView): Html {
  const { city, facility, week, slots } = view
  const path = `/bookings/${facility.id}`
  const asked = `${path}?week=${week.toString()}`
  const days = daysOf(city, facility, week, 7, slots)
  const hrefOf = (monday: Temporal.PlainDate) => inLanguage(language, `${path}?week=${monday.toString()}#week`)
  const body = html`<div class="wrap page">
    <p><a class="onward" href="${inLanguage(language, '/bookings')}">${say(language, 'toAll')}</a></p>
    <h1>${facility.name[language]}</h1>
    <p class="lead">${facility.about[language]}</p>
    ${facts(language, facility)}
    <section class="block" aria-labelledby="week">
      <h2 id="week">
        ${say(language, 'weekOf', { week: weekWords(language, week) })}
      </h2>
      ${weekNav(language, week, weeksOf(facility, view.today), hrefOf)}
      ${slots.some(({ state }) => state === 'free') ? html`<p class="soft">${say(language, 'chosenNote')}</p>` : nothingFree(language, view, hrefOf)}
      <ol class="week">
        ${days.filter(({ date }) => Temporal.PlainDate.compare(date, view.today) >= 0).map((day) => dayColumn(language, view, day))}
      </ol>
    </section>
  </div>`
  return page({
    city,
    language,
    path: asked,
    title: facility.name[language],
    description: facility.about[language],
    body,
  })
}

function facts(language: Language, facility: Facility): Html {
  const { slot, mostSlots, cancel, price, payWithin } = facility
  const time = lengthWords(language, slot)
  const groups = [...(price?.groups.values() ?? [])]
  return factsList([
    [say(language, 'where'), facility.address],
    [say(language, 'length'), mostSlots > 1 ? say(language, 'upTo', { time, count: mostSlots }) : time],
    [
      say(language, 'price'),
      html`${priceLine(language, facility)}${groups.map(
        ({ name, slot: cents }) =>
          html`<br />${say(language, 'priceGroup', { group: name[language], price: moneyWords(language, cents) })}`,
      )}${payWithin !== undefined && html`<br /><span class="soft">${say(language, 'payWithin', { hours: payWithin })}</span>`}`,
    ],
    [
      say(language, 'cancelling'),
      price
        ? say(language, 'cancelFree', { ...spanOf(cancel.freeUntil), late: cancel.lateRefund })
        : say(language, 'cancelAny', spanOf(cancel.until)),
    ],
    facility.keepsHolidays && [say(language, 'days'), say(language, 'holidaysClosed')],
  ])
}

/** Whole days from two days on, else hours. */
const spanOf = (hours: number) =>
  hours >= 48 && hours % 24 === 0 ? { count: hours / 24, of: 'days' } : { count: hours, of: 'hours' }

function nothingFree(language: Language, view: FacilityView, hrefOf: (monday: Temporal.PlainDate) => string): Html {
  const { city, facility, next } = view
  return empty(
    say(language, 'weekEmptyTitle'),
    html`<p>${say.rich(language, 'weekEmpty', deskLinks(city, language, facility))}</p>
      ${next && html`<p><a class="onward" href="${hrefOf(next)}">${say(language, 'nextFree', { day: dateWords(language, next) })}</a></p>`}`,
    3,
  )
}

function dayColumn(language: Language, view: FacilityView, day: DayOfSlots): Html {
  const { facility, today } = view
  const shown = day.slots.filter(({ state }) => state === 'free' || state === 'taken' || state === 'closed')
  const state = dayState(language, day, today)
  return html`<li${day.date.equals(today) && html` class="today"`}>
    <h3>${dayWords(language, day.date, 'short')}</h3>
    ${state !== undefined && html`<p class="soft small">${state}</p>`}
    ${
      shown.some(({ state }) => state === 'free') &&
      html`<ul class="times">
        ${shown.map((slot) => html`<li>${timeOf(language, view, facility, slot)}</li> `)}
      </ul>`
    }
  </li> `
}

function timeOf(language: Language, { city }: FacilityView, facility: Facility, slot: Slot): Html {
  const time = clockWords(language, city.timeZone, slot.start)
  if (slot.state !== 'free') {
    const why = say(language, slot.state === 'taken' ? 'taken' : 'kept')
    return html`<span class="time off"><s>${time}</s><span class="unseen"> ${why}</span></span>`
  }
  const value = encodeURIComponent(slotValue(facility.id, slot.start))
  const several = slot.free < facility.capacity
  return html`<a
    class="time"
    rel="nofollow"
    href="${inLanguage(language, `/forms/${facility.form}?slot=${value}`)}"
    ><span class="unseen">${dayWords(language, dateOf(city, slot.start))}, </span>${time}${several && html` <small>${say(language, 'unitsFree', { free: slot.free, all: facility.capacity })}</small>`}</a
  >`
}
