import type { Static, TSchema, Type as TypeBox } from 'typebox'

export type { Static, TSchema }

type Schema = Readonly<Record<string, unknown>>
type Properties = Readonly<Record<string, Schema>>

/** Stands in a property that may be left out; no JSON Schema has it, and nothing that reads one sees it. */
const optional = Symbol('optional')

function objectOf(properties: Properties, options: Schema = {}): Schema {
  const required = Object.keys(properties).filter((name) => !(optional in (properties[name] ?? {})))
  return { type: 'object', ...(required.length > 0 && { required }), properties, ...options }
}

const makers = {
  Array: (items: Schema, options?: Schema): Schema => ({ type: 'array', items, ...options }),
  Boolean: (options?: Schema): Schema => ({ type: 'boolean', ...options }),
  Integer: (options?: Schema): Schema => ({ type: 'integer', ...options }),
  Literal: (value: string, options?: Schema): Schema => ({ type: 'string', const: value, ...options }),
  Number: (options?: Schema): Schema => ({ type: 'number', ...options }),
  Object: objectOf,
  Optional: (schema: Schema): Schema => ({ ...schema, [optional]: true }),
  Partial: ({ required: _, ...whole }: Schema, options?: Schema): Schema => ({ ...whole, ...options }),
  Record: (_names: Schema, entry: Schema, options?: Schema): Schema => ({
    type: 'object',
    patternProperties: { '^.*$': entry },
    ...options,
  }),
  String: (options?: Schema): Schema => ({ type: 'string', ...options }),
  Union: (anyOf: readonly Schema[], options?: Schema): Schema => ({ anyOf, ...options }),
  Unknown: (options?: Schema): Schema => ({ ...options }),
  Unsafe: (schema: Schema): Schema => schema,
}

/**
 * TypeBox's makers of JSON Schema, as far as the house uses them: its types, which say what a file holds once it was
 * checked, and for what they are at run time a line each. The library's own take 370 modules at every start
 * (`schema.test.ts` compares).
 */
export const Type = makers as unknown as Pick<typeof TypeBox, keyof typeof makers>
