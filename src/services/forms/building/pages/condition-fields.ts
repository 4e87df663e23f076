import { attributes, html, type Html } from '../../../../plumbing/index.ts'
import type { FieldEntry } from '../../define-file.ts'
import { comparisons, type ConditionRow, type ConditionRows } from '../condition-rows.ts'
import type { DraftFile } from '../draft.ts'
import { say } from '../messages.ts'
import { errorAt, idOf, type Option, type Says } from './inputs.ts'

/** Rows of a condition: shown when this question is this answer; one row more than is written, to write in. */
export function conditionFields(
  name: string,
  draft: DraftFile,
  before: readonly string[],
  { joined, rows, other }: ConditionRows,
  says: Says = [],
): Html {
  if (before.length === 0 && rows.length === 0) return html`<p class="soft small">${say('en', 'noneBefore')}</p>`
  const shown: readonly (ConditionRow | undefined)[] = [...rows, undefined]
  return html`<div class="conditions" id="${idOf(name)}">
    ${errorAt(idOf(name), says)}
    ${
      other !== undefined &&
      html`<p>
        <label><input type="checkbox" name="${name}.keep" value="yes" checked /> ${say('en', 'keepOther')}</label>
        <code>${JSON.stringify(other)}</code>
      </p>`
    }
    ${shown.map((row, at) => conditionRow(`${name}.${String(at)}`, draft, before, row))}
    ${
      rows.length > 1 &&
      html`<p>
        ${(['all', 'any'] as const).map(
          (value) =>
            html`<label class="inline"
              ><input ${attributes({ type: 'radio', name: `${name}.joined`, value, checked: joined === value })} />
              ${say('en', value === 'all' ? 'joinedAll' : 'joinedAny')}</label
            > `,
        )}
      </p>`
    }
  </div>`
}

function conditionRow(at: string, draft: DraftFile, before: readonly string[], row: ConditionRow | undefined): Html {
  const names = row && !before.includes(row.field) ? [...before, row.field] : before
  const fields = [
    { value: '', label: say('en', 'always') },
    ...names.map((value) => ({ value, label: labelOf(draft, value) })),
  ]
  const ways = comparisons.map((value) => ({ value, label: say('en', `how-${value}`) }))
  const list = `${idOf(at)}-list`
  return html`<div class="row">
    ${bare(`${at}.field`, say('en', 'question'), fields, row?.field)} ${bare(`${at}.how`, say('en', 'comparison'), ways, row?.how)}
    <input
      ${attributes({ type: 'text', name: `${at}.value`, value: row?.value ?? '', list, 'aria-label': say('en', 'answer'), autocomplete: 'off' })}
    />
    <datalist id="${list}">
      ${answersOf(row && draft.fields[row.field]).map(({ value, label }) => html`<option value="${value}">${label}</option>`)}
    </datalist>
  </div>`
}

export const labelOf = (draft: DraftFile, name: string): string => draft.fields[name]?.label.en || name

function answersOf(field: FieldEntry | undefined): Option[] {
  if (field?.kind === 'yes-no' || field?.kind === 'declaration')
    return ['yes', 'no'].map((value) => ({ value, label: value }))
  return Object.entries(field?.choices ?? {}).map(([value, { en }]) => ({ value, label: en }))
}

/** A list to choose from in a row, whose label is heard and not seen. */
export function bare(name: string, label: string, options: readonly Option[], chosen?: string): Html {
  return html`<select ${attributes({ name, 'aria-label': label })}>
    ${options.map(
      ({ value, label: words }) =>
        html`<option ${attributes({ value, selected: value === (chosen ?? '') })}>${words}</option>`,
    )}
  </select>`
}
