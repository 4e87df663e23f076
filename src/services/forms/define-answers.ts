import { Ajv2020 } from 'ajv/dist/2020.js'
import type { ErrorObject } from 'ajv/dist/2020.js'
import { Temporal } from 'temporal-polyfill'
import type { PlaceId, Refusal, TopicId } from '../../city/index.ts'
import type { Field, FormDefinition } from './define.ts'
import type { ContactCategory } from './define-privacy.ts'

export type Answer = string | readonly string[] | number | boolean
export type Answers = Readonly<Record<string, Answer>>

/** What a post says, parsed: only questions of the form, only those that were answered, in the order in which they are asked. */
export type ReadAnswers = Readonly<{
  answers: Answers
  topic: TopicId
  place?: PlaceId
  contact: Readonly<Partial<Record<ContactCategory, string>>>
}>

/** One error a question, in the order in which they are asked; the words are in the catalogue under the code. */
export type AnswersRefused = Refusal<'answers', { errors: readonly FieldError[] }>

export type FieldError = Readonly<{
  field: string
  code: ErrorCode
  params: Readonly<Record<string, string | number>>
}>

export const errorCodes = [
  'missing',
  'unreadable',
  'too-long',
  'too-short',
  'not-a-choice',
  'too-few',
  'too-many',
  'not-an-email',
  'not-a-telephone',
  'not-a-date',
  'not-a-number',
  'out-of-range',
  'out-of-order',
  'wrong',
] as const
export type ErrorCode = (typeof errorCodes)[number]

type Form = Omit<FormDefinition, 'read'>

// strictTypes and strictRequired would refuse conditions (allOf, if) that speak of a question without repeating its type.
const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allErrors: true })
ajv.addVocabulary(['privacy'])
ajv.addFormat('email', isEmail)
ajv.addFormat('telephone', isTelephone)
ajv.addFormat('date', isDate)

/** Compiles the form's schema once; `broken` says why a schema cannot be one. */
export function answersReader(form: Form): FormDefinition['read'] | { broken: string } {
  let validate
  try {
    validate = ajv.compile<Answers>(form.schema)
  } catch (error) {
    return { broken: `This is not a schema: ${error instanceof Error ? error.message : String(error)}.` }
  }
  return (posted) => {
    const answers: Record<string, Answer> = {}
    const errors = new Map<string, FieldError>()
    for (const field of form.fields) {
      // Files come beside the answers: what is posted under the name of their question is not one.
      if (field.kind === 'files') continue
      const answer = answerOf(field, Object.hasOwn(posted, field.name) ? posted[field.name] : undefined)
      if (typeof answer === 'object' && 'error' in answer) errors.set(field.name, errorAt(field.name, answer.error))
      else if (answer !== undefined) answers[field.name] = answer
    }
    const kept = Object.freeze(answers)
    if (!validate(kept)) for (const error of validate.errors ?? []) note(errors, fieldErrorOf(error, form, kept))
    for (const [earlier, later] of form.inOrder) {
      const [from, until] = [kept[earlier], kept[later]]
      if (errors.has(earlier) || typeof from !== 'string' || typeof until !== 'string') continue
      if (until < from) note(errors, errorAt(later, 'out-of-order'))
    }
    if (errors.size > 0)
      return { refused: 'answers', errors: form.fields.flatMap(({ name }) => errors.get(name) ?? []) }
    return readAnswers(form, kept)
  }
}

/** The first thing wrong with an answer is the one told. */
function note(errors: Map<string, FieldError>, error: FieldError | undefined): void {
  if (error && !errors.has(error.field)) errors.set(error.field, error)
}

const errorAt = (field: string, code: ErrorCode, params: FieldError['params'] = {}): FieldError => ({
  field,
  code,
  params,
})

function readAnswers(form: Form, answers: Answers): ReadAnswers {
  const topic = form.topicFrom === undefined ? undefined : answers[form.topicFrom]
  const place = form.placeFrom === undefined ? undefined : answers[form.placeFrom]
  const contact = Object.entries(form.contact).flatMap(([category, name]) =>
    typeof answers[name] === 'string' ? [[category, answers[name]]] : [],
  )
  return {
    answers,
    topic: (topic ?? form.topic) as TopicId,
    ...(place !== undefined && { place: place as PlaceId }),
    contact: Object.fromEntries(contact) as ReadAnswers['contact'],
  }
}

