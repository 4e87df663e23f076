import type { City } from '../../../city/index.ts'
import { dateWords, empty, page, waysList } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { say } from '../messages.ts'
import type { Survey } from '../survey.ts'

/** Every survey of the city: what can be answered now, and what came out of the others. */
export function listPage(city: City, language: Language, surveys: readonly Survey[]): Html {
  const open = surveys.filter(({ state }) => state === 'open')
  const closed = surveys.filter(({ state }) => state === 'closed')
  const write = (text: Html) => html`<a href="${inLanguage(language, '/forms/contact-the-city')}">${text}</a>`
  const body = html`<div class="wrap page">
    <h1>${say(language, 'listTitle')}</h1>
    <p class="lead">${say(language, 'listLead')}</p>
    ${
      open.length === 0
        ? empty(say(language, 'noneOpen'), html`<p>${say.rich(language, 'noneOpenLead', { a: write })}</p>`)
        : html`<h2>${say(language, 'listOpen')}</h2>
            ${waysList(open.map((survey) => way(language, survey, `/surveys/${survey.id}`)))}`
    }
    ${
      closed.length > 0 &&
      html`<h2>${say(language, 'listClosed')}</h2>
        ${waysList(closed.map((survey) => way(language, survey, `/surveys/${survey.id}/results`)))}`
    }
  </div>`
  return page({
    city,
    language,
    path: '/surveys',
    title: say(language, 'listTitle'),
    description: say(language, 'listLead'),
    body,
  })
}

function way(language: Language, survey: Survey, path: string) {
  const date = dateWords(language, survey.closedOn ?? survey.closesOn)
  const word = survey.state === 'closed' ? 'closedOn' : survey.way === 'open' ? 'openUntil' : 'invitedUntil'
  const results = html`<a href="${inLanguage(language, `/surveys/${survey.id}/results`)}"
    >${say(language, 'seeResults')}</a
  >`
  return {
    href: inLanguage(language, path),
    title: survey.questions.form.title[language],
    says: html`${say(language, word, { date })}${survey.state === 'open' && survey.publishedOn && html` · ${results}`}`,
  }
}
