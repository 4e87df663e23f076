import type { City } from '../../../city/index.ts'
import { deskPage, empty, notice, paragraphs } from '../../../city/look/index.ts'
import { html, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import { say } from '../desk-messages.ts'
import type { Words } from '../judge-words.ts'
import type { Survey } from '../survey.ts'

type View = Readonly<{
  city: City
  staff: Staff
  survey: Survey
  /** Undefined while they are sealed. */
  words: readonly Words[] | undefined
  wrong?: string
}>

/** The free words of a survey: sealed until opened, then one by one published or destroyed. */
export function deskWordsPage({ city, staff, survey, words, wrong }: View): Html {
  const title = say('en', 'wordsTitle', { title: survey.questions.form.title.en })
  const main = html`<article class="surveys">
    <p><a class="back" href="/desk/surveys/${survey.id}" data-key="u">${survey.questions.form.title.en}</a></p>
    ${wrong !== undefined && html`<div role="alert">${notice('wrong', html`<p>${wrong}</p>`)}</div>`}
    <h1>${title}</h1>
    <p class="soft">${say('en', 'wordsLead')}</p>
    ${survey.freeText === 'never' && html`<p>${say('en', 'neverPublished')}</p>`}
    ${words ? shown(survey, words) : sealed(survey)}
  </article>`
  return deskPage({ city, staff, here: 'surveys', title, wrong: wrong !== undefined, main })
}

function sealed({ id }: Survey): Html {
  return empty(
    say('en', 'wordsSealed'),
    html`<p>${say('en', 'wordsSealedLead')}</p>
      <form method="post" action="/desk/surveys/${id}/words/openings">
        <button class="button" type="submit">${say('en', 'wordsOpen')}</button>
      </form>`,
  )
}

function shown(survey: Survey, words: readonly Words[]): Html {
  if (words.length === 0) return empty(say('en', 'wordsNone'), html`<p>${say('en', 'wordsNoneLead')}</p>`)
  const asked = survey.questions.form.fields.filter(({ name }) => words.some(({ question }) => question === name))
  return html`${asked.map(
    ({ name, label }) =>
      html`<section class="record">
        <h2>${label.en}</h2>
        <ul class="voices">
          ${words.filter(({ question }) => question === name).map((one) => voice(survey, one))}
        </ul>
      </section>`,
  )}`
}

function voice(survey: Survey, { id, text, masked, state }: Words): Html {
  const mayPublish = state === 'waiting' && survey.freeText === 'after-approval'
  return html`<li>
    <div>${paragraphs(text)}</div>
    <p class="soft small">
      ${state === 'approved' && say('en', 'approvedMark')} ${masked > 0 && say('en', 'maskedMark', { count: masked })}
    </p>
    <form class="row" method="post" action="/desk/surveys/${survey.id}/words">
      <input type="hidden" name="words" value="${id}" />
      ${
        mayPublish &&
        html`<button class="button" type="submit" name="verdict" value="approve">${say('en', 'approve')}</button>`
      }
      <button class="button outline" type="submit" name="verdict" value="decline">
        ${say('en', state === 'approved' ? 'declineApproved' : 'decline')}
      </button>
    </form>
  </li> `
}
