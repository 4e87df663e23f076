import { isDeepStrictEqual } from 'node:util'
import type { TSchema } from './schema.ts'

/** Names and numbers from the top of a value down to a part of it. */
export type Path = readonly (string | number)[]

type Schema = Readonly<Record<string, unknown>>

/** One way in which a value does not fit: the keyword that says so, the part of the schema it stands in, and of what it is said. */
export type Misfit = Readonly<{
  keyword: string
  path: Path
  schema: Schema
  value: unknown
  /** The name that is missing, unknown or not allowed, or the number of the entry that stands twice. */
  which?: string | number
}>

type Look = Readonly<{ root: Schema; schema: Schema; path: Path; value: unknown; found: Misfit[] }>
type Rule = Readonly<{ of?: Kind; look: (at: Look, keyword: string) => void }>
type Kind = 'number' | 'string' | 'array' | 'object'

/**
 * Every misfit of a value to a JSON Schema 2020-12 of the keywords that the city's files are described with. The schema is
 * followed as it stands: each is asked a few times while starting, and compiling them all takes longer than everything
 * they are ever asked (`misfits.test.ts` compares with Ajv). A keyword that is not known here is a fault, never passed over.
 */
export function misfits(schema: TSchema, value: unknown): readonly Misfit[] {
  const found: Misfit[] = []
  follow({ root: schema as Schema, schema: schema as Schema, path: [], value, found })
  return found
}

function follow(at: Look): void {
  const kind = kindOf(at.value)
  for (const keyword in at.schema) {
    const rule = rules[keyword]
    if (rule === undefined) throw new Error(`a schema says “${keyword}”, for which there is no rule`)
    if (rule.of === undefined || rule.of === kind) rule.look(at, keyword)
  }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number' && !Number.isFinite(value)) return 'no number'
  return value === null ? 'null' : typeof value
}

const types: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  number: Number.isFinite,
  integer: Number.isInteger,
  array: Array.isArray,
  object: (value) => kindOf(value) === 'object',
}

const note = ({ path, schema, value, found }: Look, keyword: string, which?: string | number) => {
  found.push({ keyword, path, schema, value, ...(which !== undefined && { which }) })
}
/** A rule that a value of its kind either keeps or does not. */
const keeps = <Of, Said>(of: Kind | undefined, kept: (value: Of, said: Said) => boolean): Rule => ({
  ...(of && { of }),
  look(at, keyword) {
    if (!kept(at.value as Of, at.schema[keyword] as Said)) note(at, keyword)
  },
})
const into = (at: Look, step: string | number, schema: unknown) => {
  const value = (at.value as Record<string | number, unknown>)[step]
  follow({ root: at.root, schema: schema as Schema, path: [...at.path, step], value, found: at.found })
}
const aside = ({ root }: Look, schema: unknown, path: Path, value: unknown): Misfit[] => {
  const found: Misfit[] = []
  follow({ root, schema: schema as Schema, path, value, found })
  return found
}
const namesIn = ({ value }: Look) => Object.keys(value as object)
const has = (value: unknown, name: string) =>
  Object.hasOwn(value as object, name) && (value as Record<string, unknown>)[name] !== undefined

const known = new Map<string, RegExp>()
function patternOf(text: string): RegExp {
  const pattern = known.get(text) ?? new RegExp(text, 'u')
  known.set(text, pattern)
  return pattern
}

const tellsNothing: Rule = { look: () => undefined }

const rules: Readonly<Record<string, Rule>> = {
  description: tellsNothing,
  $defs: tellsNothing,
  $ref: {
    look(at) {
      const steps = String(at.schema['$ref']).split('/').slice(1)
      const schema = steps.reduce<unknown>((part, step) => (part as Schema)[step], at.root)
      follow({ ...at, schema: schema as Schema })
    },
  },
  type: keeps(undefined, (value, said: string | readonly string[]) =>
    [said].flat().some((type) => types[type]?.(value)),
  ),
  /** Of texts and numbers. */
  const: keeps(undefined, (value, only) => value === only),
  enum: keeps(undefined, (value, all: readonly unknown[]) => all.includes(value)),
  anyOf: {
    look(at) {
      const each = (at.schema['anyOf'] as Schema[]).map((schema) => aside(at, schema, at.path, at.value))
      if (each.some((misfits) => misfits.length === 0)) return
      at.found.push(...each.flat())
      note(at, 'anyOf')
    },
  },
  minimum: keeps('number', (value: number, least: number) => value >= least),
  maximum: keeps('number', (value: number, most: number) => value <= most),
  minLength: keeps('string', (value: string, least: number) => [...value].length >= least),
  maxLength: keeps('string', (value: string, most: number) => value.length <= most || [...value].length <= most),
  pattern: keeps('string', (value: string, said: string) => patternOf(said).test(value)),
  minItems: keeps('array', (value: unknown[], least: number) => value.length >= least),
  maxItems: keeps('array', (value: unknown[], most: number) => value.length <= most),
  items: {
    of: 'array',
    look(at) {
      for (const index of (at.value as unknown[]).keys()) into(at, index, at.schema['items'])
    },
  },
  uniqueItems: {
    of: 'array',
    look(at) {
      const entries = at.value as unknown[]
      const twice = entries.findLastIndex(
        (entry, index) => entries.findIndex((one) => isDeepStrictEqual(one, entry)) < index,
      )
      if (twice !== -1) note(at, 'uniqueItems', twice)
    },
  },
  minProperties: keeps('object', (value: object, least: number) => Object.keys(value).length >= least),
  maxProperties: keeps('object', (value: object, most: number) => Object.keys(value).length <= most),
  required: {
    of: 'object',
    look(at) {
      for (const name of at.schema['required'] as string[]) if (!has(at.value, name)) note(at, 'required', name)
    },
  },
  propertyNames: {
    of: 'object',
    look(at) {
      const rule = at.schema['propertyNames']
      for (const name of namesIn(at)) if (aside(at, rule, at.path, name).length > 0) note(at, 'propertyNames', name)
    },
  },
  properties: {
    of: 'object',
    look(at) {
      const parts = Object.entries(at.schema['properties'] as Schema)
      for (const [name, schema] of parts) if (has(at.value, name)) into(at, name, schema)
    },
  },
  patternProperties: {
    of: 'object',
    look(at) {
      for (const [pattern, schema] of Object.entries(at.schema['patternProperties'] as Schema))
        for (const name of namesIn(at)) if (patternOf(pattern).test(name)) into(at, name, schema)
    },
  },
  /** Always `false` here: the names that are not told are not known. */
  additionalProperties: {
    of: 'object',
    look(at) {
      const { properties = {}, patternProperties = {} } = at.schema as Record<string, Schema>
      const patterns = Object.keys(patternProperties).map(patternOf)
      for (const name of namesIn(at))
        if (!Object.hasOwn(properties, name) && !patterns.some((pattern) => pattern.test(name)))
          note(at, 'additionalProperties', name)
    },
  },
}
