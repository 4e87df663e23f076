import type { Temporal } from 'temporal-polyfill'
import type { City, Facility } from '../../../city/index.ts'
import { icon } from '../../../city/look/index.ts'
import { attributes, html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import type { Slot } from '../free-slots.ts'
import { say } from '../messages.ts'
import { endOf, slotValue, type SlotWish } from '../slot.ts'
import { daysOf, weeksOf, type DayOfSlots } from '../week.ts'
import { clockWords, dayWords, whenWords } from '../when.ts'
import { dayState, weekNav } from './week-parts.ts'
import { rowWords } from './words.ts'

export type SlotControl = Readonly<{
  city: City
  /** The posted name; how many slots and places are posted as `name-slots` and `name-places`. */
  name: string
  label: string
  hint?: string
  error?: string
  today: Temporal.PlainDate
}> &
  (
    | Readonly<{
        facility: Facility
        /** The Monday of the week that is shown, and its slots (`freeSlots(db, facility, week, 7)`). */
        week: Temporal.PlainDate
        slots: readonly Slot[]
        chosen?: SlotWish
        /** Where another week is shown, what was typed kept. */
        hrefOf: (monday: Temporal.PlainDate) => string
      }>
    | Readonly<{ facility: undefined; offered: readonly Facility[] }>
  )

/**
 * The choice of a slot inside a form: real radio buttons, by day. Without a facility it is the choice of what to book, as
 * links. What was chosen before stays chosen, also where it is in another week or has been taken meanwhile.
 */
export function slotControl(language: Language, asked: SlotControl): Html {
  const { name, label, hint, error } = asked
  const described = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ')
  return html`<fieldset
    class="usa-fieldset field slots${error && ' wrong'}"
    ${attributes({ id: name, tabindex: -1, 'aria-describedby': described || undefined })}
  >
    <legend>${label}</legend>
    ${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}
    ${error && html`<p class="error" id="${name}-error">${icon('wrong')}<span>${error}</span></p>`}
    ${asked.facility ? choiceOf(language, asked) : whatToBook(language, asked.offered)}
  </fieldset>`
}

type Choosing = Extract<SlotControl, { facility: Facility }>

function whatToBook(language: Language, offered: readonly Facility[]): Html {
  return html`<p>${say(language, 'choose')}</p>
    <ul class="plain">
      ${offered.map(({ id, name }) => html`<li><a href="${inLanguage(language, `/bookings/${id}`)}">${name[language]}</a></li> `)}
    </ul>`
}

function choiceOf(language: Language, asked: Choosing): Html {
  const { city, facility, week, slots, chosen, name } = asked
  const days = daysOf(city, facility, week, 7, slots)
  const isShown = chosen && slots.some(({ start, state }) => state === 'free' && start.equals(chosen.start))
  const free = slots.some(({ state }) => state === 'free')
  return html`<p><strong>${facility.name[language]}</strong><br /><span class="soft">${facility.address}</span></p>
    ${chosen && !isShown && chosenBefore(language, asked, chosen)}
    ${weekNav(language, week, weeksOf(facility, asked.today), asked.hrefOf)}
    ${!free && html`<p>${say(language, 'noTimes')}</p>`}
    <div class="week">
      ${days.map((day, at) => dayGroup(language, asked, day, at))}
    </div>
    ${counts(language, asked)}
    <input type="hidden" name="${name}-week" value="${week.toString()}" />`
}

function chosenBefore(language: Language, { city, facility, name }: Choosing, chosen: SlotWish): Html {
  const when = whenWords(language, city.timeZone, {
    start: chosen.start,
    end: endOf(facility, { ...chosen, slots: 1 }),
  })
  return radio(`${name}-chosen`, name, slotValue(facility.id, chosen.start), true, say(language, 'chosen', { when }))
}

/** A day with nothing to choose is one line: its name and why. */
function dayGroup(language: Language, asked: Choosing, day: DayOfSlots, at: number): Html {
  const { city, facility, name, chosen } = asked
  const free = day.slots.filter(({ state }) => state === 'free')
  const title = dayWords(language, day.date)
  if (free.length === 0)
    return html`<div class="day">
      <p><strong>${title}</strong> <span class="soft small">${dayState(language, day, asked.today)}</span></p>
    </div>`
  return html`<fieldset class="day">
    <legend>${title}</legend>
    <div class="times">
      ${free.map((slot, n) => {
        const id = `${name}-${String(at)}-${String(n)}`
        const checked = chosen?.start.equals(slot.start) ?? false
        const words = html`${clockWords(language, city.timeZone, slot.start)}${more(language, facility, slot)}`
        return radio(id, name, slotValue(facility.id, slot.start), checked, words)
      })}
    </div>
  </fieldset>`
}

function more(language: Language, facility: Facility, { free, longest }: Slot): Html {
  const parts = [
    facility.capacity > 1 && say(language, 'unitsFree', { free, all: facility.capacity }),
    facility.mostSlots > 1 && say(language, 'longest', { time: rowWords(language, facility, longest) }),
  ].filter((part) => part !== false)
  return html`${parts.length > 0 && html` <small>${parts.join(', ')}</small>`}`
}

function radio(id: string, name: string, value: string, checked: boolean, words: string | Html): Html {
  const given = attributes({ id, type: 'radio', name, value, checked })
  return html`<div class="usa-radio">
    <input class="usa-radio__input" ${given} /><label class="usa-radio__label" for="${id}">${words}</label>
  </div> `
}

/** How long and how many, where there is a choice. */
function counts(language: Language, { facility, name, chosen }: Choosing): Html {
  const numbers = (most: number) => Array.from({ length: most }, (_, n) => n + 1)
  const select = (id: string, label: string, most: number, at: number, words: (n: number) => string) =>
    html`<div class="field">
      <label for="${id}">${label}</label>
      <select class="usa-select" id="${id}" name="${id}">
        ${numbers(most).map((n) => html`<option${attributes({ value: n, selected: n === at })}>${words(n)}</option>`)}
      </select>
    </div>`
  const { mostSlots, mostPlaces, unit } = facility
  return html`${
    mostSlots > 1 &&
    select(`${name}-slots`, say(language, 'howLong'), mostSlots, chosen?.slots ?? 1, (n) =>
      rowWords(language, facility, n),
    )
  }${
    mostPlaces > 1 &&
    select(
      `${name}-places`,
      say(language, 'howMany'),
      mostPlaces,
      chosen?.places ?? 1,
      (n) => `${String(n)} × ${unit?.[language] ?? ''}`,
    )
  }`
}
