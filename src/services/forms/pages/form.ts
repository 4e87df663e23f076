import type { City } from '../../../city/index.ts'
import { errorSummary, notice, page } from '../../../city/look/index.ts'
import { attributes, html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import type { KeptFile } from '../../attachments/index.ts'
import type { FieldError } from '../answering/errors.ts'
import type { Field } from '../define-field.ts'
import type { FormDefinition } from '../define.ts'
import { say } from '../messages.ts'
import { errorWords, type Wrong } from './error-words.ts'
import { question } from './question.ts'
import type { Near } from '../near-before.ts'
import { nearNotice } from './near.ts'

/** What a form page shows besides the questions. */
export interface FormState {
  /** Makes a repeated post one letter; a new one for each page that is shown. */
  readonly token: string
  /** Everything typed so far, as it was posted; or answers given in the address (`?topic=potholes`). */
  readonly values?: Readonly<Record<string, unknown>>
  readonly errors?: readonly FieldError[]
  /** What is wrong with the files that came, in words. */
  readonly filesWrong?: readonly string[]
  /** Files that came and are kept until the form is right. */
  readonly kept?: readonly KeptFile[]
  /** The token had brought another letter already. */
  readonly different?: boolean
  /** The letter could not be taken just now; nothing typed is lost. */
  readonly later?: boolean
  /** What was reported already: the letter was not taken yet, and is once it is sent again. */
  readonly near?: Near
}

/**
 * A form sent to the very address of its page makes the browser forget that page (RFC 9111, section 4.4); who goes back
 * would get another token, and sending once more would be a second letter.
 */
const otherAddress = '?sent'

const formId = 'letter'
/** The page's own sending asks first; a post without it is a letter at once. */
const checkField = 'first'

/**
 * The page of a form, from its definition. With errors (sent as 422) they stand above the form and beside each question,
 * and everything typed is kept. Works without JavaScript.
 */
export function formPage(house: { city: City }, language: Language, form: FormDefinition, state: FormState): Html {
  const { city } = house
  const path = `/forms/${form.id}`
  const files = form.fields.find(({ kind }) => kind === 'files')
  const wrong = [...errorWords(language, form, state.errors ?? []), ...filesWrong(files, state)]
  const policy = (text: Html) => html`<a href="${inLanguage(language, '/privacy')}">${text}</a>`
  const body = html`<div class="wrap page">
    ${errorSummary(language, wrong)}
    ${state.different && told(language, 'different')} ${state.later && told(language, 'later')}
    ${state.near && nearNotice(city, language, state.near, formId)}
    <h1>${form.title[language]}</h1>
    <p class="lead">${form.intro[language]}</p>
    <p class="soft">${say(language, 'needed')}</p>
    <form
      class="form"
      id="${formId}"
      method="post"
      action="${inLanguage(language, path)}${otherAddress}"
      ${files && attributes({ enctype: 'multipart/form-data' })}
      novalidate
    >
      <input type="hidden" name="token" value="${state.token}" />
      ${form.duplicates && !state.near && html`<input type="hidden" name="${checkField}" value="near" />`}
      ${form.fields.map((one) => question({ city, language, state, wrong }, one))}
      <p class="soft">${say(language, 'afterwards')} ${say.rich(language, 'policy', { a: policy })}</p>
      <div class="actions"><button class="usa-button" type="submit">${say(language, 'send')}</button></div>
    </form>
  </div>`
  return page({
    city,
    language,
    path,
    title: state.near ? say(language, 'nearTitle') : form.title[language],
    description: form.intro[language],
    wrong: wrong.length > 0,
    body,
  })
}

function told(language: Language, what: 'different' | 'later'): Html {
  const inside = html`<h2>${say(language, `${what}Title`)}</h2>
    <p>${say(language, what)}</p>`
  return notice(what === 'later' ? 'wrong' : 'note', inside)
}

/** All that is wrong with the files stands beside their one question. */
function filesWrong(files: Field | undefined, { filesWrong: says = [] }: FormState): Wrong[] {
  return files && says.length > 0 ? [{ name: files.name, says: says.join(' ') }] : []
}
