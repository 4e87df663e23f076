import type { City } from '../../../city/index.ts'
import { errorSummary, field, notice, page, type Choice, type Field as Asked } from '../../../city/look/index.ts'
import { attributes, html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { filesControl, limitsWords, type KeptFile } from '../../attachments/index.ts'
import type { FieldError } from '../define-answers.ts'
import type { Field, FormDefinition } from '../define.ts'
import { say } from '../messages.ts'
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
  const wrong = [...wordsOf(language, form, state.errors ?? []), ...filesWrong(files, state)]
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
      ${form.fields.map((question) => field(language, asked(city, language, question, state, wrong)))}
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

interface Wrong {
  readonly name: string
  readonly says: string
}

/** The form's own words for an error where it has some, else the catalogue's. */
function wordsOf(language: Language, form: FormDefinition, errors: readonly FieldError[]): Wrong[] {
  return errors.map(({ field: name, code, params }) => {
    const question = form.fields.find((one) => one.name === name)
    const own = code === 'missing' ? question?.errors?.missing : question?.errors?.wrong
    const label = question?.label[language] ?? name
    return { name, says: own?.[language] ?? say(language, `error-${code}`, { limit: 0, length: 0, ...params, label }) }
  })
}

/** All that is wrong with the files stands beside their one question. */
function filesWrong(files: Field | undefined, { filesWrong: says = [] }: FormState): Wrong[] {
  return files && says.length > 0 ? [{ name: files.name, says: says.join(' ') }] : []
}

function asked(
  city: City,
  language: Language,
  question: Field,
  state: Pick<FormState, 'values' | 'kept'>,
  wrong: readonly Wrong[],
): Asked {
  const error = wrong.find(({ name }) => name === question.name)?.says
  const limits = question.maxItems === undefined ? undefined : limitsWords(language, question.maxItems)
  const hint = [question.help?.[language], question.hint?.[language], limits]
    .filter((words) => words !== undefined)
    .join(' ')
  const retention = question.privacy && city.retention.get(question.privacy.retention)
  return {
    name: question.name,
    label: question.label[language],
    control: control(language, question, state.kept),
    needed: question.required,
    ...(hint && { hint }),
    ...(error !== undefined && { error }),
    value: typedValue(state.values?.[question.name]),
    ...(question.autocomplete !== undefined && { autocomplete: question.autocomplete }),
    ...(question.privacy &&
      retention && { why: { necessity: question.privacy.necessity[language], kept: retention.text[language] } }),
  }
}

function typedValue(value: unknown): string | string[] {
  if (Array.isArray(value)) return value.filter((one) => typeof one === 'string')
  return typeof value === 'string' ? value : ''
}

function control(language: Language, question: Field, kept?: readonly KeptFile[]): Asked['control'] {
  switch (question.kind) {
    case 'files':
      return filesControl(language, { field: question.name, most: question.maxItems ?? 1 }, kept)
    case 'long-text':
      return { kind: 'lines', ...(question.rows !== undefined && { rows: question.rows }) }
    case 'email':
      return { kind: 'email' }
    case 'telephone':
      return { kind: 'tel', short: true }
    case 'date':
      return { kind: 'date', short: true }
    case 'number':
      return { kind: 'number', short: true }
    case 'text':
      return { kind: 'text' }
    case 'yes-no':
      return {
        kind: 'radios',
        choices: (['yes', 'no'] as const).map((value) => ({ value, label: say(language, value) })),
      }
    case 'several':
      return { kind: 'checkboxes', choices: choicesOf(language, question) }
    case 'choice':
      return choiceControl(language, question, 6)
    case 'topic-choice':
    case 'place-choice':
      return choiceControl(language, question, 0)
    default:
      return question.kind satisfies never
  }
}

/** A short list of choices is laid open; a long one folds into a select, grouped where its choices have groups. */
function choiceControl(language: Language, question: Field, mostOpen: number): Asked['control'] {
  const choices = choicesOf(language, question)
  const empty = question.empty?.[language]
  if (choices.length > mostOpen) return { kind: 'select', choices, empty: empty ?? say(language, 'chooseOne') }
  return { kind: 'radios', choices: empty === undefined ? choices : [...choices, { value: '', label: empty }] }
}

function choicesOf(language: Language, { choices = [] }: Field): Choice[] {
  return choices.map(({ value, label, group }) => ({
    value,
    label: label[language],
    ...(group && { group: group[language] }),
  }))
}
