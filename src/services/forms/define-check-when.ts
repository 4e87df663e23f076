import type { Mistake, Path, Yaml } from '../../plumbing/index.ts'
import { fieldsOf, type Condition, type Value } from './answering/condition.ts'
import { namesIn, type Quantity, type Term } from './answering/reckon.ts'
import type { FieldEntry, FormFile, Kind } from './define-file.ts'

const countable: ReadonlySet<Kind> = new Set(['number', 'money', 'yes-no', 'reckoned', 'declaration'])

/** Conditions, reckoned values, fees and waivers speak of questions that come before them, in values that these can have. */
export function checkConditions(file: Yaml<FormFile>): Mistake[] {
  const { fields, pages = {}, fees = [], waivers = [] } = file.value
  const names = Object.keys(fields)
  const before = (name: string | undefined) => names.slice(0, name === undefined ? undefined : names.indexOf(name))
  return [
    ...Object.entries(fields).flatMap(([name, { when, reckon }]) => [
      ...(when ? checkCondition(file, ['fields', name, 'when'], when, before(name)) : []),
      ...(reckon?.terms ?? []).flatMap((term, at) =>
        checkTerm(file, ['fields', name, 'reckon', 'terms', at], term, before(name)),
      ),
    ]),
    ...Object.entries(pages).flatMap(([id, { when, fields: inside }]) =>
      when ? checkCondition(file, ['pages', id, 'when'], when, before(inside[0])) : [],
    ),
    ...fees.flatMap((fee, at) => checkTerm(file, ['fees', at], fee, names)),
    ...Object.entries(fields).flatMap(([name, field]) => {
      const group = field['price-group']
      if (group === undefined || fields[group]?.kind === 'choice') return []
      return [
        file.mistake(['fields', name, 'price-group'], `“${group}” is not a choice.`, 'a question of the kind choice'),
      ]
    }),
    ...waivers.flatMap(({ when }, at) => checkCondition(file, ['waivers', at, 'when'], when, names)),
  ]
}

function checkTerm(file: Yaml<FormFile>, at: Path, term: Term, known: readonly string[]): Mistake[] {
  const unknown = namesIn(term).filter((name) => !known.includes(name))
  return [
    ...unknown.map((name) => file.mistake([...at, 'times'], `“${name}” is not asked before.`, known.join(', '))),
    ...(term.times ?? []).flatMap((quantity, index) => checkQuantity(file, [...at, 'times', index], quantity)),
    ...(term.when ? checkCondition(file, [...at, 'when'], term.when, known) : []),
  ]
}

function checkQuantity(file: Yaml<FormFile>, at: Path, quantity: Quantity): Mistake[] {
  const { fields } = file.value
  if (typeof quantity === 'string') {
    const kind = fields[quantity]?.kind
    if (kind === undefined || countable.has(kind)) return []
    return [file.mistake(at, `“${quantity}” is not a number.`, 'a number, money, yes-no or reckoned question')]
  }
  if ('count' in quantity) {
    const kind = fields[quantity.count]?.kind
    if (kind === undefined || kind === 'table' || kind === 'several') return []
    return [file.mistake(at, `“${quantity.count}” has no rows to count.`, 'a table, or a question of the kind several')]
  }
  const column = fields[quantity.table]?.parts?.[quantity.column]
  if (column && (column.kind === 'number' || column.kind === 'money' || column.kind === 'yes-no')) return []
  const says = `“${quantity.column}” is not a column of numbers of “${quantity.table}”.`
  return [file.mistake(at, says, 'a number, money or yes-no part of a table')]
}

function checkCondition(file: Yaml<FormFile>, at: Path, condition: Condition, known: readonly string[]): Mistake[] {
  const unknown = fieldsOf(condition).filter((name) => !known.includes(name))
  if (unknown.length > 0)
    return unknown.map((name) =>
      file.mistake(at, `“${name}” is not asked before.`, known.join(', ') || 'no condition here'),
    )
  return compared(condition).flatMap(({ field, values }) =>
    values.flatMap((value) => {
      const allowed = valuesOf(file.value.fields[field])
      if (allowed === undefined || allowed.includes(value)) return []
      return [file.mistake(at, `“${field}” is never answered with “${String(value)}”.`, allowed.map(String).join(', '))]
    }),
  )
}

/** Each value that a condition waits for, with its question. */
function compared(condition: Condition): { field: string; values: readonly Value[] }[] {
  if ('all' in condition) return condition.all.flatMap(compared)
  if ('any' in condition) return condition.any.flatMap(compared)
  if ('not' in condition) return compared(condition.not)
  if ('is' in condition) return [{ field: condition.field, values: [condition.is] }]
  if ('one-of' in condition) return [{ field: condition.field, values: condition['one-of'] }]
  return 'includes' in condition ? [{ field: condition.field, values: [condition.includes] }] : []
}

/** What a question can be answered with, where it is a closed list. */
function valuesOf(field: FieldEntry | undefined): readonly Value[] | undefined {
  if (field?.kind === 'yes-no' || field?.kind === 'declaration') return [true, false]
  return field?.choices && Object.keys(field.choices)
}
