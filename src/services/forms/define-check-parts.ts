import type { Mistake, Yaml } from '../../plumbing/index.ts'
import type { FieldEntry, FormFile, Kind, PartEntry, PartProperty, PropertyEntry } from './define-file.ts'

const withParts: ReadonlySet<string> = new Set(['table', 'person', 'child'] satisfies Kind[])
export const hasParts = (kind: Kind | undefined): boolean => kind !== undefined && withParts.has(kind)

const partTypes: Record<PartEntry['kind'], readonly PartProperty['type'][]> = {
  text: ['string'],
  'long-text': ['string'],
  email: ['string'],
  telephone: ['string'],
  date: ['string'],
  time: ['string'],
  number: ['integer', 'number'],
  money: ['integer'],
  'yes-no': ['boolean'],
  choice: ['string'],
}

/** A table’s columns, and what is asked of a person or a child: each asked and answerable, each with a limit. */
export function checkParts(
  file: Yaml<FormFile>,
  name: string,
  { kind, parts }: FieldEntry,
  property: PropertyEntry,
): Mistake[] {
  const at = ['fields', name]
  if (hasParts(kind) !== (parts !== undefined)) {
    const says = parts === undefined ? `“${name}” does not say its parts.` : `“${name}” is of a kind that has no parts.`
    return [file.mistake([...at, 'parts'], says, 'parts: for the kinds table, person and child only')]
  }
  if (parts === undefined) return []
  const where = ['schema', 'properties', name, ...(kind === 'table' ? ['items'] : [])]
  const inside = kind === 'table' ? property.items : property
  const properties = inside?.properties ?? {}
  return [
    ...(kind === 'table' ? checkRows(file, name, property) : []),
    ...Object.keys(properties)
      .filter((part) => !Object.hasOwn(parts, part))
      .map((part) => file.mistake([...where, 'properties', part], `“${part}” is never asked.`, `${part} under parts`)),
    ...(inside?.required ?? [])
      .filter((part) => !Object.hasOwn(parts, part))
      .map((part) => file.mistake([...where, 'required'], `“${part}” is no part of “${name}”.`, 'one of its parts')),
    ...Object.entries(parts).flatMap(([part, entry]) =>
      checkPart(file, [...at, 'parts', part], [...where, 'properties', part], part, entry, properties[part]),
    ),
  ]
}

function checkRows(file: Yaml<FormFile>, name: string, { items, maxItems, minItems = 0 }: PropertyEntry): Mistake[] {
  const at = ['schema', 'properties', name]
  if (items === undefined) return [file.mistake(at, `“${name}” does not say what a row is.`, 'items: with properties')]
  if (maxItems !== undefined && maxItems >= 1 && maxItems <= mostRows && minItems <= maxItems) return []
  const says = `“${name}” does not say how many rows it takes.`
  return [file.mistake(at, says, `maxItems: 1 to ${String(mostRows)}, and minItems not above it`, 'key')]
}

export const mostRows = 30

function checkPart(
  file: Yaml<FormFile>,
  field: readonly string[],
  where: readonly string[],
  part: string,
  entry: PartEntry,
  property: PartProperty | undefined,
): Mistake[] {
  if (property === undefined)
    return [file.mistake(field, `“${part}” is asked, but schema does not say what may be answered.`, `“${part}” under schema`, 'key')] // prettier-ignore
  const mistakes: Mistake[] = []
  const fitting = partTypes[entry.kind]
  if (!fitting.includes(property.type))
    mistakes.push(
      file.mistake([...where, 'type'], `“${part}” is not answered with ${property.type}.`, fitting.join(', ')),
    )
  const written = ['text', 'long-text', 'email', 'telephone'].includes(entry.kind)
  if (written && property.maxLength === undefined)
    mistakes.push(file.mistake(where, `“${part}” has no limit to its length.`, 'maxLength: with a number', 'key'))
  if ((entry.kind === 'choice') !== (entry.choices !== undefined))
    mistakes.push(
      file.mistake(field, `“${part}” needs choices if, and only if, it is a choice.`, 'choices: for the kind choice'),
    )
  return mistakes
}
