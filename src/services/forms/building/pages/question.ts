import type { City } from '../../../../city/index.ts'
import { deskPage, type DeskModule } from '../../../../city/look/index.ts'
import { attributes, html, type Html } from '../../../../plumbing/index.ts'
import type { Staff } from '../../../../trust/need-to-know/index.ts'
import { simpleKinds, type FieldEntry } from '../../define-file.ts'
import { rowsOf, type ConditionRows } from '../condition-rows.ts'
import type { DraftFile, DraftProperty } from '../draft.ts'
import { insideOf } from '../edits/parts.ts'
import { say } from '../messages.ts'
import { conditionFields } from './condition-fields.ts'
import { both, check, choose } from './inputs.ts'
import { kindFields } from './kind-fields.ts'
import { partRows } from './part-rows.ts'
import { privacyFields } from './privacy-fields.ts'
import { kindOptions } from './question-rows.ts'
import { saidAbove } from './said.ts'
import { at, under, type Told } from './told.ts'

export type QuestionView = Readonly<{
  city: City
  staff: Staff
  draft: DraftFile
  name: string
  /** Of a part of a table, a person or a child. */
  part?: string
  seen: string
  told: Told
  /** What was typed and not kept, in place of what is kept. */
  typed?: Readonly<{ field: Partial<FieldEntry>; answer: DraftProperty; required: boolean; when?: ConditionRows }>
  modules: readonly DeskModule[]
  focus?: string
  done?: string
  wrong?: string
}>

/** One question with every key of its kind, and why it may be asked. */
export function questionPage(view: QuestionView): Html {
  const { city, staff, draft, name, part, modules } = view
  const now = nowOf(view)
  if (!now) return html``
  const { field, answer, required } = now
  const label = field.label?.en || (part ?? name)
  const title = say('en', part === undefined ? 'questionTitle' : 'partTitle', { label })
  const back = part === undefined ? `/desk/forms/${draft.id}?at=${name}` : `/desk/forms/${draft.id}/questions/${name}`
  const places = placesOf(view)
  const says = (key: string) => at(view.told, `${places.field}/${key}`)
  const wordy = (key: string) => ({ says: (language: 'en' | 'es') => says(`${key}/${language}`) })
  const main = html`<article class="builder">
    <p><a class="onward" href="${back}" data-key="u">${say('en', part === undefined ? 'backToForm' : 'backToQuestion')}</a></p>
    <h1>${title}</h1>
    ${saidAbove(view)} ${leftOver(view)}
    <form method="post" action="/desk/forms/${draft.id}/questions/${name}${part && `--${part}`}" class="write question" data-save>
      <input type="hidden" name="seen" value="${view.seen}" />
      <button hidden type="submit" name="do" value="keep">${say('en', 'keep')}</button>
      ${both('label', say('en', 'label'), field.label, wordy('label'))}
      <div class="both">
        ${choose({ name: 'kind', label: say('en', 'kind'), hint: say('en', 'kindHint'), value: field.kind }, kindOptions(draft, part === undefined ? undefined : simpleKinds))}
        ${kindOf(view) !== 'reckoned' && kindOf(view) !== 'files' && check('required', say('en', 'required'), required, say('en', 'requiredHint'))}
      </div>
      ${kindFields(view, field, answer, places)}
      ${privacyFields(city, { field, answer, part: part !== undefined, told: view.told, place: `${places.answer}/privacy` })}
      ${part === undefined && whenPart(view, field)}
      <details ${attributes({ open: field.help !== undefined || field.hint !== undefined || field.errors !== undefined })}>
        <summary>${say('en', 'moreWords')}</summary>
        ${both('help', say('en', 'help'), field.help, wordy('help'))} ${both('hint', say('en', 'hint'), field.hint, wordy('hint'))}
        ${both('missing', say('en', 'whenMissing'), field.errors?.missing, wordy('errors/missing'))}
        ${both('wrong', say('en', 'whenWrong'), field.errors?.wrong, wordy('errors/wrong'))}
      </details>
      <div class="acts"><button class="button" type="submit" name="do" value="keep">${say('en', 'keep')}</button></div>
    </form>
    ${part === undefined && partRows(view)}
  </article>`
  return deskPage({ city, staff, here: 'forms', title, wrong: view.wrong !== undefined, main, modules })
}

/** Where the question stands in the form's file: its words, and its answer. */
export type Places = Readonly<{ field: string; answer: string }>

export function placesOf({ draft, name, part }: Pick<QuestionView, 'draft' | 'name' | 'part'>): Places {
  const inside = draft.fields[name]?.kind === 'table' ? '/items' : ''
  return part === undefined
    ? { field: `fields/${name}`, answer: `schema/properties/${name}` }
    : { field: `fields/${name}/parts/${part}`, answer: `schema/properties/${name}${inside}/properties/${part}` }
}

/** What is told of the question and shown beside no one control. */
function leftOver(view: QuestionView): Html | undefined {
  const { field, answer } = placesOf(view)
  const beside =
    /\/(label|help|hint|empty|statement|choices|errors|when|facility|reckon|privacy|parts|items|properties)(\/|$)/
  const own = [field, answer].flatMap((place) =>
    [...view.told].flatMap(([key, says]) =>
      key === place || (key.startsWith(`${place}/`) && !beside.test(key.slice(place.length))) ? says : [],
    ),
  )
  const privacy = under(view.told, `${answer}/privacy`)
  if (own.length === 0) return undefined
  return html`<div class="refused">${[...new Set(own)].filter((says) => !privacy.includes(says)).map((says) => html`<p>${says}</p>`)}</div>`
}

function nowOf({ draft, name, part, typed }: QuestionView) {
  if (typed) return typed
  if (part !== undefined) {
    const inside = insideOf(draft, name)
    const [field, answer] = [inside?.parts[part], inside?.answers[part]]
    if (!inside) return undefined
    return (
      field &&
      answer && {
        field: field as Partial<FieldEntry>,
        answer: answer as DraftProperty,
        required: inside.required.includes(part),
      }
    )
  }
  const [field, answer] = [draft.fields[name], draft.schema.properties[name]]
  return (
    field &&
    answer && { field: field as Partial<FieldEntry>, answer, required: draft.schema.required?.includes(name) ?? false }
  )
}

export const kindOf = (view: QuestionView) => nowOf(view)?.field.kind ?? 'text'

export const questionsBefore = (draft: DraftFile, name: string): readonly string[] => {
  const names = Object.keys(draft.fields)
  return names.slice(0, names.indexOf(name))
}

function whenPart(view: QuestionView, field: Partial<FieldEntry>): Html {
  const { draft, name, told, typed } = view
  return html`<fieldset>
    <legend>${say('en', 'shownWhen')}</legend>
    ${conditionFields('when', draft, questionsBefore(draft, name), typed?.when ?? rowsOf(field.when), under(told, `fields/${name}/when`))}
  </fieldset>`
}
