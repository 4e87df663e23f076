import type { City } from '../../../city/index.ts'
import { errorSummary, notice, page } from '../../../city/look/index.ts'
import { attributes, html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import type { KeptFile } from '../../attachments/index.ts'
import type { FieldError } from '../answering/errors.ts'
import type { ReadForm } from '../answering/read-form.ts'
import type { Field } from '../define-field.ts'
import type { FormDefinition, FormPage } from '../define.ts'
import { checkAddress } from '../filling/check-module.ts'
import { fillingModule } from '../filling/module.ts'
import { settledValues } from '../filling/settled.ts'
import { isChecked, pagesAsked } from '../filling/walk.ts'
import { say as sayFilling } from '../filling/messages.ts'
import { droppedNotice } from './dropped.ts'
import { carried, ownFields } from './carried.ts'
import { say } from '../messages.ts'
import { errorWords, type Wrong } from './error-words.ts'
import { feesPart } from './fees.ts'
import { question, type Drawing } from './question.ts'
import type { Near } from '../near-before.ts'
import { nearNotice } from './near.ts'
import { agreedNotice } from '../minors/pages/agreed.ts'

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
  /** The form was changed more than a day after this page was opened: nothing was sent. */
  readonly changed?: boolean
  /** What was reported already: the letter was not taken yet, and is once it is sent again. */
  readonly near?: Near
  /** Which page of the form; the first unless told. */
  readonly page?: FormPage
  /** The questions that she was shown before. */
  readonly shown?: ReadonlySet<string>
  /** She came from her answers to change one, and goes back to them. */
  readonly back?: boolean
  /** The city keeps what she has so far, for later. */
  readonly saved?: boolean
  /** What she had kept was deleted just now. */
  readonly dropped?: boolean
  /** Questions that her answers brought up on this very page. */
  readonly more?: readonly string[]
  /** The question in which a time is chosen, where this page has it. */
  readonly slot?: Html | undefined
  /** What takes the focus: `+items` is the last row of a table. */
  readonly focus?: string
  /** That age was asked and she is of age, where the form asks it first. */
  readonly pass?: string
  /** The code of a minor whose parent consented: she fills in what was consented to. */
  readonly child?: string
  /** What is said instead of that to a minor who came of age since. */
  readonly ofAge?: Html
  /** A clerk tries a draft out: the same pages, and nothing is sent or kept. */
  readonly trial?: Trial
}

/** `action` is where it is posted, `above` what the clerk is told, `send` the button in place of sending. */
export type Trial = Readonly<{ action: string; above: Html; send: string }>

/**
 * A form sent to the very address of its page makes the browser forget that page (RFC 9111, section 4.4); who goes back
 * would get another token, and sending once more would be a second letter.
 */
export const addressOf = ({ language, form, state }: Sheet): string =>
  state.trial?.action ?? `${inLanguage(language, `/forms/${form.id}`)}?sent=${String(form.version)}`

export const formId = 'letter'
/** The page's own sending asks first; a post without it is a letter at once. */
export const checkField = 'first'

/** What every page of a form is drawn from. */
export type Sheet = Readonly<{ city: City; language: Language; form: FormDefinition; state: FormState; read: ReadForm }>

/**
 * One page of a form, from its definition. With errors (sent as 422) they stand above the form and beside each question,
 * and everything typed is kept, also what was answered on other pages. Works without JavaScript.
 */
export function formPage(house: { city: City }, language: Language, form: FormDefinition, given: FormState): Html {
  const { city } = house
  const read = form.look(given.values ?? {})
  const state = { ...given, values: settledValues(form, given.values ?? {}, read) }
  const shown = state.page ?? form.pages[0]
  if (!shown) throw new Error(`${form.id} has no page`)
  const sheet: Sheet = { city, language, form, state, read }
  const files = shown.fields.find(({ kind }) => kind === 'files')
  const wrong = [...errorWords(language, form, state.errors ?? []), ...filesWrong(files, state)]
  const reckoned = Object.fromEntries(
    Object.entries(read.answers).filter((one): one is [string, number] => typeof one[1] === 'number'),
  )
  const drawing: Drawing = { city, language, state: { ...state, reckoned }, wrong }
  const inside = html`${heading(sheet, shown)}
  ${state.more && state.more.length > 0 && notice('note', html`<p role="status">${say(language, 'moreAsked', { count: state.more.length })}</p>`)}
  ${formTag(
    sheet,
    files !== undefined,
    html`${ownFields(sheet, shown)}${carried(sheet, shown)}${shown.fields.map((one) => asked(drawing, read, one))}
    ${shown === form.pages.at(-1) && feesPart(city, language, form, read.answers)}
    ${isChecked(form) ? steps(sheet, shown) : sending(sheet)}`,
  )}`
  return formFrame(sheet, wrong, titleOf(sheet, shown), inside)
}

