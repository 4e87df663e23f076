import type { Answers } from './answer.ts'

/** One thing that an answer is compared with. */
export type Value = string | number | boolean

/**
 * When something is asked or charged, in words that a page, a server and a JSON Schema can all hold: no program, and it
 * always ends. A question that was not answered fits only `answered: false`.
 */
export type Condition =
  | Readonly<{ field: string; is: Value }>
  | Readonly<{ field: string; 'one-of': readonly Value[] }>
  | Readonly<{ field: string; includes: string }>
  | Readonly<{ field: string; 'at-least': number }>
  | Readonly<{ field: string; 'at-most': number }>
  | Readonly<{ field: string; answered: boolean }>
  | Readonly<{ all: readonly Condition[] }>
  | Readonly<{ any: readonly Condition[] }>
  | Readonly<{ not: Condition }>

export function holds(condition: Condition, answers: Answers): boolean {
  if ('all' in condition) return condition.all.every((one) => holds(one, answers))
  if ('any' in condition) return condition.any.some((one) => holds(one, answers))
  if ('not' in condition) return !holds(condition.not, answers)
  const answer = answers[condition.field]
  if ('answered' in condition) return (answer !== undefined) === condition.answered
  if ('is' in condition) return answer === condition.is
  if ('one-of' in condition) return condition['one-of'].some((one) => one === answer)
  if ('includes' in condition) return Array.isArray(answer) && answer.some((one) => one === condition.includes)
  if (typeof answer !== 'number') return false
  return 'at-least' in condition ? answer >= condition['at-least'] : answer <= condition['at-most']
}

/** Every question that a condition speaks of. */
export function fieldsOf(condition: Condition): readonly string[] {
  if ('all' in condition) return condition.all.flatMap(fieldsOf)
  if ('any' in condition) return condition.any.flatMap(fieldsOf)
  if ('not' in condition) return fieldsOf(condition.not)
  return [condition.field]
}

/** The same condition as JSON Schema 2020-12, for the `if` of a question that is asked only sometimes. */
export function schemaOf(condition: Condition): Record<string, unknown> {
  if ('all' in condition) return { allOf: condition.all.map(schemaOf) }
  if ('any' in condition) return { anyOf: condition.any.map(schemaOf) }
  if ('not' in condition) return { not: schemaOf(condition.not) }
  const required = [condition.field]
  if ('answered' in condition) return condition.answered ? { required } : { not: { required } }
  return { required, properties: { [condition.field]: valueSchema(condition) } }
}

type Compared = Exclude<Condition, { all: unknown } | { any: unknown } | { not: unknown } | { answered: boolean }>

function valueSchema(condition: Compared): Record<string, unknown> {
  if ('is' in condition) return { const: condition.is }
  if ('one-of' in condition) return { enum: [...condition['one-of']] }
  if ('includes' in condition) return { type: 'array', contains: { const: condition.includes } }
  if ('at-least' in condition) return { type: 'number', minimum: condition['at-least'] }
  return { type: 'number', maximum: condition['at-most'] }
}
