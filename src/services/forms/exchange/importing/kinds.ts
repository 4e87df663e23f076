import { mostRows } from '../../define-check-parts.ts'
import type { PartEntry, PartProperty } from '../../define-file.ts'
import { slug, plainWords } from './names.ts'
import { words, type Choices, type NewQuestion } from './draft-form.ts'
import { safePattern } from './pattern.ts'

type Limits = Readonly<{ min?: number | undefined; max?: number | undefined; pattern?: string | undefined }>
type Said = { push(says: string): unknown }

const whole = (number: number | undefined, least: number, most: number) =>
  number === undefined ? undefined : Math.min(most, Math.max(least, Math.floor(number)))

/** A text within its limits; without one of its own it gets ours. */
export function textProperty({ min, max, pattern }: Limits, otherwise: number, says: Said): NewQuestion['property'] {
  const maxLength = whole(max, 1, 100_000) ?? otherwise
  if (max === undefined) says.push(`It had no limit to its length; it has ${String(otherwise)} characters now.`)
  const safe = pattern !== undefined && safePattern(pattern)
  if (pattern !== undefined && !safe)
    says.push('Its pattern is not taken over: it could run for very long, or is none.')
  const minLength = whole(min, 0, maxLength)
  return {
    type: 'string',
    maxLength,
    ...(minLength !== undefined && minLength > 0 && { minLength }),
    ...(safe && { pattern }),
  }
}

export function numberProperty({ min, max }: Limits, integer: boolean): NewQuestion['property'] {
  return {
    type: integer ? 'integer' : 'number',
    ...(min !== undefined && { minimum: min }),
    ...(max !== undefined && { maximum: max }),
  }
}

/** Answers to choose from, each under a name of ours; undefined where there is none. */
export function choicesFrom(items: readonly Readonly<{ label: string; value: string }>[]): Choices | undefined {
  const entries: Record<string, ReturnType<typeof words>> = {}
  const byValue = new Map<string, string>()
  for (const { label, value } of items.slice(0, 1000)) {
    if (byValue.has(value)) continue
    const base = slug(value) || slug(label) || 'choice'
    const name = [base, ...Array.from({ length: 1001 }, (_, at) => `${base.slice(0, 40)}-${String(at + 2)}`)].find(
      (one) => !Object.hasOwn(entries, one) && one !== 'constructor',
    )
    if (name === undefined) continue
    byValue.set(value, name)
    entries[name] = words(plainWords(label, 500) ?? value.slice(0, 500))
  }
  return byValue.size > 0 ? { entries, byValue } : undefined
}

export const severalProperty = (choices: Choices, { min, max }: Limits): NewQuestion['property'] => {
  const maxItems = whole(max, 1, choices.byValue.size) ?? choices.byValue.size
  const minItems = whole(min, 0, maxItems)
  return { type: 'array', maxItems, ...(minItems !== undefined && minItems > 0 && { minItems }) }
}

const simple = new Set([
  'text',
  'long-text',
  'email',
  'telephone',
  'date',
  'time',
  'number',
  'money',
  'yes-no',
  'choice',
])
export const maybePart = ({ field }: NewQuestion): boolean => simple.has(field.kind)

type Part = Readonly<{ name: string; question: NewQuestion }>

/** Rows of simple questions. */
export function tableOf(label: string, parts: readonly Part[], { min, max }: Limits): NewQuestion {
  const required = parts.filter(({ question }) => question.required).map(({ name }) => name)
  const maxItems = whole(max, 1, mostRows) ?? 10
  const minItems = whole(min, 0, maxItems)
  return {
    field: {
      label: words(label),
      kind: 'table',
      parts: Object.fromEntries(
        parts.map(({ name, question }): [string, PartEntry] => [name, question.field as PartEntry]),
      ),
    },
    property: {
      type: 'array',
      maxItems,
      ...(minItems !== undefined && minItems > 0 && { minItems }),
      items: {
        type: 'object',
        ...(required.length > 0 && { required }),
        properties: Object.fromEntries(
          parts.map(({ name, question }): [string, PartProperty] => [name, question.property as PartProperty]),
        ),
      },
    },
    required: (min ?? 0) > 0,
  }
}
