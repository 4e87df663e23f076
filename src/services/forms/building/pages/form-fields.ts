import { attributes, html, type Html } from '../../../../plumbing/index.ts'
import { markOf } from '../edit-draft.ts'
import { say } from '../messages.ts'
import { labelOf } from './condition-fields.ts'
import { both, choose, errorAt } from './inputs.ts'
import type { OverviewView } from './overview.ts'
import { at } from './told.ts'
import { textOf } from '../posted-question.ts'
import type { FieldEntry } from '../../define-file.ts'
import { tellsPlace } from '../../define-kinds.ts'

/** The form's own words and ways, to change. What was typed and not kept is shown again. */
export function formFields({ shown, told, topics, city, typed }: OverviewView): Html {
  const { draft } = shown
  const seen = typed?.['seen'] ?? markOf(draft, { edit: 'describe', written: draft })
  const words = (name: 'title' | 'intro') => (typed ? textOf(typed, name) : draft[name])
  const says = (name: string) => (language: 'en' | 'es') => at(told, `${name}/${language}`)
  const fitting = (fits: (field: FieldEntry) => boolean) => [
    { value: '', label: say('en', 'none') },
    ...Object.entries(draft.fields).flatMap(([value, field]) =>
      fits(field) ? [{ value, label: labelOf(draft, value) }] : [],
    ),
  ]
  const value = (name: 'topic' | 'topic-from' | 'place-from' | 'layout') => typed?.[name] ?? draft[name] ?? ''
  const all = topics.some(({ id }) => id === draft.topic) ? topics : [...city.topics.values()]
  return html`<form method="post" action="/desk/forms/${draft.id}/edits" class="write" data-save>
    <input type="hidden" name="edit" value="describe" /><input type="hidden" name="seen" value="${seen}" />
    ${both('title', say('en', 'title'), words('title'), { says: says('title') })}
    ${both('intro', say('en', 'intro'), words('intro'), { says: says('intro'), long: true, hint: say('en', 'introHint') })}
    <div class="both">
      ${choose(
        { name: 'topic', label: say('en', 'topic'), value: value('topic'), says: at(told, 'topic') },
        all.map(({ id, name }) => ({ value: id, label: name.en })),
      )}
      ${choose(
        { name: 'topic-from', label: say('en', 'topicFrom'), value: value('topic-from') },
        fitting(({ kind }) => kind === 'topic-choice'),
      )}
      ${choose({ name: 'place-from', label: say('en', 'placeFrom'), value: value('place-from') }, fitting(tellsPlace))}
      ${choose({ name: 'layout', label: say('en', 'layout'), value: value('layout'), says: at(told, 'layout') }, [
        { value: '', label: say('en', 'layoutOne') },
        { value: 'pages', label: say('en', 'layoutPages') },
      ])}
      ${ordered(
        draft['in-order'] ?? [],
        Object.keys(draft.fields).filter((name) => draft.fields[name]?.kind === 'date'),
        draft,
      )}
    </div>
    ${option('duplicates', say('en', 'duplicates'), draft.duplicates !== undefined)} ${errorAt('duplicates', at(told, 'duplicates'))}
    ${option('minors', say('en', 'minors'), draft.minors !== undefined)} ${errorAt('minors', at(told, 'minors'))}
    <button class="button" type="submit">${say('en', 'keep')}</button>
  </form>`
}

const option = (name: string, label: string, checked: boolean): Html =>
  html`<p>
    <label><input ${attributes({ type: 'checkbox', name, value: 'yes', checked, id: name })} /> ${label}</label>
  </p>`

/** Which of two dates comes first; the first pair can be changed here. */
function ordered(
  pairs: readonly (readonly string[])[],
  dates: readonly string[],
  draft: OverviewView['shown']['draft'],
): Html | undefined {
  if (dates.length < 2) return undefined
  const options = [
    { value: '', label: say('en', 'none') },
    ...dates.map((value) => ({ value, label: labelOf(draft, value) })),
  ]
  return html`${choose({ name: 'earlier', label: say('en', 'earlier'), value: pairs[0]?.[0] }, options)}
  ${choose({ name: 'later', label: say('en', 'later'), value: pairs[0]?.[1] }, options)}`
}
