import type { Misfit, Path } from './misfits.ts'
import { nearest } from './nearest.ts'
import type { Mistake, Yaml } from './yaml.ts'

type Tell = Yaml<unknown>['mistake']

/** One misfit in plain words at its line. */
export function mistakeOf(misfit: Misfit, tell: Tell): Mistake {
  const { keyword, path, schema, value, which } = misfit
  const name = nameOf(path)
  const allowed = descriptionOf(schema)
  const limit = shown(schema[keyword])
  switch (keyword) {
    case 'additionalProperties':
      return unknownKey(misfit, String(which), tell)
    case 'required':
      return missing(misfit, String(which), tell)
    case 'propertyNames': {
      const rule = descriptionOf(schema[keyword]) ?? 'another name'
      return tell([...path, shown(which)], `“${shown(which)}” cannot be a name here.`, rule, 'key')
    }
    case 'type':
      return wrongType(misfit, String(schema[keyword]), tell)
    case 'enum':
    case 'const':
      return notOneOf(misfit, [schema[keyword]].flat().map(String), tell)
    case 'minLength':
      return tell(
        path,
        value === '' ? `${name} is empty.` : `${name} is too short.`,
        allowed ?? `at least ${limit} characters`,
      )
    case 'maxLength':
      return tell(path, `${name} is too long.`, `at most ${limit} characters`)
    case 'pattern':
      return tell(path, `${name} cannot be “${shown(value)}”.`, allowed ?? `text that fits ${limit}`)
    case 'minimum':
      return tell(path, `${name} cannot be ${shown(value)}.`, allowed ?? `at least ${limit}`)
    case 'maximum':
      return tell(path, `${name} cannot be ${shown(value)}.`, allowed ?? `at most ${limit}`)
    case 'minItems':
    case 'minProperties':
      return tell(path, `${name} has too few entries.`, allowed ?? `at least ${limit}`)
    case 'maxItems':
    case 'maxProperties':
      return tell(path, `${name} has too many entries.`, allowed ?? `at most ${limit}`)
    case 'uniqueItems':
      return tell([...path, Number(which)], `${name} has the same entry twice.`, 'each entry once')
    default:
      return tell(path, `${name} is none of what may stand here.`, allowed ?? '')
  }
}

function unknownKey({ path, schema, value }: Misfit, key: string, tell: Tell): Mistake {
  const known = Object.keys(schema['properties'] ?? {})
  // { en: We count visits, not people } is two names to YAML, the second without a value.
  if (key.includes(' ') && (value as Record<string, unknown>)[key] === null) {
    const says = `“${key}” stands after a comma, so it is read as a name.`
    return tell(
      [...path, key],
      says,
      'Put words that hold a comma in quotation marks, or on a line of their own.',
      'key',
    )
  }
  const meant = nearest(key, known)
  const says = `“${key}” is not known here.${meant === undefined ? '' : ` Did you mean “${meant}”?`}`
  return tell([...path, key], says, known.join(', '), 'key')
}

function missing({ path, schema }: Misfit, key: string, tell: Tell): Mistake {
  const wanted = descriptionOf((schema['properties'] as Record<string, unknown> | undefined)?.[key])
  const where = path.length === 0 ? 'in this file' : `under ${nameOf(path)}`
  return tell(path, `“${key}” is missing ${where}.`, wanted ?? `${key}: …`)
}

function wrongType({ path, schema, value }: Misfit, type: string, tell: Tell): Mistake {
  const wanted = types[type] ?? type
  const says =
    value === null
      ? `${nameOf(path)} has nothing after it.`
      : `${nameOf(path)} must be ${wanted}, not ${kindOf(value)}.`
  return tell(path, says, descriptionOf(schema) ?? wanted)
}

function notOneOf({ path, value }: Misfit, values: readonly string[], tell: Tell): Mistake {
  const meant = nearest(shown(value), values)
  const says = `${nameOf(path)} cannot be “${shown(value)}”.${meant === undefined ? '' : ` Did you mean “${meant}”?`}`
  return tell(path, says, values.join(', '))
}

const types: Record<string, string> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a block of names and values',
  null: 'nothing',
}

const kindOf = (value: unknown) =>
  types[
    Array.isArray(value) ? 'array' : typeof value === 'number' && Number.isInteger(value) ? 'integer' : typeof value
  ]

const descriptionOf = (schema: unknown) => (schema as { description?: string } | undefined)?.description

const shown = (value: unknown) =>
  (typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)).slice(0, 60)

/** What a person calls the place: the nearest name above it, with the number of the entry in a list. */
function nameOf(path: Path): string {
  const last = path.findLastIndex((step) => typeof step === 'string')
  if (last === -1) return path.length === 0 ? 'This file' : `Entry ${Number(path[0]) + 1}`
  const entries = path.slice(last + 1).map((step) => `, entry ${Number(step) + 1}`)
  return `“${String(path[last])}”${entries.join('')}`
}
