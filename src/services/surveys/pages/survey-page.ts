import type { City } from '../../../city/index.ts'
import { dateWords, errorSummary, field, notice, page } from '../../../city/look/index.ts'
import { attributes, html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import type { FieldError } from '../../forms/index.ts'
import { ticketModule } from '../browser/modules.ts'
import { say } from '../messages.ts'
import type { Survey } from '../survey.ts'
import { questions, wrongIn, type Wrong } from './questions.ts'

/** What the page of a survey shows besides its questions. */
export type SurveyState = Readonly<{
  /** One for each page that is shown; it tells a repeat, and nobody. */
  token: string
  values?: Readonly<Record<string, unknown>>
  errors?: readonly FieldError[]
  /** Why the answer may not be there: without ticket, slip or page token. */
  pass?: 'no-pass' | 'page' | 'not-signed' | 'no-such-slip'
  told?: 'later' | 'busy'
}>

/** Sent to its own address, a page is forgotten by the browser (RFC 9111, 4.4); going back would then bring another token. */
const otherAddress = '?sent'

/** The field that programs fill in and people do not see. */
export const trap = 'website'

/** The page on which a survey is answered: an ordinary form, the same for everyone. Works without JavaScript. */
export function surveyPage(city: City, language: Language, survey: Survey, state: SurveyState): Html {
  const { form } = survey.questions
  const path = `/surveys/${survey.id}`
  const wrong = [...passWrong(language, survey, state), ...wrongIn(language, form, state.errors ?? [])]
  const policy = (text: Html) => html`<a href="${inLanguage(language, '/privacy')}">${text}</a>`
  const body = html`<div class="wrap page">
    ${errorSummary(language, wrong)} ${state.told && told(language, state.told)}
    ${survey.way === 'open' && state.pass && notice('wrong', html`<p>${say(language, 'pass-page')}</p>`)}
    <h1>${form.title[language]}</h1>
    <p class="lead">${form.intro[language]}</p>
    <p class="soft">
      ${say(language, 'until', { date: dateWords(language, survey.closesOn) })} ${say(language, 'needed')}
    </p>
    <form class="form" id="survey" method="post" action="${inLanguage(language, path)}${otherAddress}" novalidate>
      <input type="hidden" name="token" value="${state.token}" />
      ${survey.way === 'invited' && ticketPart(language, survey, state, wrong)}
      ${questions(city, language, form, { wrong, ...(state.values && { values: state.values }) })} ${trapField(language)}
      <p class="soft">${say(language, 'noReceipt')} ${say.rich(language, 'policy', { a: policy })}</p>
      <div class="actions"><button class="usa-button" type="submit">${say(language, 'send')}</button></div>
    </form>
    ${survey.way === 'invited' && html`<script type="module" src="${ticketModule.href}"></script>`}
  </div>`
  return page({
    city,
    language,
    path,
    title: form.title[language],
    description: form.intro[language],
    wrong: wrong.length > 0,
    body,
  })
}

function told(language: Language, what: 'later' | 'busy'): Html {
  const inside = html`<h2>${say(language, `${what}Title`)}</h2>
    <p>${say(language, what)}</p>`
  return notice('wrong', inside)
}

function passWrong(language: Language, survey: Survey, { pass }: SurveyState): Wrong[] {
  if (survey.way !== 'invited' || pass === undefined || pass === 'page') return []
  return [{ name: 'slip', says: say(language, `pass-${pass}`) }]
}

const words = ['not-there', 'closed', 'other', 'traded', 'trouble', 'old'] as const

/** The ticket that a browser makes, or the printed code; the module hides the code where a ticket is ready. */
function ticketPart(language: Language, survey: Survey, { values = {} }: SurveyState, wrong: readonly Wrong[]): Html {
  const kept = (name: string) => (typeof values[name] === 'string' ? values[name] : '')
  const how = (text: Html) => html`<a href="${inLanguage(language, `/surveys/${survey.id}/key`)}">${text}</a>`
  const error = wrong.find(({ name }) => name === 'slip')?.says
  const said = Object.fromEntries(words.map((word) => [`data-${word}`, say(language, `ticket-${word}`)]))
  return html`<section class="invited" aria-labelledby="invited">
    <h2 id="invited">${say(language, 'invitation')}</h2>
    <p>${say(language, 'invitationLead')}</p>
    <p class="soft">${say.rich(language, 'invitationHow', { a: how })}</p>
    <p
      id="ticket-state"
      class="ticket"
      role="status"
      hidden
      ${attributes({
        'data-survey': survey.id,
        'data-key': survey.publicKey?.toString('base64'),
        'data-making': say(language, 'ticketMaking'),
        'data-ready': say(language, 'ticketReady'),
        ...said,
      })}
    ></p>
    <input type="hidden" name="ticket" value="${kept('ticket')}" />
    <input type="hidden" name="signature" value="${kept('signature')}" />
    <div id="by-slip">
      ${field(language, {
        name: 'slip',
        label: say(language, 'slipLabel'),
        hint: say(language, 'slipHint'),
        control: { kind: 'digits' },
        needed: false,
        value: kept('slip'),
        autocomplete: 'off',
        ...(error !== undefined && { error }),
      })}
      <p class="soft">${say(language, 'slipWhy')}</p>
    </div>
  </section>`
}

function trapField(language: Language): Html {
  return html`<div hidden>
    <label for="${trap}">${say(language, 'trap')}</label
    ><input id="${trap}" name="${trap}" type="text" tabindex="-1" autocomplete="off" value="" />
  </div>`
}
