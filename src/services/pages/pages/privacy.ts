import { dateWords, page } from '../../../city/look/index.ts'
import { html, type Html, type Language } from '../../../plumbing/index.ts'
import type { House } from '../house.ts'
import { say } from '../messages.ts'

/** The policy, clause by clause; every sentence has an address of its own (`/privacy#p1.2`). */
export function privacyPage({ city }: House, language: Language): Html {
  const { title, effective, clauses } = city.policy
  const body = html`<div class="wrap page">
    <h1>${title[language]}</h1>
    <p class="lead">${say(language, 'privacyEffective', { date: dateWords(language, effective) })}</p>
    <p>${say(language, 'privacyLead')}</p>
    <nav class="contents screen" aria-labelledby="contents">
      <h2 id="contents">${say(language, 'contents')}</h2>
      <ol>
        ${clauses.map((clause) => html`<li><a href="#${clause.id}">${clause.title[language]}</a></li> `)}
      </ol>
    </nav>
    ${clauses.map(
      (clause, at) =>
        html`<section class="clause" id="${clause.id}">
          <h2>${at + 1}. ${clause.title[language]}</h2>
          ${clause.sentences.map(({ id, text }) => sentence(language, id, text[language]))}
        </section> `,
    )}
  </div>`
  return page({ city, language, path: '/privacy', title: title[language], body })
}

/** The sign of a sentence is its number without the letter: p3.2 reads 3.2. */
function sentence(language: Language, id: string, text: string): Html {
  const number = id.replace(/^\D+/, '')
  return html`<p class="sentence" id="${id}">
    <a class="mark" href="#${id}" aria-label="${say(language, 'sentence', { number })}">${number}</a> ${text}
  </p> `
}
