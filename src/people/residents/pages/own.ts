import type { City } from '../../../city/index.ts'
import { errorSummary, notice, page } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { say } from '../messages.ts'

export type OwnParts = Readonly<{
  path: string
  title: string
  body: Html
  done?: string
  wrong?: string | Html
  errors?: readonly Readonly<{ name: string; says: string }>[]
  modules?: readonly string[]
}>

/** The frame of a page behind a resident's door: the way back, what was done or is wrong, heading, and the rest. */
export function ownPage(city: City, language: Language, parts: OwnParts): Html {
  const { path, title, body, done, wrong, errors = [], modules = [] } = parts
  const inside = html`<div class="wrap page own">
    ${errorSummary(language, errors)}
    <p class="back"><a href="${inLanguage(language, '/me')}">${say(language, 'back')}</a></p>
    <h1>${title}</h1>
    ${done !== undefined && html`<div role="status">${notice('done', html`<p>${done}</p>`)}</div>`}
    ${wrong !== undefined && html`<div role="alert">${notice('wrong', html`<p>${wrong}</p>`)}</div>`} ${body}
  </div>`
  const isWrong = wrong !== undefined || errors.length > 0
  return page({ city, language, path, title, body: inside, personal: true, signedIn: true, wrong: isWrong, modules })
}

/** Instead of a form that needs a fresh sign-in: what to do, and the way back here. */
export function freshFirst(language: Language, then: string): Html {
  const at = inLanguage(language, `/me/sign-in?ended=again&then=${encodeURIComponent(then)}`)
  return html`<p>${say(language, 'freshFirst')}</p>
    <p><a class="usa-button usa-button--outline" href="${at}">${say(language, 'signInAgain')}</a></p>`
}

/** A button of its own: a form with nothing but it. */
export function press(
  language: Language,
  action: string,
  words: string,
  fields: Readonly<Record<string, string>> = {},
): Html {
  return html`<form method="post" action="${inLanguage(language, action)}">
    ${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    <button class="usa-button usa-button--outline" type="submit">${words}</button>
  </form>`
}
