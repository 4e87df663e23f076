import type { City } from '../../../city/index.ts'
import { dateWords, deskPage, empty } from '../../../city/look/index.ts'
import { html, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import { say } from '../desk-messages.ts'
import type { Questionnaire } from '../load.ts'
import type { SurveyOnDesk } from '../on-desk.ts'
import type { Survey } from '../survey.ts'

type View = Readonly<{
  city: City
  staff: Staff
  surveys: readonly SurveyOnDesk[]
  questionnaires: readonly Questionnaire[]
}>

/** `/desk/surveys`: hers, and the questions from which she can make one. */
export function deskListPage({ city, staff, surveys, questionnaires }: View): Html {
  const main = html`<article class="surveys">
    <h1>${say('en', 'title')}</h1>
    <p class="soft">${say('en', 'lead')}</p>
    ${surveys.length === 0 ? empty(say('en', 'none'), html`<p>${say('en', 'noneLead')}</p>`) : tableOf(surveys)}
    <section class="record">
      <h2>${say('en', 'makeTitle')}</h2>
      ${
        questionnaires.length === 0
          ? empty(say('en', 'noQuestions'), html`<p>${say('en', 'noQuestionsLead')}</p>`, 3)
          : html`<p class="soft">${say('en', 'makeLead')}</p>
              <ul class="rows">
                ${questionnaires.map(
                  ({ form, way }) =>
                    html`<li>
                      <a href="/desk/surveys/new?questions=${form.id}"
                        >${say('en', 'make', { title: form.title.en })}</a
                      >
                      <span class="soft">${wayWords(way)}</span>
                    </li> `,
                )}
              </ul>`
      }
    </section>
  </article>`
  return deskPage({ city, staff, here: 'surveys', title: say('en', 'title'), main })
}

export const wayWords = (way: Survey['way']) => say('en', way === 'open' ? 'wayOpen' : 'wayInvited')

export function stateWords({ state, closesOn, closedOn }: Survey): string {
  return say('en', state, { date: dateWords('en', closedOn ?? closesOn) })
}

function tableOf(surveys: readonly SurveyOnDesk[]): Html {
  return html`<div class="wide-only" tabindex="0" role="region" aria-label="${say('en', 'title')}">
    <table class="table numbers">
      <thead>
        <tr>
          <th scope="col">${say('en', 'survey')}</th>
          <th scope="col">${say('en', 'state')}</th>
          <th scope="col" class="number">${say('en', 'answers')}</th>
          <th scope="col" class="number">${say('en', 'wordsHead')}</th>
        </tr>
      </thead>
      <tbody>
        ${surveys.map(
          ({ survey, answers, wordsWaiting }) =>
            html`<tr>
              <th scope="row">
                <a href="/desk/surveys/${survey.id}">${survey.questions.form.title.en}</a>
                <span class="soft">${survey.id}</span>
              </th>
              <td>${stateWords(survey)}<br /><span class="soft">${wayWords(survey.way)}</span></td>
              <td class="number">${answers}</td>
              <td class="number">${wordsWaiting}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`
}
