import { deskPage, notice } from '../../../../city/look/index.ts'
import type { City } from '../../../../city/index.ts'
import { attributes, html, type Html } from '../../../../plumbing/index.ts'
import type { Staff } from '../../../../trust/need-to-know/index.ts'
import type { FormDefinition } from '../../define.ts'
import type { Field } from '../../define-field.ts'
import { purposes, type Purpose } from '../../define-privacy.ts'
import { say } from './messages.ts'

export type AnswersView = Readonly<{
  city: City
  staff: Staff
  form: FormDefinition
  /** Undefined until one was chosen. */
  purpose?: Purpose | undefined
  /** What was ticked and typed, where the page comes back. */
  posted?: Readonly<Record<string, string>>
  period: Readonly<{ from: string; until: string }>
  wrong?: string
}>

export const isPurpose = (text: unknown): text is Purpose => typeof text === 'string' && Object.hasOwn(purposes, text)

/** Questions whose answers can stand in a table. Files stay with their letters. */
export const exportable = ({ fields }: FormDefinition): readonly Field[] =>
  fields.filter(({ kind }) => kind !== 'files')

/** For one purpose, questions of one form: first what for, then which. */
export function answersPage(view: AnswersView): Html {
  const { city, staff, form, purpose, wrong } = view
  const main = html`<article>
    <a class="back" href="/desk/forms/use">${say('en', 'listTitle')}</a>
    <h1>${say('en', 'title')}</h1>
    <p class="soft">${say('en', 'lead', { form: form.title.en })}</p>
    ${wrong !== undefined && html`<div role="alert">${notice('wrong', html`<p>${wrong}</p>`)}</div>`} ${purposeForm(view)}
    ${purpose && exportForm(view, purpose)}
  </article>`
  return deskPage({ city, staff, here: 'inbox', title: say('en', 'title'), wrong: wrong !== undefined, main })
}

function purposeForm({ form, purpose }: AnswersView): Html {
  return html`<form method="get" action="/desk/forms/${form.id}/answers" class="write">
    <label for="purpose">${say('en', 'purposeOf')}</label>
    <select id="purpose" name="purpose">
      ${(Object.keys(purposes) as Purpose[]).map(
        (one) =>
          html`<option ${attributes({ value: one, selected: one === purpose })}>${say('en', `purpose-${one}`)}</option>`,
      )}
    </select>
    <button class="button outline" type="submit">${say('en', 'purposeDo')}</button>
  </form>`
}

function exportForm(view: AnswersView, purpose: Purpose): Html {
  const { form, period, posted } = view
  const input = (name: string, label: Html | string, more: Record<string, string | number | boolean | undefined>) =>
    html`<label for="${name}">${label}</label> <input ${attributes({ id: name, name, ...more })} />`
  return html`<form method="post" action="/desk/forms/${form.id}/answers" class="write">
    <input type="hidden" name="purpose" value="${purpose}" />
    <fieldset>
      <legend>${say('en', 'fieldsOf')}</legend>
      <p class="hint">${say('en', 'fieldsLead')}</p>
      ${exportable(form).map((field) => tick(field, purpose, posted))}
    </fieldset>
    ${input('from', say('en', 'from'), { type: 'date', required: true, value: posted?.from ?? period.from })}
    ${input('until', say('en', 'until'), { type: 'date', required: true, value: posted?.until ?? period.until })}
    <fieldset>
      <legend>${say('en', 'versions')}</legend>
      ${input('version-from', say('en', 'versionFrom'), { type: 'number', min: 1, value: posted?.['version-from'] ?? 1 })}
      ${input('version-to', say('en', 'versionTo'), { type: 'number', min: 1, value: posted?.['version-to'] ?? form.version })}
    </fieldset>
    <label for="format">${say('en', 'format')}</label>
    <select id="format" name="format">
      ${(['csv', 'json'] as const).map((one) => html`<option ${attributes({ value: one, selected: one === posted?.format })}>${say('en', one)}</option>`)}
    </select>
    <p><label><input ${attributes({ type: 'checkbox', name: 'mark', value: 'yes', checked: posted?.mark === 'yes' })} /> ${say('en', 'mark')}</label></p>
    <button class="button" type="submit">${say('en', 'exportDo')}</button>
  </form>`
}

/** Nothing is ticked beforehand that the purpose does not need. */
function tick({ name, label, privacy }: Field, purpose: Purpose, posted: AnswersView['posted']): Html {
  const checked = posted ? posted[`field:${name}`] === 'yes' : privacy?.purpose === purpose && privacy.needed
  const other = privacy
    ? privacy.purpose === purpose
      ? undefined
      : say('en', 'askedFor', { purpose: say('en', `purpose-${privacy.purpose}`) })
    : say('en', 'notPersonal')
  return html`<p>
    <label><input ${attributes({ type: 'checkbox', name: `field:${name}`, value: 'yes', checked })} /> ${label.en}</label>
    ${other !== undefined && html`<span class="soft">(${other})</span>`}
  </p>`
}