/** A posted value as the type of its question; nothing written is no answer. */
function answerOf({ kind }: Field, posted: unknown): Answer | undefined | { error: ErrorCode } {
  const texts = (Array.isArray(posted) ? posted : [posted]).filter((value) => value !== undefined)
  const clean = texts.map((value) => (typeof value === 'string' ? cleanText(value, kind === 'long-text') : undefined))
  if (clean.includes(undefined)) return { error: 'unreadable' }
  const written = clean.filter((value) => value !== undefined && value !== '') as string[]
  if (kind === 'several') return written.length === 0 ? undefined : [...new Set(written)]
  if (written.length > 1) return { error: 'wrong' }
  const [only] = written
  if (only === undefined) return undefined
  if (kind === 'yes-no') return only === 'no' || only === 'false' ? false : true
  if (kind !== 'number') return only
  return /^-?\d{1,15}(\.\d{1,6})?$/.test(only) ? Number(only) : { error: 'not-a-number' }
}

// NUL and its like break databases and mail; a lone surrogate is half a character and cannot be stored as UTF-8.
const control = /(?![\n\t])\p{Cc}/u

/** Composed (NFC), line ends as \n, trimmed; undefined where it holds what no keyboard writes, or a line end in a single line. */
function cleanText(value: string, lines: boolean): string | undefined {
  if (!value.isWellFormed()) return undefined
  const text = value.replace(/\r\n?/g, '\n').normalize('NFC').trim()
  if (control.test(text) || (!lines && text.includes('\n'))) return undefined
  return lines ? text : text.replaceAll('\t', ' ')
}

/** Shape only: one @, a name before it, a domain with a dot behind it. Whether mail arrives is found out by sending it. */
function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@')
  const [name, domain] = [text.slice(0, at), text.slice(at + 1)]
  return (
    text.length <= 254 &&
    /^[^\s@<>()[\]\\,;:"]{1,64}$/.test(name) &&
    !/^\.|\.\.|\.$/.test(name) &&
    /^[\p{L}\p{M}\p{N}-]{1,63}(\.[\p{L}\p{M}\p{N}-]{1,63})+$/u.test(domain)
  )
}

/** Seven to fifteen digits, written as people write them; an extension may follow. */
function isTelephone(text: string): boolean {
  const digits = text.replace(/\D/g, '').length
  return digits >= 7 && digits <= 20 && /^\+?[\d\s().-]+((x|ext\.?)\s*\d{1,5})?$/i.test(text)
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).year > 0
  } catch {
    return false
  }
}

const formatCodes: Record<string, ErrorCode> = {
  email: 'not-an-email',
  telephone: 'not-a-telephone',
  date: 'not-a-date',
}

function fieldErrorOf(error: ErrorObject, form: Form, answers: Answers): FieldError | undefined {
  const params = error.params as Record<string, unknown>
  const limit = { limit: Number(params.limit) }
  if (error.keyword === 'required' || error.keyword === 'dependentRequired') {
    return errorAt(String(params.missingProperty), 'missing')
  }
  const name = error.instancePath.split('/')[1]
  const field = form.fields.find((one) => one.name === name)
  if (field === undefined) return undefined
  switch (error.keyword) {
    case 'enum':
      return errorAt(field.name, 'not-a-choice')
    case 'format':
      return errorAt(field.name, formatCodes[String(params.format)] ?? 'wrong')
    case 'maxLength':
      return errorAt(field.name, 'too-long', { ...limit, length: Array.from(String(answers[field.name])).length })
    case 'minLength':
      return errorAt(field.name, 'too-short', limit)
    case 'minItems':
      return errorAt(field.name, 'too-few', limit)
    case 'maxItems':
      return errorAt(field.name, 'too-many', limit)
    case 'minimum':
    case 'maximum':
      return errorAt(field.name, 'out-of-range', limit)
    case 'type':
      return errorAt(field.name, field.kind === 'number' ? 'not-a-number' : 'wrong')
    default:
      return errorAt(field.name, 'wrong')
  }
}
