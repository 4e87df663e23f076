import { empty, page, phoneLink, searchField } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import type { Found } from '../find.ts'
import type { House } from '../house.ts'
import { say } from '../messages.ts'

/** What was found for a query; with an empty query, where to start. */
export function searchPage({ city }: House, language: Language, query: string, found: readonly Found[]): Html {
  const title = query ? say(language, 'searchTitleFor', { query }) : say(language, 'searchTitle')
  const body = html`<div class="wrap page">
    <h1>${say(language, 'searchTitle')}</h1>
    ${searchField(language, { label: say(language, 'searchAsk'), value: query })}
    ${result(language, query, found, city.contact.phone)}
  </div>`
  const path = query ? `/search?q=${encodeURIComponent(query)}` : '/search'
  return page({ city, language, path, title, body, personal: true })
}

function result(language: Language, query: string, found: readonly Found[], phone: string): Html {
  if (query === '') {
    const services = (text: Html) => html`<a href="${inLanguage(language, '/services')}">${text}</a>`
    const says = say.rich(language, 'searchEmpty', { a: services })
    return html`<div class="after-search">${empty(say(language, 'searchEmptyTitle'), html`<p>${says}</p>`)}</div>`
  }
  if (found.length === 0) {
    const inside = html`<p>${say(language, 'searchNone')}</p>
      <p>
        <a class="usa-button" href="${inLanguage(language, '/forms/contact-the-city')}"
          >${say(language, 'searchNoneWrite')}</a
        >
      </p>
      <p>${say.rich(language, 'searchNoneCall', { phone: phoneLink(phone) })}</p>`
    return html`<div class="after-search">${empty(say(language, 'searchNoneTitle', { query }), inside)}</div>`
  }
  return html`<p class="soft after-search" role="status">
      ${say(language, 'searchCount', { count: found.length, query })}
    </p>
    <ol class="found">
      ${found.map((each) => row(language, each))}
    </ol>`
}

function row(language: Language, found: Found): Html {
  const href = found.href.startsWith('/') ? inLanguage(language, found.href) : found.href
  return html`<li>
    <h2><a href="${href}">${found.title[language]}</a></h2>
    ${found.says && html`<p>${found.says[language]}</p>`}
    <p class="kind">${kindWords(language, found)}</p>
  </li> `
}

function kindWords(language: Language, { kind, whose }: Found): string {
  switch (kind) {
    case 'service':
      return say(language, 'kindService')
    case 'topic':
      return say(language, 'kindTopic', { department: whose?.[language] ?? '' })
    case 'department':
      return say(language, 'kindDepartment')
    case 'agency':
      return say(language, 'kindAgency', { agency: whose?.[language] ?? '' })
    case 'policy':
      return say(language, 'kindPolicy')
    default:
      return kind satisfies never
  }
}