/** The frame of every page of a form: what is wrong and what happened stand above it. */
export function formFrame(
  { city, language, form, state }: Sheet,
  wrong: readonly Wrong[],
  title: string,
  inside: Html,
): Html {
  const { trial } = state
  const body = html`<div class="wrap page${trial && ' as-on-phone'}">
    ${trial?.above} ${errorSummary(language, wrong)}
    ${state.dropped && droppedNotice(language)} ${state.different && told(language, 'different')} ${state.later && told(language, 'later')}
    ${state.changed && told(language, 'changed')}
    ${state.near && nearNotice(city, language, state.near, formId)}${state.child && (state.ofAge ?? agreedNotice(language))}${inside}
  </div>`
  return page({
    city,
    language,
    path: trial ? '/services' : `/forms/${form.id}`,
    modules: trial || state.child ? [] : [checkAddress(form, language), fillingModule.href],
    ...(trial && { personal: true }),
    title: state.near ? say(language, 'nearTitle') : title,
    description: form.intro[language],
    wrong: wrong.length > 0,
    body,
  })
}

export function formTag(sheet: Sheet, withFiles: boolean, inside: Html): Html {
  return html`<form
    class="form"
    id="${formId}"
    method="post"
    action="${addressOf(sheet)}"
    ${withFiles && !sheet.state.trial && attributes({ enctype: 'multipart/form-data' })}
    novalidate
  >
    ${inside}
  </form>`
}

/** The first page says what the form is; every other, where in it she is. */
function heading({ language, form, state, read }: Sheet, shown: FormPage): Html {
  const first = shown === form.pages[0]
  const about = html`<p class="lead">${form.intro[language]}</p>
    <p class="soft">${say(language, 'needed')}</p>`
  if (form.layout !== 'pages')
    return html`<h1>${form.title[language]}</h1>
      ${about}`
  const pages = pagesAsked(form, read)
  const at = { step: pages.indexOf(shown) + 1, steps: pages.length + 1 }
  return html`${
    first &&
    !state.back &&
    html`<h1>${form.title[language]}</h1>
    ${about}`
  }
    ${progress(language, form, at, first && !state.back)}
    ${first && !state.back ? html`<h2 class="step">${shown.title?.[language]}</h2>` : html`<h1>${shown.title?.[language]}</h1>`}
    ${shown.intro && html`<p class="lead">${shown.intro[language]}</p>`}`
}

type At = Readonly<{ step: number; steps: number }>

/** Where she is, in words; the line of it is for the eye. */
export function progress(language: Language, form: FormDefinition, { step, steps }: At, untitled = false): Html {
  return html`<p class="progress">
    ${!untitled && html`<span class="of">${form.title[language]}</span> `}<span>${say(language, 'stepOf', { step, steps })}</span>
    <progress aria-hidden="true" max="${steps}" value="${step}"></progress>
  </p>`
}

function titleOf({ language, form, read }: Sheet, shown: FormPage): string {
  if (form.layout !== 'pages' || shown === form.pages[0]) return form.title[language]
  const pages = pagesAsked(form, read)
  const at = { step: pages.indexOf(shown) + 1, steps: pages.length + 1 }
  return say(language, 'stepTitle', { ...at, page: shown.title?.[language] ?? '', form: form.title[language] })
}

/** What is asked only sometimes is in the page and not shown, until the answers bring it up. */
function asked(drawing: Drawing, read: ReadForm, one: Field): Html {
  const drawn = question(drawing, one)
  if (!one.when) return drawn
  return html`<div data-asked="${one.name}" ${!read.asked.includes(one.name) && html` hidden`}>${drawn}</div>`
}

/** Going on stands first: it is what the return key does. */
function steps({ language, form, state, read }: Sheet, shown: FormPage): Html {
  const isFirst = pagesAsked(form, read)[0] === shown
  return html`<div class="actions">
    <button class="usa-button" type="submit" name="_go" value="next">
      ${say(language, state.back ? 'toAnswers' : 'next')}
    </button>
    ${!isFirst && backButton(language)}${maySave(state) && saveButton(language)}
  </div>`
}

/** `back`: from her answers she may also go back. */
export function sending({ language, form, state }: Sheet, back = false): Html {
  const policy = (text: Html) => html`<a href="${inLanguage(language, '/privacy')}">${text}</a>`
  return html`${form.duplicates && !state.near && html`<input type="hidden" name="${checkField}" value="near" />`}
    <p class="soft">${say(language, 'afterwards')} ${say.rich(language, 'policy', { a: policy })}</p>
    <div class="actions">
      <button class="usa-button" type="submit" ${back && attributes({ name: '_go', value: 'send' })}>
        ${state.trial?.send ?? say(language, 'send')}
      </button>
      ${back && backButton(language)}${back && maySave(state) && saveButton(language)}
    </div>`
}

/** What a minor answers goes under her parent's consent or nowhere: the city keeps no drafts of it. */
const maySave = ({ trial, child }: FormState): boolean => !trial && child === undefined

/** Going on another day, on another device. */
const saveButton = (language: Language): Html =>
  html`<button class="quiet" type="submit" name="_go" value="save" formnovalidate>${sayFilling(language, 'save')}</button>`

const backButton = (language: Language): Html =>
  html`<button class="usa-button usa-button--outline" type="submit" name="_go" value="back" formnovalidate>
    ${say(language, 'back')}
  </button>`

function told(language: Language, what: 'different' | 'later' | 'changed'): Html {
  const inside = html`<h2>${say(language, `${what}Title`)}</h2>
    <p>${say(language, what)}</p>`
  return notice(what === 'later' ? 'wrong' : 'note', inside)
}

/** All that is wrong with the files stands beside their one question. */
function filesWrong(files: Field | undefined, { filesWrong: says = [] }: FormState): Wrong[] {
  return files && says.length > 0 ? [{ name: files.name, says: says.join(' ') }] : []
}
