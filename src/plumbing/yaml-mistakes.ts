import type { ErrorObject } from 'ajv/dist/2020.js'
import { nearest } from './nearest.ts'
import type { Mistake, Path, Yaml } from './yaml.ts'

type Tell = Yaml<unknown>['mistake']

/** One Ajv error (made with `verbose`) in plain words at its line, or none where another error already tells it. */
export function mistakeOf(error: ErrorObject, tell: Tell): Mistake | undefined {
  if (error.propertyName !== undefined && error.keyword !== 'propertyNames') return undefined
  const path = pathOf(error)
  const name = nameOf(path)
  const allowed = descriptionOf(error)
  const params = error.params as Record<string, unknown>
  const limit = shown(params.limit)
  switch (error.keyword) {
    case 'if':
      return undefined
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return unknownKey(error, path, shown(params.additionalProperty ?? params.unevaluatedProperty), tell)
    case 'required':
    case 'dependentRequired':
      return missing(error, path, String(params.missingProperty), tell)
    case 'propertyNames':
      return tell(
        [...path, shown(params.propertyName)],
        `“${shown(params.propertyName)}” cannot be a name here.`,
        nameRule(error),
        'key',
      )
    case 'type':
      return wrongType(error, path, String(params.type), tell)
    case 'enum':
      return notOneOf(error, path, (params.allowedValues as unknown[]).map(String), tell)
    case 'const':
      return notOneOf(error, path, [String(params.allowedValue)], tell)
    case 'minLength':
      return tell(
        path,
        error.data === '' ? `${name} is empty.` : `${name} is too short.`,
        allowed ?? `at least ${limit} characters`,
      )
    case 'maxLength':
      return tell(path, `${name} is too long.`, `at most ${limit} characters`)
    case 'pattern':
      return tell(
        path,
        `${name} cannot be “${shown(error.data)}”.`,
        allowed ?? `text that fits ${shown(params.pattern)}`,
      )
    case 'format':
      return tell(path, `${name} cannot be “${shown(error.data)}”.`, allowed ?? formats[String(params.format)] ?? '')
    case 'minimum':
    case 'exclusiveMinimum':
    case 'maximum':
    case 'exclusiveMaximum':
      return tell(
        path,
        `${name} cannot be ${shown(error.data)}.`,
        allowed ?? `${bounds[shown(params.comparison)] ?? ''} ${limit}`,
      )
    case 'minItems':
    case 'minProperties':
      return tell(path, `${name} has too few entries.`, allowed ?? `at least ${limit}`)
    case 'uniqueItems':
      return tell(
        [...path, Math.max(Number(params.i), Number(params.j))],
        `${name} has the same entry twice.`,
        'each entry once',
      )
    default:
      return tell(path, `${name} ${error.message ?? 'is not right'}.`, allowed ?? '')
  }
}

const bounds: Record<string, string> = { '>=': 'at least', '<=': 'at most', '>': 'more than', '<': 'less than' }

const formats: Record<string, string> = {
  date: 'a date as year-month-day, for example 2026-07-04',
  email: 'an e-mail address',
  uri: 'a web address beginning with https://',
}

function unknownKey(error: ErrorObject, path: Path, key: string, tell: Tell): Mistake {
  const known = Object.keys((error.parentSchema?.properties ?? {}) as object)
  // { en: We count visits, not people } is two names to YAML, the second without a value.
  if (key.includes(' ') && (error.data as Record<string, unknown>)[key] === null) {
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

function missing(error: ErrorObject, path: Path, key: string, tell: Tell): Mistake {
  const schema = (error.parentSchema?.properties as Record<string, { description?: string }> | undefined)?.[key]
  const where = path.length === 0 ? 'in this file' : `under ${nameOf(path)}`
  return tell(path, `“${key}” is missing ${where}.`, schema?.description ?? `${key}: …`)
}

function wrongType(error: ErrorObject, path: Path, type: string, tell: Tell): Mistake {
  const wanted = types[type] ?? type
  const says =
    error.data === null
      ? `${nameOf(path)} has nothing after it.`
      : `${nameOf(path)} must be ${wanted}, not ${kindOf(error.data)}.`
  return tell(path, says, descriptionOf(error) ?? wanted)
}

function notOneOf(error: ErrorObject, path: Path, values: readonly string[], tell: Tell): Mistake {
  const meant = nearest(shown(error.data), values)
  const says = `${nameOf(path)} cannot be “${shown(error.data)}”.${meant === undefined ? '' : ` Did you mean “${meant}”?`}`
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

const descriptionOf = (error: ErrorObject) => (error.parentSchema as { description?: string } | undefined)?.description

const nameRule = (error: ErrorObject) =>
  (error.schema as { description?: string } | undefined)?.description ?? 'another name'

const shown = (value: unknown) =>
  (typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)).slice(0, 60)

/** What a person calls the place: the nearest name above it, with the number of the entry in a list. */
function nameOf(path: Path): string {
  const last = path.findLastIndex((step) => typeof step === 'string')
  if (last === -1) return path.length === 0 ? 'This file' : `Entry ${Number(path[0]) + 1}`
  const entries = path.slice(last + 1).map((step) => `, entry ${Number(step) + 1}`)
  return `“${String(path[last])}”${entries.join('')}`
}

/** JSON Pointer to steps; a step of digits into a list is a number. */
function pathOf(error: ErrorObject): Path {
  return error.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step))
}
