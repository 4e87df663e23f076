import type { Field } from '../define-field.ts'
import type { Answer, Answers } from './answer.ts'
import { holds } from './condition.ts'
import { errorAt, type FieldError } from './errors.ts'
import { readField, type Posted } from './read-field.ts'
import { reckon } from './reckon.ts'
import { errorOf, type SchemaError } from './schema-error.ts'

/** What a validator compiled from the form's JSON Schema is, wherever it runs. */
export type Validator = ((answers: unknown) => boolean) & { errors?: readonly SchemaError[] | null }

/** What of a definition is needed to read its answers. */
export type Outline = Readonly<{ fields: readonly Field[]; inOrder: readonly (readonly [string, string])[] }>

export type ReadForm = Readonly<{
  answers: Answers
  /** The questions that were asked, given these answers. */
  asked: readonly string[]
  /** One a posted name, in the order in which they are asked. */
  errors: readonly FieldError[]
}>

/**
 * Reads what was posted: each question in turn, those alone that are asked after what was answered before; then what
 * follows from answers, and then the form's schema. This very code runs in the browser and on the server.
 */
export function readForm({ fields, inOrder }: Outline, validate: Validator, posted: Posted): ReadForm {
  const answers: Record<string, Answer> = {}
  const errors = new Map<string, FieldError>()
  const rows = new Map<string, readonly number[]>()
  const asked: string[] = []
  for (const field of fields) {
    if (field.when && !holds(field.when, answers)) continue
    asked.push(field.name)
    if (field.reckon) {
      const sum = reckon(field.reckon, answers)
      if (sum !== undefined) answers[field.name] = sum
      continue
    }
    const read = readField(field, posted)
    for (const { at, code } of read.errors) note(errors, errorAt(at, code))
    if (read.rows) rows.set(field.name, read.rows)
    if (read.answer !== undefined) answers[field.name] = read.answer
  }
  if (!validate(answers))
    for (const error of validate.errors ?? []) note(errors, errorOf(error, fields, answers, rows), rows)
  for (const [earlier, later] of inOrder) {
    const [from, until] = [answers[earlier], answers[later]]
    if (errors.has(earlier) || typeof from !== 'string' || typeof until !== 'string') continue
    if (until < from) note(errors, errorAt(later, 'out-of-order'))
  }
  return { answers: Object.freeze(answers), asked, errors: sorted([...errors.values()], fields) }
}

/** The first thing wrong with an answer is the one told; what could not be read is not missing as well. */
function note(
  errors: Map<string, FieldError>,
  error: FieldError | undefined,
  rows?: ReadonlyMap<string, readonly number[]>,
): void {
  if (!error || errors.has(error.field)) return
  const inside = [...errors.keys()].some((name) => name.startsWith(`${error.field}.`))
  if (inside && rows && error.code === 'missing') return
  errors.set(error.field, error)
}

/** In the order in which the questions are asked. */
export function sorted(errors: readonly FieldError[], fields: readonly Field[]): readonly FieldError[] {
  const place = ({ field }: FieldError) => fields.findIndex(({ name }) => name === field.split('.')[0])
  return [...errors].sort((a, b) => place(a) - place(b))
}
