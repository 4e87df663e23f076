import { isThing, type Thing } from './thing.ts'

/**
 * The definition that an exported JSON Schema was made from, as its file would have it; the reader of files checks it like
 * any other. What the export filled in from the kind of a question (formats, choices, conditions) is taken out again.
 */
export function fromJsonSchema(exported: Thing): Thing {
  const { form, properties, required, allOf, dependentRequired } = exported
  const fields = thingAt(form, 'fields')
  const asked = Object.keys(fields)
  const always = new Set([...namesIn(required), ...requiredSometimes(allOf)])
  const needed = [...asked.filter((name) => always.has(name)), ...[...always].filter((name) => !asked.includes(name))]
  return {
    ...(isThing(form) ? form : {}),
    schema: {
      type: 'object',
      ...(needed.length > 0 && { required: needed }),
      properties: mapped(properties, (property, name) => propertyOf(property, kindOf(fields[name]), fields[name])),
      ...(dependentRequired !== undefined && { dependentRequired }),
    },
  }
}

function propertyOf({ title: _, ...property }: Thing, kind: unknown, field: unknown): Thing {
  const { items, additionalProperties: _closed, ...rest } = property
  switch (kind) {
    case 'several': {
      const { uniqueItems: _once, ...kept } = rest
      return kept
    }
    case 'table':
      return isThing(items) ? { ...rest, items: partsOf(items, field) } : rest
    case 'person':
    case 'child':
      return partsOf(rest, field)
    default: {
      const { enum: _choices, format: _format, const: _declared, ...kept } = property
      return kept
    }
  }
}

function partsOf({ additionalProperties: _closed, ...whole }: Thing, field: unknown): Thing {
  const parts = thingAt(field, 'parts')
  return {
    ...whole,
    properties: mapped(whole.properties, (part, name) => propertyOf(part, kindOf(parts[name]), undefined)),
  }
}

/** A question that is asked only sometimes is required in the branch of its condition. */
function requiredSometimes(allOf: unknown): readonly string[] {
  if (!Array.isArray(allOf)) return []
  return allOf.flatMap((one: unknown) => namesIn(thingAt(one, 'then').required))
}

const namesIn = (names: unknown): readonly string[] =>
  Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
const kindOf = (field: unknown): unknown => (isThing(field) ? field.kind : undefined)

function thingAt(whole: unknown, key: string): Thing {
  const found = isThing(whole) && Object.hasOwn(whole, key) ? whole[key] : undefined
  return isThing(found) ? found : {}
}

function mapped(things: unknown, change: (thing: Thing, name: string) => Thing): Thing {
  const entries = isThing(things) ? Object.entries(things) : []
  return Object.fromEntries(entries.map(([name, thing]) => [name, isThing(thing) ? change(thing, name) : thing]))
}
