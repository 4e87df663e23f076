import type { Field } from '../define-field.ts'
import { isRow, rowsOf, type Answer, type Answers } from './answer.ts'
import { errorAt, type ErrorCode, type FieldError } from './errors.ts'

/** What a JSON Schema validator says is wrong. */
export type SchemaError = Readonly<{ keyword: string; instancePath: string; params: Readonly<Record<string, unknown>> }>

const formatCodes: Readonly<Record<string, ErrorCode>> = {
  email: 'not-an-email',
  telephone: 'not-a-telephone',
  date: 'not-a-date',
  'local-time': 'not-a-time',
  slot: 'not-a-slot',
  session: 'not-a-session',
}

type Place = Readonly<{ field: Field; at: string; answer: Answer | undefined }>

/** What the schema says, as an error of the question it belongs to; undefined where another error tells it already. */
export function errorOf(
  { keyword, instancePath, params }: SchemaError,
  fields: readonly Field[],
  answers: Answers,
  rows: ReadonlyMap<string, readonly number[]>,
): FieldError | undefined {
  const path = instancePath.split('/').slice(1)
  if (keyword === 'required' || keyword === 'dependentRequired') path.push(String(params['missingProperty']))
  const place = placeOf(path, fields, answers, rows)
  if (!place) return undefined
  const { field, at, answer } = place
  const limit = { limit: Number(params['limit']) }
  switch (keyword) {
    case 'required':
    case 'dependentRequired':
      return errorAt(at, field.kind === 'declaration' ? 'not-declared' : 'missing')
    case 'const':
      return errorAt(at, field.kind === 'declaration' ? 'not-declared' : 'wrong')
    case 'enum':
      return errorAt(at, 'not-a-choice')
    case 'format':
      return errorAt(at, formatCodes[String(params['format'])] ?? 'wrong')
    case 'maxLength':
      return errorAt(at, 'too-long', { ...limit, length: typeof answer === 'string' ? Array.from(answer).length : 0 })
    case 'minLength':
      return errorAt(at, 'too-short', limit)
    case 'minItems':
      return errorAt(at, field.kind === 'table' ? 'too-few-rows' : 'too-few', limit)
    case 'maxItems':
      return errorAt(at, field.kind === 'table' ? 'too-many-rows' : 'too-many', limit)
    case 'minimum':
    case 'maximum':
      return errorAt(at, 'out-of-range', limit)
    case 'type':
      return errorAt(at, field.kind === 'number' ? 'not-a-number' : 'wrong')
    case 'if':
      return undefined
    default:
      return errorAt(at, 'wrong')
  }
}

/** The question or part that a path in the answers leads to, under the name that was posted. */
function placeOf(
  [name, ...inside]: readonly string[],
  fields: readonly Field[],
  answers: Answers,
  rows: ReadonlyMap<string, readonly number[]>,
): Place | undefined {
  const field = fields.find((one) => one.name === name)
  if (!field) return undefined
  const answer = answers[field.name]
  const [first, second] = inside
  const part = field.parts?.find((one) => one.name === (field.kind === 'table' ? second : first))
  if (!part || first === undefined) return { field, at: field.name, answer }
  if (field.kind !== 'table')
    return { field: part, at: `${field.name}.${part.name}`, answer: isRow(answer) ? answer[part.name] : undefined }
  const row = Number(first)
  const posted = rows.get(field.name)?.[row] ?? row
  return { field: part, at: `${field.name}.${String(posted)}.${part.name}`, answer: rowsOf(answer)[row]?.[part.name] }
}
