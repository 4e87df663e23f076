import type { City } from '../../../city/index.ts'
import { dateWords, notice, page } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { ticketModule } from '../browser/modules.ts'
import { say } from '../messages.ts'
import type { Survey } from '../survey.ts'

const resultsLink = (language: Language, survey: Survey) => (text: Html) =>
  html`<a href="${inLanguage(language, `/surveys/${survey.id}/results`)}">${text}</a>`

/** After an answer: thanks, and no receipt. The same page for everyone. */
export function thanksPage(city: City, language: Language, survey: Survey, again: boolean): Html {
  const body = html`<div class="wrap page">
    ${notice(
      again ? 'note' : 'done',
      html`<h1 class="unboxed">${say(language, 'thanksTitle')}</h1>
        <p>${say(language, again ? 'thanksAgain' : 'thanksDone')}</p>`,
    )}
    <p>${say.rich(language, 'thanksResults', { a: resultsLink(language, survey) })}</p>
    <p class="on"><a href="${inLanguage(language, '/surveys')}">${say(language, 'thanksMore')}</a></p>
    ${
      survey.way === 'invited' &&
      html`<span id="answered" hidden data-survey="${survey.id}"></span>
        <script type="module" src="${ticketModule.href}"></script>`
    }
  </div>`
  return page({
    city,
    language,
    path: `/surveys/${survey.id}/thanks`,
    title: say(language, 'thanksTitle'),
    personal: true,
    body,
  })
}

/** A survey that takes no more answers. `late`: it closed while she was answering. */
export function closedPage(city: City, language: Language, survey: Survey, late = false): Html {
  const date = dateWords(language, survey.closedOn ?? survey.closesOn)
  const body = html`<div class="wrap page">
    <h1>${say(language, 'closedTitle')}</h1>
    <p class="lead">${survey.questions.form.title[language]}</p>
    <p>${say(language, 'closedLead', { date })} ${late && say(language, 'lateLead')}</p>
    <p>${say.rich(language, 'thanksResults', { a: resultsLink(language, survey) })}</p>
    <p class="on"><a href="${inLanguage(language, '/surveys')}">${say(language, 'thanksMore')}</a></p>
  </div>`
  return page({ city, language, path: `/surveys/${survey.id}`, title: say(language, 'closedTitle'), body })
}
