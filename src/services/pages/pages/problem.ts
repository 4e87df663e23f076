import type { City } from '../../../city/index.ts'
import { page, phoneLink, searchField } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Problem, type ProblemPage } from '../../../plumbing/index.ts'
import { say } from '../messages.ts'

/** The pages for what goes wrong: what happened, what to do now, and a number to quote where the fault may be ours. */
export function problemPages(city: City): ProblemPage {
  return (problem) => pageOf(city, problem)
}

function pageOf(city: City, { status, reference, language, path }: Problem): Html {
  const title = say(language, `problem${status}Title`)
  const ours = status >= 500 || status === 400 || status === 403
  const body = html`<div class="wrap page">
    <h1>${title}</h1>
    <p class="lead">${say(language, `problem${status}`)}</p>
    ${status === 404 && searchField(language)}
    <p class="after-search"><a class="onward" href="${inLanguage(language, '/')}">${say(language, 'problemHome')}</a></p>
    <p>${say.rich(language, 'problemUrgent', { phone: phoneLink(city.contact.phone) })}</p>
    ${
      ours &&
      html`<p class="soft">
        ${say.rich(language, 'problemReference', { reference, b: (text) => html`<b class="nowrap">${text}</b>` })}
      </p>`
    }
  </div>`
  return page({ city, language, path, title, body, personal: true })
}
