import type { Text } from '../../../city/index.ts'
import { readMoney, readNumber } from '../answering/read-typed.ts'
import type { Quantity, Reckoning, Term } from '../answering/reckon.ts'
import { kinds, type FieldEntry, type Kind, type PartEntry } from '../define-file.ts'
import { comparisons, conditionOf, type ConditionRows } from './condition-rows.ts'
import type { DraftFile, DraftPart, DraftPrivacy } from './draft.ts'
import type { PartWritten, QuestionWritten } from './edits/edit.ts'
import { nameFrom } from './edits/questions.ts'
import { isSimple, kindShapes, type Limit } from './kind-shape.ts'

export type PostedFields = Readonly<Record<string, string>>

export const textOf = (posted: PostedFields, name: string): Text => ({
  en: (posted[`${name}.en`] ?? '').trim(),
  es: (posted[`${name}.es`] ?? '').trim(),
})
/** Words in at least one language; none is no entry at all. */
export const someText = (posted: PostedFields, name: string): Text | undefined => {
  const text = textOf(posted, name)
  return text.en === '' && text.es === '' ? undefined : text
}

/** How many rows were posted under a name: `choice.0.en`, `choice.1.en`. */
const rowsIn = (posted: PostedFields, name: string): number[] => {
  const found = Object.keys(posted).flatMap((key) => {
    const [, digits] = new RegExp(`^${name}\\.(\\d{1,2})\\.`).exec(key) ?? []
    return digits === undefined ? [] : [Number(digits)]
  })
  return [...new Set(found)].sort((a, b) => a - b)
}

const wordsAt = (posted: PostedFields, name: string): string | undefined => posted[name]?.trim() || undefined

export function conditionRowsIn(posted: PostedFields, name: string, before?: ConditionRows): ConditionRows {
  const rows = rowsIn(posted, name).map((row) => ({
    field: posted[`${name}.${String(row)}.field`] ?? '',
    how: comparisons.find((one) => one === posted[`${name}.${String(row)}.how`]) ?? 'is',
    value: (posted[`${name}.${String(row)}.value`] ?? '').trim(),
  }))
  const other = posted[`${name}.keep`] === 'yes' ? before?.other : undefined
  return { joined: posted[`${name}.joined`] === 'any' ? 'any' : 'all', rows, ...(other && { other }) }
}

/** What a clerk wrote of a question. What cannot be read as what it should be is left out, and told as missing. */
export function questionIn(posted: PostedFields, draft: DraftFile, before: ConditionRows): QuestionWritten {
  const kind = kindIn(posted)
  const when = conditionOf(conditionRowsIn(posted, 'when', before), draft)
  const { own } = kindShapes[kind]
  return {
    field: {
      ...wordsIn(posted, kind),
      kind,
      ...(when && { when }),
      ...(own.includes('topics') && { topics: posted['topics'] === 'all' ? 'all' : 'problems' }),
      ...(own.includes('statement') && { statement: textOf(posted, 'statement') }),
      ...(own.includes('facility') && wordsAt(posted, 'facility') && { facility: wordsAt(posted, 'facility') ?? '' }),
      ...(own.includes('in-city') && posted['in-city'] === 'yes' && { 'in-city': true }),
      ...(own.includes('reckon') && { reckon: reckoningIn(posted, draft) }),
      ...(own.includes('shown') && posted['shown'] === 'money' && { shown: 'money' }),
    },
    answer: { ...answerIn(posted, kind), privacy: privacyIn(posted, kind) },
    required: posted['required'] === 'yes',
  }
}

/** The same of a part of a table, a person or a child. */
export function partIn(posted: PostedFields): PartWritten {
  const kind = kindIn(posted)
  const simple = isSimple(kind) ? kind : 'text'
  const field: PartEntry = { ...wordsIn(posted, simple), kind: simple }
  const own = posted['own-privacy'] === 'yes' ? { privacy: privacyIn(posted, simple) } : {}
  return {
    field,
    answer: { ...(answerIn(posted, simple) as DraftPart), ...own },
    required: posted['required'] === 'yes',
  }
}

export const kindIn = (posted: PostedFields): Kind => kinds.find((kind) => kind === posted['kind']) ?? 'text'

function wordsIn(posted: PostedFields, kind: Kind): Pick<FieldEntry, 'label'> & Partial<Omit<FieldEntry, 'kind'>> {
  const { own } = kindShapes[kind]
  const [missing, wrong] = [someText(posted, 'missing'), someText(posted, 'wrong')]
  const [help, hint, empty] = ['help', 'hint', 'empty'].map((name) => someText(posted, name))
  const autocomplete = wordsAt(posted, 'autocomplete')
  const rows = Number(posted['rows'])
  return {
    label: textOf(posted, 'label'),
    ...(help && { help }),
    ...(hint && { hint }),
    ...(own.includes('empty') && empty && { empty }),
    ...(own.includes('autocomplete') && autocomplete !== undefined && { autocomplete }),
    ...(own.includes('rows') && Number.isInteger(rows) && rows >= 2 && rows <= 30 && { rows }),
    ...(own.includes('choices') && { choices: choicesIn(posted) }),
    ...((missing ?? wrong) && { errors: { ...(missing && { missing }), ...(wrong && { wrong }) } }),
  }
}

