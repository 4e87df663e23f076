import type { Activities, City } from '../../../city/index.ts'
import { empty, page, phoneLink } from '../../../city/look/index.ts'
import { attributes, html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { isFiltered, offered, queryOf, type Filter, type Offered } from '../filter.ts'
import { say } from '../messages.ts'
import { sessionRows, type SessionsView } from './session-rows.ts'
import { agesWords, priceWords } from './words.ts'

export type AllView = SessionsView & Readonly<{ filter: Filter }>

/** `/activities`: everything to take part in, by age, season and place. */
export function allPage(language: Language, view: AllView): Html {
  const { city, filter } = view
  const programmes = offered(city.activities, filter)
  const title = say(language, 'title')
  const body = html`<div class="wrap page">
    <h1>${title}</h1>
    ${
      city.activities.programmes.size === 0
        ? nothingAtAll(city, language)
        : html`<p class="lead">${say(language, 'lead')}</p>
            ${filterForm(language, city.activities, filter)}
            ${
              programmes.length === 0
                ? nothingFits(city, language)
                : html`<p class="soft" id="found">${say(language, 'found', countsOf(programmes))}</p>
                    ${programmes.map((one) => programmePart(language, view, one))}
                    ${follow(language)}`
            }`
    }
  </div>`
  const path = `/activities${queryOf(filter)}`
  return page({ city, language, path, title, description: say(language, 'lead'), body })
}

const countsOf = (programmes: readonly Offered[]) => ({
  programmes: programmes.length,
  sessions: programmes.reduce((sum, { sessions }) => sum + sessions.length, 0),
})

/** An ordinary form that asks this very page: it works without scripts, and its address can be kept and passed on. */
function filterForm(language: Language, { seasons, venues }: Activities, filter: Filter): Html {
  type Named = Readonly<{ id: string; name: Readonly<Record<Language, string>> }>
  const select = (name: string, label: string, any: string, all: Iterable<Named>, chosen?: string) =>
    html`<div class="field">
      <label for="${name}">${label}</label>
      <select class="usa-select" id="${name}" name="${name}">
        <option value="">${any}</option>
        ${[...all].map((one) => html`<option ${attributes({ value: one.id, selected: one.id === chosen })}>${one.name[language]}</option> `)}
      </select>
    </div>`
  return html`<form class="sift" method="get" action="${inLanguage(language, '/activities')}" aria-label="${say(language, 'sift')}">
    <div class="field">
      <label for="age">${say(language, 'siftAge')}</label>
      <input
        class="usa-input"
        ${attributes({ id: 'age', name: 'age', type: 'text', inputmode: 'numeric', maxlength: 3, autocomplete: 'off', value: filter.age })}
      />
    </div>
    ${select('season', say(language, 'siftSeason'), say(language, 'siftAnySeason'), seasons.values(), filter.season)}
    ${select('venue', say(language, 'siftVenue'), say(language, 'siftAnyVenue'), venues.values(), filter.venue)}
    <div class="field">
      <button class="usa-button" type="submit">${say(language, 'siftDo')}</button>
      ${isFiltered(filter) && html`<a href="${inLanguage(language, '/activities')}">${say(language, 'siftAll')}</a>`}
    </div>
  </form>`
}

function programmePart(language: Language, view: AllView, { programme, sessions }: Offered): Html {
  const { id, name, about, ages } = programme
  return html`<section class="programme" aria-labelledby="${id}">
    <h2 id="${id}"><a href="${inLanguage(language, `/activities/${id}`)}">${name[language]}</a></h2>
    <p>${about[language]}</p>
    <p class="soft">${agesWords(language, ages)} · ${priceWords(language, programme)}</p>
    ${sessionRows(language, view, sessions)}
  </section> `
}

const follow = (language: Language): Html =>
  html`<p class="soft">
    <a class="onward" href="${inLanguage(language, '/activities/calendar.ics')}">${say(language, 'followAll')}</a>
    ${say(language, 'followNote')}
  </p>`

const nothingAtAll = ({ contact }: City, language: Language): Html =>
  empty(
    say(language, 'nothingTitle'),
    html`<p>${say.rich(language, 'nothing', { phone: phoneLink(contact.phone) })}</p>`,
  )

const nothingFits = ({ contact }: City, language: Language): Html =>
  empty(
    say(language, 'nothingFitsTitle'),
    html`<p>${say.rich(language, 'nothingFits', { phone: phoneLink(contact.phone) })}</p>
      <p><a class="onward" href="${inLanguage(language, '/activities')}">${say(language, 'siftAll')}</a></p>`,
  )
