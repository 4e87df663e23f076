import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
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

// Each schema is asked a few times, while starting: code that is made quickly is worth more than code that runs quickly.
const ajv = new Ajv2020({
  strict: true,
  allowUnionTypes: true,
  allErrors: true,
  verbose: true,
  code: { optimize: false },
  validateSchema: false,
})

/** Every misfit of a value to a JSON Schema 2020-12. A keyword that is not known is a fault, never passed over. */
export function misfits(schema: TSchema, value: unknown): readonly Misfit[] {
  const validate = ajv.compile(schema)
  if (validate(value)) return []
  // Of a name that is not allowed the library also tells why.
  return (validate.errors ?? [])
    .filter(({ keyword, propertyName }) => propertyName === undefined || keyword === 'propertyNames')
    .map((error) => misfitOf(error, value))
}

function misfitOf({ keyword, instancePath, params, parentSchema, data }: ErrorObject, whole: unknown): Misfit {
  const which = whichOf(params)
  const path = pathIn(whole, instancePath)
  return { keyword, path, schema: parentSchema ?? {}, value: data, ...(which !== undefined && { which }) }
}

type Params = Partial<
  Record<'missingProperty' | 'additionalProperty' | 'propertyName', string> & Record<'i' | 'j', number>
>

function whichOf({ missingProperty, additionalProperty, propertyName, i, j = 0 }: Params): string | number | undefined {
  return missingProperty ?? additionalProperty ?? propertyName ?? (i === undefined ? undefined : Math.max(i, j))
}

/** A JSON Pointer (RFC 6901) as names and numbers: a number is one only in a list. */
function pathIn(whole: unknown, pointer: string): Path {
  let part = whole
  return pointer
    .split('/')
    .slice(1)
    .map((escaped) => {
      const name = escaped.replaceAll('~1', '/').replaceAll('~0', '~')
      const step = Array.isArray(part) ? Number(name) : name
      part = (part as Record<string | number, unknown>)[step]
      return step
    })
}
