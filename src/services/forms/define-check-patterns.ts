import type { Mistake, Path, Yaml } from '../../plumbing/index.ts'
import type { FormFile, PartProperty, PropertyEntry } from './define-file.ts'

/** Each pattern must be one: of all that a form may say of an answer, only that could fail when the first answer comes. */
export function checkPatterns(file: Yaml<FormFile>): Mistake[] {
  return within(file, ['schema', 'properties'], file.value.schema.properties)
}

type Properties = Readonly<Record<string, PartProperty | PropertyEntry>>

function within(file: Yaml<FormFile>, path: Path, properties: Properties = {}): Mistake[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    const at = [...path, name]
    const inside = 'items' in property ? within(file, [...at, 'items', 'properties'], property.items.properties) : []
    const parts = 'properties' in property ? within(file, [...at, 'properties'], property.properties) : []
    return [...unreadable(file, [...at, 'pattern'], property.pattern), ...inside, ...parts]
  })
}

/** As JSON Schema reads it: with `u`. */
function unreadable(file: Yaml<FormFile>, at: Path, pattern: string | undefined): Mistake[] {
  try {
    if (pattern !== undefined) new RegExp(pattern, 'u')
    return []
  } catch {
    return [file.mistake(at, `“${pattern ?? ''}” is not a pattern.`, 'a regular expression, for example ^[0-9]{5}$')]
  }
}
