import { Type, type TSchema } from '../../plumbing/index.ts'
import { idPattern } from '../ids.ts'

// The shapes that the city's files are made of. A `description` is what a person is told is allowed.

export const closed = { additionalProperties: false } as const

export const words = Type.String({ pattern: '\\S', maxLength: 4000, description: 'some words' })
export const text = Type.Object({ en: words, es: words }, { ...closed, description: 'en: (English) and es: (Spanish)' })
export const id = Type.String({
  pattern: idPattern,
  maxLength: 60,
  description: 'small letters, digits and hyphens, beginning with a letter, for example street-lights',
})
export const phone = Type.String({
  pattern: '^(\\(\\d{3}\\) \\d{3}-\\d{4}|\\d{3})$',
  description: 'a telephone number such as (530) 555-0100, or three digits such as 311, in quotation marks',
})
export const email = Type.String({ pattern: '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$', description: 'an e-mail address' })
export const url = Type.String({ pattern: '^https://\\S+$', description: 'a web address beginning with https://' })
export const day = Type.String({
  pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
  description: 'a date as year-month-day, for example 2026-07-04',
})

/** Named entries, at least one, in the order in which the file has them. */
export const table = <Entry extends TSchema>(entry: Entry) =>
  Type.Record(Type.String(), entry, { propertyNames: id, minProperties: 1, description: 'names, each with its block' })

export const oneOf = <const Values extends readonly string[]>(values: Values) =>
  Type.Unsafe<Values[number]>({ type: 'string', enum: [...values] })
