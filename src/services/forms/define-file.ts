import { Type, type Static } from '../../plumbing/index.ts'
import { shapes } from '../../city/index.ts'
import type { Condition } from './answering/condition.ts'
import type { Reckoning, Term } from './answering/reckon.ts'
import { bases, categories, purposes, sensitivities } from './define-privacy.ts'
import type { Basis, Category, Purpose, Sensitivity } from './define-privacy.ts'

const { closed, id, oneOf, text, words } = shapes

/** Kinds that are one answer each; the parts of a table, a person and a child are of the simple ones. */
export const simpleKinds = [
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
] as const

export const kinds = [
  ...simpleKinds,
  'several',
  'topic-choice',
  'place-choice',
  'address',
  'map-place',
  'files',
  'signature',
  'declaration',
  'table',
  'person',
  'child',
  'slot',
  'session',
  'reckoned',
] as const
export type SimpleKind = (typeof simpleKinds)[number]
export type Kind = (typeof kinds)[number]

const wayOut =
  'privacy: with purpose, category, necessity (en and es), retention and needed; or “privacy: not-personal” for a choice that tells nothing about a person'

type PrivacyEntry = Readonly<{
  purpose: Purpose
  category: Category
  necessity: Readonly<{ en: string; es: string }>
  retention: string
  needed: boolean
  basis?: Basis
  sensitivity?: Sensitivity
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
    basis: oneOf(Object.keys(bases)),
    sensitivity: oneOf(sensitivities),
  },
  additionalProperties: false,
  description: wayOut,
})

const count = Type.Integer({ minimum: 0, maximum: 100_000, description: 'a whole number' })
const limits = {
  minLength: Type.Optional(count),
  maxLength: Type.Optional(count),
  pattern: Type.Optional(words),
  minItems: Type.Optional(count),
  maxItems: Type.Optional(count),
  minimum: Type.Optional(Type.Number()),
  maximum: Type.Optional(Type.Number()),
}
const types = ['string', 'array', 'boolean', 'integer', 'number', 'object'] as const

/** A part of a table's row, a person or a child: no privacy of its own means that of the whole. */
const part = Type.Object(
  { type: oneOf(['string', 'boolean', 'integer', 'number']), ...limits, privacy: Type.Optional(privacy) },
  closed,
)
const parts = {
  required: Type.Optional(Type.Array(Type.String(), { uniqueItems: true })),
  properties: Type.Record(Type.String(), part, { propertyNames: id, minProperties: 1 }),
}

/** The keywords of JSON Schema that a question may use, and our own `privacy`. Formats and choices are filled in from its kind. */
const property = Type.Object(
  {
    type: oneOf(types),
    ...limits,
    privacy,
    /** Of a table. */
    items: Type.Optional(Type.Object({ type: Type.Literal('object'), ...parts }, closed)),
    /** Of a person or a child. */
    required: Type.Optional(parts.required),
    properties: Type.Optional(parts.properties),
  },
  closed,
)

const schema = Type.Object(
  {
    $schema: Type.Optional(Type.Literal('https://json-schema.org/draft/2020-12/schema')),
    type: Type.Literal('object'),
    required: Type.Optional(Type.Array(Type.String(), { uniqueItems: true })),
    properties: Type.Record(Type.String(), property, { propertyNames: id, minProperties: 1 }),
    dependentRequired: Type.Optional(Type.Record(Type.String(), Type.Array(Type.String(), { uniqueItems: true }))),
  },
  { ...closed, description: 'schema: what may be answered, as JSON Schema 2020-12' },
)

const value = { type: ['string', 'number', 'boolean'] }
const aboutField = (key: string, schema: object) => ({
  type: 'object',
  required: ['field', key],
  properties: { field: { type: 'string' }, [key]: schema },
  additionalProperties: false,
})

/** A condition may hold others, to a depth that a person can still read. */
function conditionSchema(depth: number): object {
  const single = [
    aboutField('is', value),
    aboutField('one-of', { type: 'array', items: value, minItems: 1, maxItems: 50 }),
    aboutField('includes', { type: 'string' }),
    aboutField('at-least', { type: 'number' }),
    aboutField('at-most', { type: 'number' }),
    aboutField('answered', { type: 'boolean' }),
  ]
  const description =
    'a condition: field: with is, one-of, includes, at-least, at-most or answered; or all:, any:, not: with conditions'
  if (depth === 0) return { anyOf: single, description }
  const inner = { $ref: conditionAt(depth - 1) }
  const many = (key: string) => ({
    type: 'object',
    required: [key],
    properties: { [key]: { type: 'array', items: inner, minItems: 1, maxItems: 20 } },
    additionalProperties: false,
  })
  const not = { type: 'object', required: ['not'], properties: { not: inner }, additionalProperties: false }
  return { anyOf: [...single, many('all'), many('any'), not], description }
}

