import { Type } from 'typebox'
import type { Static } from 'typebox'
import { shapes } from '../../city/index.ts'
import { categories, purposes } from './define-privacy.ts'
import type { Category, Purpose } from './define-privacy.ts'

const { closed, id, oneOf, text, words } = shapes

export const kinds = [
  'text',
  'long-text',
  'email',
  'telephone',
  'date',
  'number',
  'yes-no',
  'choice',
  'several',
  'topic-choice',
  'place-choice',
  'files',
] as const
export type Kind = (typeof kinds)[number]

const wayOut =
  'privacy: with purpose, category, necessity (en and es), retention and needed; or “privacy: not-personal” for a choice that tells nothing about a person'

type PrivacyEntry = Readonly<{
  purpose: Purpose
  category: Category
  necessity: Readonly<{ en: string; es: string }>
  retention: string
  needed: boolean
}>

const privacy = Type.Unsafe<PrivacyEntry | string>({
  type: ['object', 'string'],
  required: ['purpose', 'category', 'necessity', 'retention', 'needed'],
  properties: {
    purpose: oneOf(Object.keys(purposes)),
    category: oneOf(Object.keys(categories)),
    necessity: { ...text, description: 'necessity: why we ask, one sentence, in en: and es:' },
    retention: { ...id, description: 'retention: a name from retention.yaml' },
    needed: { type: 'boolean', description: 'needed: true where the service cannot be given without it, else false' },
  },
  additionalProperties: false,
  description: wayOut,
})

const count = Type.Integer({ minimum: 0, maximum: 100_000, description: 'a whole number' })

/** The keywords of JSON Schema that a question may use, and our own `privacy`. Formats and choices are filled in from its kind. */
const property = Type.Object(
  {
    type: oneOf(['string', 'array', 'boolean', 'integer', 'number']),
    minLength: Type.Optional(count),
    maxLength: Type.Optional(count),
    pattern: Type.Optional(words),
    minItems: Type.Optional(count),
    maxItems: Type.Optional(count),
    minimum: Type.Optional(Type.Number()),
    maximum: Type.Optional(Type.Number()),
    privacy,
  },
  closed,
)

const condition = Type.Unsafe<object>({ type: 'object', description: 'a condition of JSON Schema' })

const schema = Type.Object(
  {
    $schema: Type.Optional(Type.Literal('https://json-schema.org/draft/2020-12/schema')),
    type: Type.Literal('object'),
    required: Type.Optional(Type.Array(Type.String(), { uniqueItems: true })),
    properties: Type.Record(Type.String(), property, { propertyNames: id, minProperties: 1 }),
    dependentRequired: Type.Optional(Type.Record(Type.String(), Type.Array(Type.String()))),
    allOf: Type.Optional(Type.Array(condition)),
  },
  { ...closed, description: 'schema: what may be answered, as JSON Schema 2020-12' },
)

const field = Type.Object(
  {
    label: text,
    help: Type.Optional(text),
    hint: Type.Optional(text),
    kind: oneOf(kinds),
    autocomplete: Type.Optional(Type.String({ pattern: '^[a-z -]+$', description: 'an HTML autocomplete name' })),
    rows: Type.Optional(Type.Integer({ minimum: 2, maximum: 30, description: '2 to 30' })),
    choices: Type.Optional(shapes.table(text)),
    topics: Type.Optional(oneOf(['problems', 'all'])),
    empty: Type.Optional(text),
    errors: Type.Optional(Type.Object({ missing: Type.Optional(text), wrong: Type.Optional(text) }, closed)),
  },
  closed,
)

export const formFile = Type.Object(
  {
    id,
    version: Type.Integer({ minimum: 1, description: 'a whole number from 1' }),
    title: text,
    intro: text,
    topic: id,
    'topic-from': Type.Optional(id),
    'place-from': Type.Optional(id),
    duplicates: Type.Optional(oneOf(['warn'])),
    'in-order': Type.Optional(
      Type.Array(Type.Array(id, { minItems: 2, maxItems: 2 }), { description: 'pairs of dates, the earlier first' }),
    ),
    fields: shapes.table(field),
    schema,
  },
  closed,
)

export type FormFile = Static<typeof formFile>
export type FieldEntry = FormFile['fields'][string]
export type PropertyEntry = FormFile['schema']['properties'][string]
