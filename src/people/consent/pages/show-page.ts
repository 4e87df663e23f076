import type { City } from '../../../city/index.ts'
import { field, notice as noticeBox, page, weekdayWords } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import type { KeptNotice } from '../notice.ts'
import { say } from '../own/messages.ts'
import type { RequestOfHers } from '../own/read.ts'
import type { ConsentMethod } from '../rules.ts'

export type ShowView = Readonly<{
  city: City
  language: Language
  request: RequestOfHers
  kept: KeptNotice
  firstName: string
  done?: boolean
  typed?: string
  refused?: 'wrong' | 'letter-over' | 'letter-many' | 'no-address'
}>

/** How she shows who she is: the number to say, and each way that the city offers, the strongest first. */
export function showPage(view: ShowView): Html {
  const { city, language, request, kept, firstName, done, refused } = view
  const title = say(language, 'showTitle')
  const path = `/me/consents/requests/${request.id}`
  const methods = [...(city.consent?.methods ?? [])].filter(([id]) => id !== 'email-plus')
  const date = weekdayWords(language, request.endsOn)
  const body = html`<div class="wrap page own consent">
    <p><a class="back" href="${inLanguage(language, '/me')}">${say(language, 'back')}</a></p>
    ${done && html`<div role="status">${noticeBox('done', html`<p>${say(language, 'doneWaits', { child: firstName })}</p>`)}</div>`}
    ${refused && html`<div role="alert">${noticeBox('wrong', html`<p>${say(language, `refused-${refused}`)}</p>`)}</div>`}
    <h1>${title}</h1>
    <p class="soft">${say(language, 'requestTitle', { child: firstName, title: kept.notice.title[language] })}</p>
    <p class="lead">${say(language, 'showLead')}</p>
    <p class="number-to-say"><strong>${say(language, 'showNumber', { number: String(request.number) })}</strong></p>
    <p>${say(language, 'waitingShowSays', { date })}</p>
    ${methods.map(([id, { strength, how }]) => methodPart(view, id, strength, how[language]))}
  </div>`
  return page({ city, language, path, title, body, personal: true, signedIn: true, wrong: refused !== undefined })
}

function methodPart(view: ShowView, id: ConsentMethod, strength: number, how: string): Html {
  const { city, language, request } = view
  const enough = strength >= (request.wants ?? 1)
  const at = (rest: string) => inLanguage(language, `/me/consents/requests/${request.id}/${rest}`)
  const { appointment } = city.consent ?? {}
  return html`<section class="purpose" aria-labelledby="by-${id}">
    <h2 id="by-${id}">${say(language, `method-${id}`)}</h2>
    <p><span class="tag ${enough ? 'strong' : ''}">${say(language, enough ? 'showStrong' : 'showPart')}</span></p>
    <p>${how}</p>
    ${
      id === 'video' &&
      appointment !== undefined &&
      html`<p><a class="onward" href="${inLanguage(language, `/bookings/${appointment}`)}">${say(language, 'bookVideo')}</a></p>`
    }
    ${id === 'signed-form' && html`<p><a class="onward" href="${at('form')}">${say(language, 'printForm')}</a></p>`}
    ${id === 'code-by-post' && letterPart(view, at)}
  </section>`
}

function letterPart({ city, language, request, typed = '', refused }: ShowView, at: (rest: string) => string): Html {
  const days = city.consent?.codeByPostDays ?? 0
  const wrong = refused === 'wrong' || refused === 'letter-over' ? { error: say(language, `refused-${refused}`) } : {}
  const missing =
    refused === 'no-address' || refused === 'letter-many' ? { error: say(language, `refused-${refused}`) } : {}
  if (request.letter === 'printed')
    return html`<p>${say(language, 'letterPrinted', { days })}</p>
      <form class="form" method="post" action="${at('codes')}" novalidate>
        ${field(language, {
          name: 'code',
          label: say(language, 'code'),
          hint: say(language, 'codeHint'),
          needed: true,
          control: { kind: 'digits', short: true },
          autocomplete: 'off',
          ...wrong,
        })}
        <p><button class="usa-button" type="submit">${say(language, 'useCode')}</button></p>
      </form>`
  if (request.letter === 'asked') return html`<p>${say(language, 'letterAsked')}</p>`
  return html`<form class="form" method="post" action="${at('letters')}" novalidate>
    ${field(language, {
      name: 'address',
      label: say(language, 'address'),
      hint: say(language, 'addressHint'),
      needed: true,
      control: { kind: 'lines', rows: 3 },
      autocomplete: 'street-address',
      value: typed,
      why: { necessity: say(language, 'addressWhy'), kept: say(language, 'addressKept') },
      ...missing,
    })}
    <p><button class="usa-button usa-button--outline" type="submit">${say(language, 'askLetter')}</button></p>
  </form>`
}

/** The form to sign on paper: what she said yes to, in the notice's words. */
export function formPage(
  { city, language, request, kept, firstName }: ShowView,
  guardian: string,
  yes: readonly string[],
): Html {
  const title = say(language, 'formTitle')
  const path = `/me/consents/requests/${request.id}/form`
  const body = html`<div class="wrap page own consent">
    <p class="screen"><a class="back" href="${inLanguage(language, `/me/consents/requests/${request.id}`)}">${say(language, 'showTitle')}</a></p>
    <h1>${title}</h1>
    <p><strong>${kept.notice.title[language]}</strong> · ${say(language, 'showNumber', { number: String(request.number) })}</p>
    <p>${say(language, 'formLead')}</p>
    <p>${say(language, 'formI', { guardian, child: firstName })}</p>
    <ul>
      ${kept.notice.purposes
        .filter(({ id }) => yes.includes(id))
        .map((purpose) => html`<li><strong>${purpose.title[language]}</strong>: ${purpose.why[language]}</li>`)}
    </ul>
    <p class="sign-line">${say(language, 'formSign')}</p>
    <p class="soft small">${kept.hash}</p>
  </div>`
  return page({ city, language, path, title, body, personal: true, signedIn: true })
}
