import { attributes, html, type Html } from '../../../../plumbing/index.ts'
import { kinds, type Kind } from '../../define-file.ts'
import { rowsOf } from '../condition-rows.ts'
import type { DraftFile } from '../draft.ts'
import { markOf } from '../edit-draft.ts'
import { stepsOf } from '../edits/order.ts'
import { say } from '../messages.ts'
import { conditionFields, labelOf } from './condition-fields.ts'
import { both, choose, type Says } from './inputs.ts'
import type { OverviewView } from './overview.ts'
import { aboutQuestion, at, type Told } from './told.ts'

/** All questions in their order, with the pages between them; to change, move, remove, and to add to. */
export function questionRows(view: OverviewView, editing: boolean): Html {
  const { draft } = view.shown
  const steps = stepsOf(draft)
  return html`<section id="questions">
    <h2>${say('en', 'questions')}</h2>
    ${steps.length === 0 && html`<p class="soft">${say('en', 'noQuestions')}</p>`}
    <ol class="questions">
      ${steps.map((step) =>
        'page' in step
          ? html`<li class="page">${pageRow(view, step.page, editing)}</li> `
          : html`<li>${questionRow(view, step.question, editing)}</li> `,
      )}
    </ol>
    ${editing && addQuestion(view)}
  </section>`
}

function questionRow({ shown, told, focus }: OverviewView, name: string, editing: boolean): Html {
  const { draft } = shown
  const says = aboutQuestion(told, name)
  const field = draft.fields[name]
  const privacy = draft.schema.properties[name]?.privacy
  const category = typeof privacy === 'object' ? (privacy.category ?? '?') : undefined
  const label = labelOf(draft, name)
  const href = `/desk/forms/${draft.id}/questions/${name}`
  const move = (by: 'up' | 'down', sign: string) =>
    button(
      {
        'aria-label': say('en', by === 'up' ? 'moveUp' : 'moveDown', { label }),
        value: `${by} ${name}`,
        autofocus: focus === `${by} ${name}`,
      },
      sign,
    )
  return html`<div class="line" id="q-${name}">
      ${editing ? html`<a ${attributes({ href, 'data-line': true, autofocus: focus === name })}>${label}</a>` : html`<span>${label}</span>`}
      <span class="soft small">
        ${say('en', `kind-${field?.kind ?? 'text'}`)}${draft.schema.required?.includes(name) && html`, ${say('en', 'isRequired')}`}${field?.when && html`, ${say('en', 'sometimes')}`}
      </span>
      ${category !== undefined && html`<span class="mark">${category}</span>`}
      ${
        editing &&
        html`<form method="post" action="/desk/forms/${draft.id}/edits" class="moves">
          <input type="hidden" name="edit" value="arrange" />
          <input type="hidden" name="seen" value="${markOf(draft, { edit: 'remove-question', name })}" />
          ${move('up', '↑')} ${move('down', '↓')}
          ${button({ 'aria-label': say('en', 'newPageAt', { label }), value: `page ${name}` }, '¶')}
          ${button({ 'aria-label': say('en', 'removeNamed', { label }), value: `remove ${name}` }, '×')}
        </form>`
      }
    </div>
    ${editing && says.length > 0 && html`<p class="error">${says.join(' ')}</p>`}`
}

const button = (its: Readonly<Record<string, string | boolean>>, sign: string): Html =>
  html`<button ${attributes({ class: 'quiet', type: 'submit', name: 'do', ...its })}>${sign}</button>`

function pageRow({ shown, told }: OverviewView, page: string, editing: boolean): Html {
  const { draft } = shown
  const entry = draft.pages?.[page]
  if (!entry) return html``
  const says = pageSays(told, page)
  const names = Object.keys(draft.fields)
  const before = names.slice(0, names.indexOf(entry.fields[0] ?? ''))
  if (!editing) return html`<h3>${entry.title.en}</h3>`
  return html`<details ${attributes({ open: says.length > 0 || entry.title.en === '' })}>
    <summary><b>${say('en', 'page')}</b> ${entry.title.en || say('en', 'untitled')}</summary>
    <form method="post" action="/desk/forms/${draft.id}/edits">
      <input type="hidden" name="edit" value="change-page" /><input type="hidden" name="page" value="${page}" />
      <input type="hidden" name="seen" value="${markOf(draft, { edit: 'join-page', page })}" />
      ${both('page-title', say('en', 'title'), entry.title, { says: (language) => at(told, `pages/${page}/title/${language}`) })}
      ${both('page-intro', say('en', 'intro'), entry.intro)}
      <p class="small"><b>${say('en', 'shownWhen')}</b></p>
      ${conditionFields('when', draft, before, rowsOf(entry.when), at(told, `pages/${page}/when`))}
      <div class="acts">
        ${button({ value: 'keep', class: 'button outline' }, say('en', 'keep'))} ${button({ value: 'join' }, say('en', 'joinPage'))}
      </div>
    </form>
  </details>`
}

const pageSays = (told: Told, page: string): Says =>
  [...told].flatMap(([place, says]) => (place.startsWith(`pages/${page}`) ? says : []))

function addQuestion({ shown, typed, focus }: OverviewView): Html {
  const { draft } = shown
  const text =
    typed?.['edit'] === 'add-question' ? { en: typed['label.en'] ?? '', es: typed['label.es'] ?? '' } : undefined
  const last = Object.keys(draft.fields).at(-1) ?? ''
  return html`<form method="post" action="/desk/forms/${draft.id}/edits" class="write" id="add">
    <h3>${say('en', 'addQuestion')}</h3>
    <input type="hidden" name="edit" value="add-question" />
    ${both('label', say('en', 'label'), text)}
    <div class="both">
      ${choose(
        { name: 'kind', label: say('en', 'kind'), value: 'text', more: { autofocus: focus === 'add' } },
        kindOptions(draft),
      )}
      ${choose(
        { name: 'after', label: say('en', 'after'), value: last },
        Object.keys(draft.fields).map((value) => ({ value, label: labelOf(draft, value) })),
      )}
    </div>
    <button class="button outline" type="submit">${say('en', 'add')}</button>
  </form>`
}

export const kindOptions = (_draft: DraftFile, some: readonly Kind[] = kinds) =>
  some.map((value) => ({ value, label: say('en', `kind-${value}`) }))
