import type { City, PlaceId, RetentionId, Text } from '../../city/index.ts'
import type { Condition } from './answering/condition.ts'
import type { MapFrame } from './answering/map-frame.ts'
import type { Reckoning } from './answering/reckon.ts'
import type { FieldEntry, FormFile, Kind, PartEntry, PartProperty, PropertyEntry } from './define-file.ts'
import { sensitiveCategories, usualBasis, type Privacy } from './define-privacy.ts'

/** A question, complete: what a page needs to ask it and a reader to understand the answer. */
export type Field = Readonly<{
  name: string
  kind: Kind
  label: Text
  help?: Text
  hint?: Text
  /** An answer is needed wherever the question is asked. */
  required: boolean
  /** Asked only where it holds: of its own, and of its page. */
  when?: Condition
  autocomplete?: string
  rows?: number
  maxLength?: number
  /** Of files and tables: how many at most. */
  maxItems?: number
  choices?: readonly Choice[]
  /** Of a place on the map: what the map spans; absent where the city has none. */
  map?: MapFrame
  /** What stands for “no choice made” in a list to choose from. */
  empty?: Text
  errors?: Readonly<{ missing?: Text; wrong?: Text }>
  /** Of a table, a person or a child. */
  parts?: readonly Field[]
  statement?: Text
  facility?: string
  'price-group'?: string
  'in-city'?: boolean
  reckon?: Reckoning
  shown?: 'number' | 'money'
  /** Absent where the question is not about a person. */
  privacy?: Privacy
}>

export type Choice = Readonly<{ value: string; label: Text; group?: Text }>

export function fieldsIn(file: FormFile, city: City): readonly Field[] {
  const { schema } = file
  return Object.entries(file.fields).map(([name, entry]) => {
    const property = schema.properties[name]
    const when = whenAsked(file, name, entry)
    const { topics, parts, ...rest } = entry
    const map = entry.kind === 'map-place' ? city.map.box : undefined
    return Object.freeze({
      ...fieldOf(name, rest, property, schema.required ?? [], choicesOf(entry, topics, city)),
      ...(when && { when }),
      ...(map && { map: { box: map } }),
      ...(parts && { parts: partsOf(parts, property) }),
    })
  })
}

/** The whole condition under which a question is asked; undefined where it always is. */
function whenAsked({ pages = {} }: FormFile, name: string, { when }: FieldEntry): Condition | undefined {
  const page = Object.values(pages).find(({ fields }) => fields.includes(name))
  const all = [page?.when, when].filter((condition) => condition !== undefined)
  return all.length > 1 ? { all } : all[0]
}

function partsOf(parts: NonNullable<FieldEntry['parts']>, property: PropertyEntry | undefined): readonly Field[] {
  const inside = property?.items ?? property
  return Object.entries(parts).map(([name, entry]) =>
    Object.freeze(
      fieldOf(name, entry, inside?.properties?.[name], inside?.required ?? [], choicesOf(entry), property?.privacy),
    ),
  )
}

function fieldOf(
  name: string,
  { choices: _, ...entry }: Omit<FieldEntry, 'topics' | 'parts'> | PartEntry,
  property: PropertyEntry | PartProperty | undefined,
  required: readonly string[],
  offered: readonly Choice[] | undefined,
  whole?: PropertyEntry['privacy'],
): Field {
  const privacy = privacyOf(property?.privacy ?? whole)
  return {
    ...entry,
    name,
    required: required.includes(name),
    ...(property?.maxLength !== undefined && { maxLength: property.maxLength }),
    ...(property?.maxItems !== undefined && entry.kind !== 'several' && { maxItems: property.maxItems }),
    ...(offered && { choices: offered }),
    ...(privacy && { privacy }),
  }
}

function privacyOf(entry: PropertyEntry['privacy'] | undefined): Privacy | undefined {
  if (typeof entry !== 'object') return undefined
  return {
    ...entry,
    retention: entry.retention as RetentionId,
    basis: entry.basis ?? usualBasis[entry.purpose],
    sensitivity: sensitiveCategories.has(entry.category) ? 'sensitive' : (entry.sensitivity ?? 'ordinary'),
  }
}

function choicesOf(
  { kind, choices }: Pick<FieldEntry, 'kind' | 'choices'>,
  topics?: FieldEntry['topics'],
  city?: City,
): readonly Choice[] | undefined {
  switch (kind) {
    case 'choice':
    case 'several':
      return Object.entries(choices ?? {}).map(([value, label]): Choice => ({ value, label }))
    case 'place-choice':
    case 'map-place':
      return [...(city?.places.values() ?? [])].map(({ id, name }): Choice => ({
        value: id satisfies PlaceId,
        label: name,
      }))
    case 'topic-choice':
      return [...(city?.topics.values() ?? [])]
        .filter(({ problem }) => topics === 'all' || problem)
        .map(({ id, name, department }): Choice => {
          const group = city?.departments.get(department)?.name
          return { value: id, label: name, ...(group && { group }) }
        })
    default:
      return undefined
  }
}
