import { attributes, html, type Html } from '../../../../plumbing/index.ts'
import type { Quantity, Term } from '../../answering/reckon.ts'
import { rowsOf } from '../condition-rows.ts'
import type { DraftFile } from '../draft.ts'
import { say } from '../messages.ts'
import { bare, conditionFields, labelOf } from './condition-fields.ts'
import type { Option, Says } from './inputs.ts'

/** A row that is reckoned: so much, times one or two answers, where a condition holds. */
export function termFields(
  at: string,
  draft: DraftFile,
  before: readonly string[],
  term: Partial<Term> | undefined,
  parts: Readonly<{ each: string; says?: Says; inMoney: boolean }>,
): Html {
  const quantities = quantitiesIn(draft, before)
  const [one, two] = term?.times ?? []
  return html`<div class="row">
      <input
        ${attributes({
          type: 'text',
          name: `${at}.each`,
          value: parts.each,
          inputmode: 'decimal',
          size: 8,
          'aria-label': say('en', parts.inMoney ? 'eachMoney' : 'eachNumber'),
        })}
      />
      <span>×</span> ${bare(`${at}.times`, say('en', 'times'), quantities, codeOf(one))} <span>×</span>
      ${bare(`${at}.times-too`, say('en', 'timesToo'), quantities, codeOf(two))}
    </div>
    <details ${attributes({ open: term?.when !== undefined })}>
      <summary>${say('en', 'onlyWhen')}</summary>
      ${conditionFields(`${at}.when`, draft, before, rowsOf(term?.when), parts.says)}
    </details>`
}

function codeOf(quantity: Quantity | undefined): string {
  if (quantity === undefined) return ''
  if (typeof quantity === 'string') return `answer ${quantity}`
  return 'count' in quantity ? `count ${quantity.count}` : `sum ${quantity.table} ${quantity.column}`
}

const numbers = new Set(['number', 'money', 'yes-no', 'declaration', 'reckoned'])

function quantitiesIn(draft: DraftFile, before: readonly string[]): Option[] {
  const found = before.flatMap((name): Option[] => {
    const field = draft.fields[name]
    if (!field) return []
    const label = labelOf(draft, name)
    const counted = field.kind === 'table' || field.kind === 'several'
    const columns = Object.entries(field.kind === 'table' ? (field.parts ?? {}) : {}).filter(([, part]) =>
      numbers.has(part.kind),
    )
    return [
      ...(numbers.has(field.kind) ? [{ value: `answer ${name}`, label }] : []),
      ...(counted ? [{ value: `count ${name}`, label: say('en', 'countOf', { label }) }] : []),
      ...columns.map(([column, part]) => ({
        value: `sum ${name} ${column}`,
        label: say('en', 'sumOf', { label, column: part.label.en }),
      })),
    ]
  })
  return [{ value: '', label: say('en', 'timesNothing') }, ...found]
}
