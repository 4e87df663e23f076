import { Type, checkValue, isMistaken, type Mistaken, type Path, type Yaml } from '../../../plumbing/index.ts'
import { formFile, type FormFile, type PartProperty, type PropertyEntry } from '../define-file.ts'

type WholePrivacy = Exclude<PropertyEntry['privacy'], string>

/** What a question says of itself so far; `not-personal` where it is about nobody. */
export type DraftPrivacy = { -readonly [Key in keyof WholePrivacy]?: WholePrivacy[Key] } | string
export type DraftPart = Omit<PartProperty, 'privacy'> & { privacy?: DraftPrivacy }
export type DraftParts = { required?: string[]; properties: Record<string, DraftPart> }
export type DraftProperty = Omit<PropertyEntry, 'privacy' | 'items' | 'properties'> & {
  privacy?: DraftPrivacy
  items?: { type: 'object' } & DraftParts
  properties?: Record<string, DraftPart>
}

/**
 * A form while it is made: of the shape of a form's file, but words, choices, questions and what the privacy vocabulary
 * asks may still be missing. What is missing is told where it stands, and only a whole form is published.
 */
export type DraftFile = Omit<FormFile, 'schema'> & {
  schema: Omit<FormFile['schema'], 'properties'> & { properties: Record<string, DraftProperty> }
}

const needsMore = new Set(['minLength', 'minItems', 'minProperties', 'pattern'])

/** The schema of a whole form without what a beginning cannot have yet. Names stay names: `propertyNames` is kept. */
function loosened(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(loosened)
  if (typeof schema !== 'object' || schema === null) return schema
  const isPrivacy = 'properties' in schema && 'necessity' in (schema.properties as object)
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]: [string, unknown]) => {
      if (needsMore.has(key) || (key === 'required' && isPrivacy)) return []
      if (key === 'propertyNames') return [[key, value]]
      if (key === 'required' && Array.isArray(value)) return [[key, value.filter((name) => name !== 'privacy')]]
      if (key === 'properties') return [[key, mapped(value as object)]]
      return [[key, loosened(value)]]
    }),
  )
}

const mapped = (schemas: object) =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, loosened(schema)]))

const draftFile = Type.Unsafe<DraftFile>(loosened(JSON.parse(JSON.stringify(formFile))) as object)

/** A word that an earlier builder wrote into drafts and nothing ever read: surveys are the room of that name. */
function withoutUse(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('use' in value)) return value
  const { use: _, ...rest } = value
  return rest
}

/** A draft from what was stored or brought, or the places at which it is not even the beginning of a form. */
export function readDraft(value: unknown): DraftFile | Mistaken {
  const read = checkValue(withoutUse(value), draftFile, placeOf)
  return isMistaken(read) ? read : read.value
}

/** A draft as the whole form that it may be, or where it is not one. A mistake's `file` is its place: `fields/name/label`. */
export function wholeForm(draft: DraftFile): Yaml<FormFile> | Mistaken {
  return checkValue(draft, formFile, placeOf)
}

export const placeOf = (path: Path): string => path.join('/')
