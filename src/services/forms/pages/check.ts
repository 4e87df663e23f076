import { html, type Html } from '../../../plumbing/index.ts'
import { inWords } from '../answer-in-words.ts'
import type { Field } from '../define-field.ts'
import type { FormPage } from '../define.ts'
import type { City } from '../../../city/index.ts'
import type { Language } from '../../../plumbing/index.ts'
import type { FormDefinition } from '../define.ts'
import { settledValues } from '../filling/settled.ts'
import { checkPage, pagesAsked } from '../filling/walk.ts'
import { placeWords } from '../map/place-words.ts'
import { say } from '../messages.ts'
import { wishInWords } from '../what-it-costs.ts'
import { carried, ownFields } from './carried.ts'
import { feesPart } from './fees.ts'
import { addressOf, formFrame, formTag, progress, sending, type FormState, type Sheet } from './form.ts'

/** Every answer once more, each with a way to change it; then the form is sent. What was not asked is not here. */
export function answersPage(house: { city: City }, language: Language, form: FormDefinition, state: FormState): Html {
  const read = form.look(state.values ?? {})
  const settled = { ...state, values: settledValues(form, state.values ?? {}, read) }
  const sheet: Sheet = { city: house.city, language, form, state: settled, read }
  const pages = pagesAsked(form, sheet.read)
  const at = { step: pages.length + 1, steps: pages.length + 1 }
  const many = form.layout === 'pages'
  const inside = html`${many && progress(language, form, at)}
    <h1>${say(language, 'answersTitle')}</h1>
    <p class="lead">${say(language, 'answersLead')}</p>
    ${formTag(
      sheet,
      false,
      html`${ownFields(sheet, checkPage)}${carried(sheet, checkPage)}
        <button class="unseen" type="submit" name="_go" value="send" tabindex="-1" aria-hidden="true"></button>
        ${pages.map((page) => answered(sheet, page))}
        ${feesPart(house.city, language, form, sheet.read.answers)} ${sending(sheet, true)}`,
    )}`
  const title = many
    ? say(language, 'stepTitle', { ...at, page: say(language, 'answersTitle'), form: form.title[language] })
    : say(language, 'answersTitle')
  return formFrame(sheet, [], title, inside)
}

function answered(sheet: Sheet, page: FormPage): Html {
  const { language, read } = sheet
  const fields = page.fields.filter(({ name }) => read.asked.includes(name))
  return html`<section class="answers">
    ${page.title && html`<h2>${page.title[language]}</h2>`}
    <dl>
      ${fields.map(
        (field) =>
          html`<div>
            <dt>${field.label[language]}</dt>
            <dd>${said(sheet, field)}</dd>
            ${field.kind !== 'reckoned' && change(sheet, page, field)}
          </div>`,
      )}
    </dl>
  </section>`
}

function said({ city, language, form, read, state }: Sheet, field: Field): Html {
  if (field.kind === 'files') {
    const kept = state.kept ?? []
    return kept.length === 0
      ? open(language)
      : html`${kept.map(({ name }) => html`<span class="line">${name}</span> `)}`
  }
  const answer = read.answers[field.name]
  const text =
    answer === undefined
      ? ''
      : field.kind === 'slot' || field.kind === 'session'
        ? wishInWords(city, form, read.answers, language)
        : field.map && typeof answer === 'string'
          ? placeWords(city, language, answer)
          : inWords(field, answer, language)
  return text === ''
    ? open(language)
    : html`${text.split('\n').map((line) => html`<span class="line">${line}</span> `)}`
}

const open = (language: Language): Html => html`<span class="soft">${say(language, 'notAnswered')}</span>`

/** Goes to the question itself: the browser takes the focus to what the address names. */
function change(sheet: Sheet, page: FormPage, { name, label }: Field): Html {
  return html`<dd class="change">
    <button
      class="quiet"
      type="submit"
      name="_go"
      value="to:${page.id}"
      formaction="${addressOf(sheet)}#${name}"
    >
      ${say(sheet.language, 'change')}<span class="unseen"> ${label[sheet.language]}</span>
    </button>
  </dd>`
}