const conditionAt = (depth: number) => `#/$defs/condition-${String(depth)}`
const depths = [0, 1, 2]
/** Told once and pointed to: written out at each place, the compiled check of a form would take a hundred megabytes. */
export const conditionDefs = Object.fromEntries(
  depths.map((depth) => [`condition-${String(depth)}`, conditionSchema(depth)]),
)

export const condition = Type.Unsafe<Condition>({ $ref: conditionAt(2) })

const quantity = {
  anyOf: [
    { type: 'string' },
    { type: 'object', required: ['count'], properties: { count: { type: 'string' } }, additionalProperties: false },
    {
      type: 'object',
      required: ['table', 'column'],
      properties: { table: { type: 'string' }, column: { type: 'string' } },
      additionalProperties: false,
    },
  ],
  description: 'a question, count: a table, or table: and column:',
}
const times = Type.Optional(
  Type.Unsafe<NonNullable<Term['times']>>({ type: 'array', items: quantity, minItems: 1, maxItems: 4 }),
)
const term = { times, when: Type.Optional(condition) }

const reckoning = Type.Unsafe<Reckoning>(
  Type.Object(
    {
      terms: Type.Array(Type.Object({ each: Type.Number(), ...term }, closed), { minItems: 1, maxItems: 20 }),
      'at-least': Type.Optional(Type.Number()),
      'at-most': Type.Optional(Type.Number()),
    },
    { ...closed, description: 'reckon: terms, each a number times questions' },
  ),
)

const fieldKeys = {
  label: text,
  help: Type.Optional(text),
  hint: Type.Optional(text),
  autocomplete: Type.Optional(Type.String({ pattern: '^[a-z -]+$', description: 'an HTML autocomplete name' })),
  rows: Type.Optional(Type.Integer({ minimum: 2, maximum: 30, description: '2 to 30' })),
  choices: Type.Optional(shapes.table(text)),
  empty: Type.Optional(text),
  errors: Type.Optional(Type.Object({ missing: Type.Optional(text), wrong: Type.Optional(text) }, closed)),
}

const partField = Type.Object({ ...fieldKeys, kind: oneOf(simpleKinds) }, closed)

const field = Type.Object(
  {
    ...fieldKeys,
    kind: oneOf(kinds),
    topics: Type.Optional(oneOf(['problems', 'all'])),
    /** Asked only where this holds; speaks of earlier questions. */
    when: Type.Optional(condition),
    /** Of a table, a person or a child. */
    parts: Type.Optional(shapes.table(partField)),
    /** What a declaration or a signature says. */
    statement: Type.Optional(text),
    /** Of a slot: what is booked, from bookings.yaml; left out, the person chooses. */
    facility: Type.Optional(id),
    /** Of a slot: the question whose answer is one of the price groups of what is booked. */
    'price-group': Type.Optional(id),
    /** Of an address: it must be one of the city's own. */
    'in-city': Type.Optional(Type.Boolean()),
    /** Of a reckoned value: how it follows, and whether it is money. */
    reckon: Type.Optional(reckoning),
    shown: Type.Optional(oneOf(['number', 'money'])),
  },
  closed,
)

const page = Type.Object(
  {
    title: text,
    intro: Type.Optional(text),
    fields: Type.Array(id, { minItems: 1, uniqueItems: true }),
    when: Type.Optional(condition),
  },
  closed,
)

/** Whole cents for each unit of what it is multiplied by. */
const cents = Type.Integer({ minimum: 0, maximum: 100_000_00, description: 'whole cents, for example 2500 for $25' })
const fee = Type.Object({ label: text, each: cents, ...term }, closed)
const waiver = Type.Object(
  {
    label: text,
    /** Of the whole fee. */
    percent: Type.Integer({ minimum: 1, maximum: 100, description: '1 to 100' }),
    /** A waiver reason from payments.yaml. */
    reason: id,
    when: condition,
  },
  closed,
)

export const layouts = ['one-page', 'pages'] as const

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
    /** Whether minors may send it once a parent consented, beside adults or they alone. Without it age is not asked. */
    minors: Type.Optional(oneOf(['with-consent', 'only'])),
    layout: Type.Optional(oneOf(layouts)),
    'in-order': Type.Optional(
      Type.Array(Type.Array(id, { minItems: 2, maxItems: 2 }), { description: 'pairs of dates, the earlier first' }),
    ),
    fields: shapes.table(field),
    pages: Type.Optional(shapes.table(page)),
    fees: Type.Optional(Type.Array(fee, { minItems: 1, maxItems: 20 })),
    waivers: Type.Optional(Type.Array(waiver, { minItems: 1, maxItems: 10 })),
    schema,
  },
  { ...closed, $defs: conditionDefs },
)

export type FormFile = Static<typeof formFile>
export type FieldEntry = FormFile['fields'][string]
export type PartEntry = NonNullable<FieldEntry['parts']>[string]
export type PropertyEntry = FormFile['schema']['properties'][string]
export type PartProperty = NonNullable<PropertyEntry['properties']>[string]
