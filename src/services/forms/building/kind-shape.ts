import { simpleKinds, type FieldEntry, type Kind, type PropertyEntry, type SimpleKind } from '../define-file.ts'
import type { DraftProperty } from './draft.ts'

export type OwnKey = 'choices' | 'empty' | 'topics' | 'rows' | 'autocomplete' | 'statement' | 'facility' | 'in-city' | 'reckon' | 'shown' // prettier-ignore
export type Limit = 'minLength' | 'maxLength' | 'pattern' | 'minItems' | 'maxItems' | 'minimum' | 'maximum'

/** What belongs to a kind of question and to no other: the type it is answered in, its own words, and its limits. */
export type KindShape = Readonly<{
  type: PropertyEntry['type']
  own: readonly OwnKey[]
  limits: readonly Limit[]
  /** Limits that the kind cannot be without. */
  given?: Readonly<{ maxLength?: number; maxItems?: number }>
  /** Answered by choosing, or following from answers: it may be about nobody. */
  chosen?: true
  /** Never an answer that somebody must give. */
  free?: true
}>

const written = (most: number, ...own: OwnKey[]): KindShape => ({
  type: 'string',
  own: ['autocomplete', ...own],
  limits: ['minLength', 'maxLength'],
  given: { maxLength: most },
})

export const kindShapes: Readonly<Record<Kind, KindShape>> = {
  text: { ...written(200), limits: ['minLength', 'maxLength', 'pattern'] },
  'long-text': { ...written(2000), own: ['rows'] },
  email: written(254),
  telephone: written(40),
  date: { type: 'string', own: ['autocomplete'], limits: [] },
  time: { type: 'string', own: [], limits: [] },
  number: { type: 'number', own: [], limits: ['minimum', 'maximum'] },
  money: { type: 'integer', own: [], limits: ['minimum', 'maximum'] },
  'yes-no': { type: 'boolean', own: [], limits: [], chosen: true },
  choice: { type: 'string', own: ['choices', 'empty'], limits: [], chosen: true },
  several: { type: 'array', own: ['choices'], limits: ['minItems', 'maxItems'], chosen: true },
  'topic-choice': { type: 'string', own: ['topics', 'empty'], limits: [], chosen: true },
  'place-choice': { type: 'string', own: ['empty'], limits: [], chosen: true },
  address: { ...written(200, 'in-city'), limits: ['maxLength'] },
  'map-place': { type: 'string', own: [], limits: [] },
  files: { type: 'array', own: [], limits: ['maxItems'], given: { maxItems: 3 }, free: true },
  signature: { ...written(120, 'statement'), limits: ['maxLength'] },
  declaration: { type: 'boolean', own: ['statement'], limits: [], chosen: true },
  table: { type: 'array', own: [], limits: ['minItems', 'maxItems'], given: { maxItems: 10 } },
  person: { type: 'object', own: [], limits: [] },
  child: { type: 'object', own: [], limits: [] },
  slot: { type: 'string', own: ['facility'], limits: [], chosen: true },
  session: { type: 'string', own: [], limits: [], chosen: true },
  reckoned: { type: 'number', own: ['reckon', 'shown'], limits: [], chosen: true, free: true },
}

const limits: readonly Limit[] = ['minLength', 'maxLength', 'pattern', 'minItems', 'maxItems', 'minimum', 'maximum']
const ownKeys: readonly OwnKey[] = ['choices', 'empty', 'topics', 'rows', 'autocomplete', 'statement', 'facility', 'in-city', 'reckon', 'shown'] // prettier-ignore
const shared = ['label', 'help', 'hint', 'errors', 'when', 'kind', 'parts'] as const

export const isSimple = (kind: Kind): kind is SimpleKind => (simpleKinds as readonly string[]).includes(kind)

const blank = { en: '', es: '' }
/** What a kind cannot be drawn without. */
const given = (entry: FieldEntry): Partial<FieldEntry> => {
  const { own } = kindShapes[entry.kind]
  return {
    ...(own.includes('choices') && { choices: entry.choices ?? {} }),
    ...(own.includes('topics') && { topics: entry.topics ?? 'problems' }),
    ...(own.includes('statement') && { statement: entry.statement ?? blank }),
    ...(own.includes('reckon') && { reckon: entry.reckon ?? { terms: [] } }),
  }
}

/** A question with the keys of its kind and no others. */
export function fitField<Entry extends Partial<FieldEntry> & { kind: Kind }>(entry: Entry): Entry {
  const { own } = kindShapes[entry.kind]
  const allowed = new Set<string>([...shared, ...ownKeys.filter((key) => own.includes(key))])
  const kept = Object.entries(entry).filter(([key]) => allowed.has(key))
  return { ...Object.fromEntries(kept), ...given(entry as unknown as FieldEntry) } as Entry
}

/** The answer of a kind: its type, the limits it has, and those it must have. */
export function fitProperty(kind: Kind, property: DraftProperty): DraftProperty {
  const shape = kindShapes[kind]
  const { type, ...rest } = property
  const kept = Object.entries(rest).filter(([key]) => {
    if (key === 'items') return kind === 'table'
    if (key === 'properties' || key === 'required') return kind === 'person' || kind === 'child'
    return !limits.some((limit) => limit === key) || shape.limits.some((limit) => limit === key)
  })
  const whole = kind === 'number' || kind === 'reckoned' ? (type === 'integer' ? type : 'number') : shape.type
  return { type: whole, ...shape.given, ...Object.fromEntries(kept) }
}
