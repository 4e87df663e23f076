import { createRequire } from 'node:module'
import type * as Library from 'ajv/dist/2020.js'

const load = createRequire(import.meta.url)

/** The compiler of JSON Schema. It is fetched when the first answers come: a start needs none of its hundred files. */
export const ajv = () => load('ajv/dist/2020.js') as typeof Library

/** The same compiler's way to write a check down as a module of its own. */
export const standalone = () =>
  (load('ajv/dist/standalone/index.js') as { default: (ajv: Library.Ajv2020, validate: unknown) => string }).default