/** In the order in which they stand, after `do` moved or removed one. */
function choicesIn(posted: PostedFields): Record<string, Text> {
  const [act = '', at = ''] = (posted['do'] ?? '').split('.')
  const rows = rowsIn(posted, 'choice')
    .map((row) => ({
      row,
      text: textOf(posted, `choice.${String(row)}`),
      value: wordsAt(posted, `choice.${String(row)}.value`),
    }))
    .filter(({ text, value }) => text.en !== '' || text.es !== '' || value !== undefined)
    .filter(({ row }) => !(act === 'choice-remove' && String(row) === at))
  const index = rows.findIndex(({ row }) => String(row) === at)
  const other = index + (act === 'choice-up' ? -1 : act === 'choice-down' ? 1 : 0)
  const [one, two] = [rows[index], rows[other]]
  if (one && two) {
    rows[index] = two
    rows[other] = one
  }
  const choices: Record<string, Text> = {}
  for (const { text, value } of rows) {
    const fits = value !== undefined && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(value) && !(value in choices)
    choices[fits ? value : nameFrom(text.en || text.es || 'choice', choices)] = text
  }
  return choices
}

function answerIn(posted: PostedFields, kind: Kind): Omit<QuestionWritten['answer'], 'privacy'> {
  const whole = kind === 'number' && posted['whole'] === 'yes' ? 'integer' : kindShapes[kind].type
  const limits = kindShapes[kind].limits.flatMap((limit) => {
    const value = limitIn(posted, limit, kind)
    return value === undefined ? [] : [[limit, value] as const]
  })
  return { type: whole, ...kindShapes[kind].given, ...Object.fromEntries(limits) }
}

function limitIn(posted: PostedFields, limit: Limit, kind: Kind): number | string | undefined {
  const typed = wordsAt(posted, limit)
  if (typed === undefined || limit === 'pattern') return typed
  if (limit === 'minimum' || limit === 'maximum') return kind === 'money' ? readMoney(typed) : readNumber(typed)
  return /^\d{1,5}$/.test(typed) ? Number(typed) : undefined
}

function privacyIn(posted: PostedFields, kind: Kind): DraftPrivacy {
  if (kindShapes[kind].chosen && posted['personal'] !== 'yes') return 'not-personal'
  const necessity = someText(posted, 'necessity')
  const said = ['purpose', 'category', 'retention', 'basis', 'sensitivity'].flatMap((key) => {
    const value = wordsAt(posted, key)
    return value === undefined ? [] : [[key, value] as const]
  })
  return {
    ...(Object.fromEntries(said) as Exclude<DraftPrivacy, string>),
    ...(necessity && { necessity }),
    ...(posted['needed'] && { needed: posted['needed'] === 'yes' }),
  }
}

/** Terms of a fee or a reckoned value under `term.0`: each, times one or two quantities, where a row holds. */
export function termIn(posted: PostedFields, at: string, draft: DraftFile): Omit<Term, 'each'> {
  const times = ['times', 'times-too'].flatMap((name): Quantity[] => {
    const [what, of, column] = (posted[`${at}.${name}`] ?? '').split(' ')
    if (!what || of === undefined) return []
    if (what === 'count') return [{ count: of }]
    return what === 'sum' && column !== undefined ? [{ table: of, column }] : [of]
  })
  const when = conditionOf(conditionRowsIn(posted, `${at}.when`), draft)
  return { ...(times.length > 0 && { times }), ...(when && { when }) }
}

function reckoningIn(posted: PostedFields, draft: DraftFile): Reckoning {
  const inCents = posted['shown'] === 'money'
  const amount = (name: string) => {
    const typed = wordsAt(posted, name)
    return typed === undefined ? undefined : inCents ? readMoney(typed) : readNumber(typed)
  }
  const terms = rowsIn(posted, 'term').flatMap((row) => {
    const at = `term.${String(row)}`
    const each = amount(`${at}.each`)
    return each === undefined ? [] : [{ each, ...termIn(posted, at, draft) }]
  })
  const [low, high] = [amount('reckon.at-least'), amount('reckon.at-most')]
  return { terms, ...(low !== undefined && { 'at-least': low }), ...(high !== undefined && { 'at-most': high }) }
}

/** The fees and waivers of a form; a row without words is none. */
export function chargesIn(posted: PostedFields, draft: DraftFile): Pick<DraftFile, 'fees' | 'waivers'> {
  const fees = rowsIn(posted, 'fee').flatMap((row) => {
    const at = `fee.${String(row)}`
    const label = someText(posted, at)
    return label
      ? [{ label, each: readMoney(posted[`${at}.each`]?.trim() ?? '') ?? 0, ...termIn(posted, at, draft) }]
      : []
  })
  const waivers = rowsIn(posted, 'waiver').flatMap((row) => {
    const at = `waiver.${String(row)}`
    const label = someText(posted, at)
    const when = conditionOf(conditionRowsIn(posted, `${at}.when`), draft)
    const percent = Math.min(100, Math.max(1, Number(posted[`${at}.percent`]) || 100))
    return label && when ? [{ label, percent: Math.trunc(percent), reason: posted[`${at}.reason`] ?? '', when }] : []
  })
  return { fees: fees, waivers: waivers }
}
