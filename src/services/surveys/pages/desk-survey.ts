import type { City } from '../../../city/index.ts'
import { deskPage, empty, factsList, notice } from '../../../city/look/index.ts'
import { html, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import { say } from '../desk-messages.ts'
import type { SurveyOnDesk } from '../on-desk.ts'
import type { Results } from '../results.ts'
import { stateWords, wayWords } from './desk-list.ts'
import { invitePart, slipsPart, tradePart } from './desk-invite.ts'
import { tablesOf } from './results-page.ts'

export type DeskSurveyView = Readonly<{
  city: City
  staff: Staff
  onDesk: SurveyOnDesk
  results: Results | undefined
  publicUrl: string
  /** Whether mail goes out at all. */
  mails: boolean
  typed?: Readonly<Record<string, string>>
  done?: string
  wrong?: Readonly<{ at: 'addresses' | 'count' | 'code' | 'sure'; says: string }>
}>

/** One survey at the desk. */
export function deskSurveyPage(view: DeskSurveyView): Html {
  const { city, staff, onDesk, done, wrong } = view
  const { survey } = onDesk
  const title = survey.questions.form.title.en
  const running = survey.state === 'open'
  const main = html`<article class="surveys">
    <p><a class="back" href="/desk/surveys" data-key="u">${say('en', 'back')}</a></p>
    ${done !== undefined && html`<div role="status">${notice('done', html`<p>${done}</p>`)}</div>`}
    ${wrong && html`<div role="alert">${notice('wrong', html`<p>${wrong.says}</p>`)}</div>`}
    <h1>${title}</h1>
    <p class="soft">${stateWords(survey)} · ${wayWords(survey.way)}</p>
    ${numbers(view)}
    ${running && survey.way === 'invited' && html`${invitePart(view)} ${slipsPart(view)} ${tradePart(view)}`}
    ${preview(view)} ${running && closing(view)}
  </article>`
  return deskPage({ city, staff, here: 'surveys', title, wrong: wrong !== undefined, main })
}

function numbers({ onDesk, publicUrl }: DeskSurveyView): Html {
  const { survey, answers, invited, waiting, undelivered, tickets, traded, slips, wordsWaiting } = onDesk
  const byInvitation = survey.way === 'invited'
  const path = `/surveys/${survey.id}`
  return html`<section class="record">
    <h2>${say('en', 'counts')}</h2>
    ${factsList([
      [say('en', 'answers'), String(answers)],
      byInvitation && [say('en', 'invited'), String(invited)],
      byInvitation && survey.state === 'open' && [say('en', 'mailWaiting'), String(waiting)],
      byInvitation && [say('en', 'undelivered'), String(undelivered)],
      byInvitation && [say('en', 'tickets'), String(tickets)],
      byInvitation && survey.state === 'open' && [say('en', 'traded'), String(traded)],
      byInvitation && [say('en', 'slips'), String(slips)],
      [
        say('en', 'address'),
        html`<a href="${path}">${publicUrl.replace(/\/$/, '')}${path}</a> ·
          <a href="${path}/results">${say('en', 'publicResults')}</a>`,
      ],
    ])}
    ${byInvitation && html`<p class="soft">${say('en', survey.state === 'open' ? 'ticketsHint' : 'destroyed')}</p>`}
    ${
      survey.questions.form.fields.some(({ kind }) => kind === 'text' || kind === 'long-text') &&
      html`<p>
        <a class="onward" href="/desk/surveys/${survey.id}/words"
          >${say('en', 'wordsLink', { count: wordsWaiting })}</a
        >
      </p>`
    }
  </section>`
}

function preview({ onDesk, results }: DeskSurveyView): Html {
  return html`<section class="record">
    <h2>${say('en', 'previewTitle')}</h2>
    ${
      results?.counted === undefined
        ? empty(say('en', 'previewTitle'), html`<p>${say('en', 'previewNone')}</p>`, 3)
        : html`<p class="soft">${say('en', 'previewLead')}</p>
            ${tablesOf('en', onDesk.survey, results, 3)}`
    }
  </section>`
}

function closing({ onDesk }: DeskSurveyView): Html {
  return html`<section class="record">
    <h2>${say('en', 'closeTitle')}</h2>
    <p class="soft">${say('en', 'closeLead')}</p>
    <form class="write" method="post" action="/desk/surveys/${onDesk.survey.id}/closings">
      <p class="row">
        <label><input type="checkbox" name="sure" value="yes" /> ${say('en', 'closeSure')}</label>
        <button class="button outline" type="submit">${say('en', 'close')}</button>
      </p>
    </form>
  </section>`
}
