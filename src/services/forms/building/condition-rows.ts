import type { Condition, Value } from '../answering/condition.ts'
import type { FieldEntry } from '../define-file.ts'
import type { DraftFile } from './draft.ts'

export const comparisons = [
  'is',
  'is-not',
  'one-of',
  'includes',
  'at-least',
  'at-most',
  'answered',
  'not-answered',
] as const
export type Comparison = (typeof comparisons)[number]

/** One row of a condition as a clerk writes it: a question, how it is compared, and with what. */
export type ConditionRow = Readonly<{ field: string; how: Comparison; value: string }>
/** All rows hold, or any of them. `other`: a condition of the city's files that is more than rows; it is kept as it is. */
export type ConditionRows = Readonly<{ joined: 'all' | 'any'; rows: readonly ConditionRow[]; other?: Condition }>

export const noCondition: ConditionRows = { joined: 'all', rows: [] }

export function rowsOf(condition: Condition | undefined): ConditionRows {
  if (!condition) return noCondition
  const joined = 'any' in condition ? 'any' : 'all'
  const parts = 'all' in condition ? condition.all : 'any' in condition ? condition.any : [condition]
  const rows = parts.map(rowOf)
  const known = rows.filter((row) => row !== undefined)
  return known.length === rows.length ? { joined, rows: known } : { joined: 'all', rows: [], other: condition }
}

function rowOf(condition: Condition): ConditionRow | undefined {
  if ('all' in condition || 'any' in condition) return undefined
  if ('not' in condition) {
    const inside = rowOf(condition.not)
    if (inside?.how === 'is') return { ...inside, how: 'is-not' }
    return undefined
  }
  const { field } = condition
  if ('is' in condition) return { field, how: 'is', value: String(condition.is) }
  if ('one-of' in condition) return { field, how: 'one-of', value: condition['one-of'].map(String).join(', ') }
  if ('includes' in condition) return { field, how: 'includes', value: condition.includes }
  if ('answered' in condition) return { field, how: condition.answered ? 'answered' : 'not-answered', value: '' }
  return 'at-least' in condition
    ? { field, how: 'at-least', value: String(condition['at-least']) }
    : { field, how: 'at-most', value: String(condition['at-most']) }
}

/** The condition that rows say; a row without a question says nothing. */
export function conditionOf({ joined, rows, other }: ConditionRows, draft: DraftFile): Condition | undefined {
  const said = rows.flatMap((row) => (row.field === '' ? [] : [singleOf(row, draft.fields[row.field])]))
  const all = other ? [other, ...said] : said
  if (all.length <= 1) return all[0]
  return joined === 'any' ? { any: all } : { all }
}

function singleOf({ field, how, value }: ConditionRow, asked: FieldEntry | undefined): Condition {
  switch (how) {
    case 'is':
      return { field, is: valueOf(value, asked) }
    case 'is-not':
      return { not: { field, is: valueOf(value, asked) } }
    case 'one-of':
      return { field, 'one-of': value.split(',').map((one) => valueOf(one, asked)) }
    case 'includes':
      return { field, includes: String(valueOf(value, asked)) }
    case 'answered':
    case 'not-answered':
      return { field, answered: how === 'answered' }
    case 'at-least':
      return { field, 'at-least': numberOf(value) }
    case 'at-most':
      return { field, 'at-most': numberOf(value) }
    default:
      return how satisfies never
  }
}

const numberOf = (value: string): number => (Number.isFinite(Number(value)) ? Number(value) : 0)

/** What was typed, as the answer it means: a choice by its name or by its words, yes and no, a number. */
function valueOf(typed: string, asked: FieldEntry | undefined): Value {
  const value = typed.trim()
  const small = value.toLowerCase()
  if (asked?.kind === 'yes-no' || asked?.kind === 'declaration') return ['yes', 'true', 'sí', 'si'].includes(small)
  if (asked?.kind === 'number' || asked?.kind === 'money' || asked?.kind === 'reckoned') return numberOf(value)
  const named = Object.entries(asked?.choices ?? {}).find(
    ([name, words]) => name === value || words.en.toLowerCase() === small || words.es.toLowerCase() === small,
  )
  return named?.[0] ?? value
}
