import { schemaOf } from './answering/condition.ts'
import type { Field } from './define-field.ts'
import type { FormFile, Kind, PartProperty, PropertyEntry } from './define-file.ts'

const formats: Partial<Record<Kind, string>> = {
  email: 'email',
  telephone: 'telephone',
  date: 'date',
  time: 'local-time',
  'map-place': 'map-place',
  slot: 'slot',
  session: 'session',
}

/**
 * The form as JSON Schema 2020-12 that stands on its own: formats and choices come from the kind of a question, and a
 * question that is asked only sometimes may be answered only then, and is required only then.
 */
export function completeSchema(file: FormFile, fields: readonly Field[]): Record<string, unknown> {
  const { schema } = file
  const { required = [], ...rest } = schema
  const sometimes = new Set(fields.flatMap(({ name, when }) => (when ? [name] : [])))
  const conditions = fields.flatMap(({ name, when, required }) =>
    when
      ? [
          {
            if: schemaOf(when),
            ...(required && { then: { required: [name] } }),
            else: { properties: { [name]: false } },
          },
        ]
      : [],
  )
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...rest,
    required: required.filter((name) => !sometimes.has(name)),
    properties: Object.fromEntries(
      fields.map((field) => [field.name, propertyOf(field, schema.properties[field.name])]),
    ),
    ...(conditions.length > 0 && { allOf: conditions }),
    additionalProperties: false,
  }
}

function propertyOf(field: Field, property: PropertyEntry | PartProperty | undefined): Record<string, unknown> {
  const { kind, choices, parts = [], required } = field
  // A neighborhood may be chosen in place of a point: the map tells which there are, not the schema.
  const allowed = choices && kind !== 'map-place' && { enum: choices.map(({ value }) => value) }
  if (kind === 'several') return { ...property, items: { type: 'string', ...allowed }, uniqueItems: true }
  if (kind === 'table')
    return { ...property, items: partsSchema(parts, property && 'items' in property ? property.items : undefined) }
  if (kind === 'person' || kind === 'child')
    return { ...property, ...partsSchema(parts, property && 'properties' in property ? property : undefined) }
  const format = formats[kind]
  return {
    ...property,
    ...allowed,
    ...(kind === 'declaration' && required && { const: true }),
    ...(format !== undefined && { format }),
  }
}

type Inside = Readonly<{ required?: readonly string[]; properties?: Readonly<Record<string, PartProperty>> }>

function partsSchema(parts: readonly Field[], inside: Inside | undefined): Record<string, unknown> {
  return {
    type: 'object',
    ...(inside?.required && { required: [...inside.required] }),
    properties: Object.fromEntries(parts.map((part) => [part.name, propertyOf(part, inside?.properties?.[part.name])])),
    additionalProperties: false,
  }
}
