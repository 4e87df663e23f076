import fc from 'fast-check'
import type { City } from '../../../../city/index.ts'
import {
  kinds,
  simpleKinds,
  type FieldEntry,
  type Kind,
  type PartEntry,
  type PartProperty,
  type PropertyEntry,
} from '../../define-file.ts'
import { bases, categories, purposes, sensitivities, type Category } from '../../define-privacy.ts'

export type Question = Readonly<{ field: FieldEntry; property: PropertyEntry; mayBeRequired: boolean }>

/** Words with all that makes a file hard to write: quotation marks, colons, line ends, signs of YAML, other scripts. */
const words = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
    fc.constantFrom(
      'no',
      '~',
      '*x',
      '&y',
      '- a',
      'a: b # c',
      '"',
      "'",
      '{x}',
      '1.0',
      'null',
      'línea\notra',
      '<b>',
      '=1+1',
      '#',
      '%',
      '@',
      '`',
    ),
  )
  .map((said) => said.replace(/[^\P{C}\n]/gu, '').trim())
  .map((said) => (said === '' ? 'x' : said))
export const text = fc.record({ en: words, es: words }, { noNullPrototype: true })

const ordinary = (Object.keys(categories) as Category[]).filter((one) => !['name', 'email', 'telephone'].includes(one))
const keyOf = <Key extends string>(table: Readonly<Record<Key, unknown>>) =>
  fc.constantFrom(...(Object.keys(table) as Key[]))

const privacyOf = (city: City) =>
  fc.record(
    {
      purpose: keyOf(purposes),
      category: fc.constantFrom(...ordinary),
      necessity: text,
      retention: fc.constantFrom(...city.retention.keys()),
      needed: fc.boolean(),
      basis: keyOf(bases),
      sensitivity: fc.constantFrom(...sensitivities),
    },
    { requiredKeys: ['purpose', 'category', 'necessity', 'retention', 'needed'], noNullPrototype: true },
  )

const choices = fc
  .uniqueArray(fc.nat({ max: 99 }), { minLength: 1, maxLength: 4 })
  .chain((keys) => fc.tuple(...keys.map((key) => text.map((label) => [`c${String(key)}`, label] as const))))
  .map((all) => Object.fromEntries(all))

const simple = fc.constantFrom(...simpleKinds)
const count = fc.integer({ min: 1, max: 5000 })

/** What may be answered to a kind, without its privacy; the same for a question and for a part of one. */
function answersOf(kind: Kind): fc.Arbitrary<PartProperty> {
  switch (kind) {
    case 'yes-no':
    case 'declaration':
      return fc.constant({ type: 'boolean' })
    case 'number':
    case 'reckoned':
      return fc.record({ type: fc.constantFrom('integer', 'number'), minimum: fc.integer({ min: 0, max: 9 }) }, { requiredKeys: ['type'], noNullPrototype: true }) // prettier-ignore
    case 'money':
      return fc.constant({ type: 'integer' })
    case 'text':
      return fc.record({ type: fc.constant('string'), maxLength: count, pattern: fc.constant('^[A-Z]{2}\\d*$') }, { requiredKeys: ['type', 'maxLength'], noNullPrototype: true }) // prettier-ignore
    case 'long-text':
    case 'email':
    case 'telephone':
    case 'address':
    case 'signature':
      return count.map((maxLength) => ({ type: 'string', maxLength }))
    default:
      return fc.constant({ type: 'string' })
  }
}

type Parts = Readonly<{
  fields: Record<string, PartEntry>
  inside: { required?: string[]; properties: Record<string, PartProperty> }
}>

const parts: fc.Arbitrary<Parts> = fc
  .uniqueArray(fc.nat({ max: 99 }), { minLength: 1, maxLength: 3 })
  .chain((keys) => fc.tuple(...keys.map((key) => partOf(`p${String(key)}`))))
  .chain((all) => fc.tuple(fc.constant(all), fc.subarray(all.map(({ name }) => name))))
  .map(([all, required]) => ({
    fields: Object.fromEntries(all.map(({ name, entry }) => [name, entry])),
    inside: {
      ...(required.length > 0 && { required }),
      properties: Object.fromEntries(all.map(({ name, property }) => [name, property])),
    },
  }))

function partOf(name: string) {
  return simple.chain((kind) =>
    fc.tuple(text, choices, answersOf(kind)).map(([label, offered, property]) => ({
      name,
      entry: { label, kind, ...(kind === 'choice' && { choices: offered }) },
      property,
    })),
  )
}

export function anyQuestion(city: City): fc.Arbitrary<Question> {
  const [facility = 'hall'] = city.bookings.keys()
  return fc.constantFrom(...kinds).chain((kind) =>
    fc
      .tuple(
        text,
        fc.option(text, { nil: undefined }),
        choices,
        parts,
        answersOf(kind),
        privacyOf(city),
        text,
        fc.integer({ min: 1, max: 10 }),
      )
      .map(
        // prettier-ignore
        ([label, help, offered, inner, answers, privacy, statement, maxItems]): Question => ({
        mayBeRequired: privacy.needed && kind !== 'files' && kind !== 'reckoned',
        field: {
          label,
          ...(help && { help }),
          kind,
          ...((kind === 'choice' || kind === 'several') && { choices: offered }),
          ...(kind === 'topic-choice' && { topics: 'problems' as const }),
          ...((kind === 'declaration' || kind === 'signature') && { statement }),
          ...(kind === 'slot' && { facility }),
          ...(kind === 'address' && { 'in-city': privacy.needed }),
          ...(kind === 'reckoned' && { reckon: { terms: [{ each: maxItems }] }, shown: 'money' as const }),
          ...(hasParts(kind) && { parts: inner.fields }),
        },
        property: { ...propertyOf(kind, answers, inner, maxItems), privacy },
      }),
      ),
  )
}

const hasParts = (kind: Kind) => kind === 'table' || kind === 'person' || kind === 'child'

function propertyOf(
  kind: Kind,
  answers: PartProperty,
  { inside }: Parts,
  maxItems: number,
): Omit<PropertyEntry, 'privacy'> {
  if (kind === 'table') return { type: 'array', maxItems, items: { type: 'object', ...inside } }
  if (kind === 'person' || kind === 'child') return { type: 'object', ...inside }
  if (kind === 'several' || kind === 'files') return { type: 'array', maxItems }
  return answers
}
