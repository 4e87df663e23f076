import { html, type Html } from '../../../plumbing/index.ts'
import { keptName } from '../../attachments/index.ts'
import type { FormPage } from '../define.ts'
import { answersIn, childName, namesOf, passName, walkNames } from '../filling/posted-walk.ts'
import type { Sheet } from './form.ts'

const hidden = (name: string, value: string): Html => html`<input type="hidden" name="${name}" value="${value}" />`

/**
 * What a page says of itself when it is posted. The first button of a form is what the return key presses, so going on
 * stands before every other; it is not for the eye.
 */
export function ownFields({ form, state, read }: Sheet, at: FormPage | '_check'): Html {
  const here = at === '_check' ? [] : at.fields.flatMap(({ name }) => (read.asked.includes(name) ? [name] : []))
  const before = [...(state.shown ?? [])].filter((name) => form.fields.some((field) => field.name === name))
  const others = at !== '_check' && at.fields.some(({ kind }) => kind === 'table' || kind === 'map-place')
  return html`${hidden('token', state.token)}${hidden(walkNames.page, at === '_check' ? at : at.id)}${hidden(
    walkNames.shown,
    [...new Set([...before, ...here])].join(' '),
  )}${state.pass !== undefined && hidden(passName, state.pass)}${state.child !== undefined && hidden(childName, state.child)}${state.back && hidden(walkNames.back, '1')}${state.saved && hidden(walkNames.saved, '1')}${
    others &&
    html`<button class="unseen" type="submit" name="_go" value="next" tabindex="-1" aria-hidden="true"></button>`
  }`
}

/** What was answered on other pages, in hidden fields, and the files that wait. Nothing of it is in an address. */
export function carried({ form, state }: Sheet, at: FormPage | '_check'): Html {
  const here = new Set(at === '_check' ? [] : at.fields.flatMap((field) => [field.name, ...namesOf(field)]))
  const files = form.fields.find(({ kind }) => kind === 'files')
  const waiting = files && !here.has(files.name) ? (state.kept ?? []) : []
  const values = Object.entries(answersIn(form, state.values ?? {})).filter(
    ([name]) => !here.has(name.split('.', 1)[0] ?? '') && (!files || name !== keptName(files.name)),
  )
  return html`${values.flatMap(([name, value]) => texts(value).map((text) => hidden(name, text)))}${waiting.map(
    ({ value }) => files && hidden(keptName(files.name), value),
  )}`
}

/** A part that was left open is carried too where it holds a row in its place. */
function texts(value: unknown): readonly string[] {
  return [value].flat().filter((one): one is string => typeof one === 'string' && one !== '')
}
