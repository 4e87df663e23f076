import { idPattern } from '../../../../city/index.ts'
import { hasParts } from '../../define-check-parts.ts'
import type { DraftFile, DraftProperty } from '../draft.ts'
import { fitField, fitProperty, kindShapes } from '../kind-shape.ts'
import type { Edit, EditRefused, QuestionWritten } from './edit.ts'
import { inSteps, moved, stepsOf } from './order.ts'
import { usedTooEarly, usesIn } from './uses.ts'
import { tellsPlace } from '../../define-kinds.ts'

/** Names that a form's own post uses for itself. */
const reserved = new Set([
  'token',
  'first',
  'sent',
  'draft',
  'page',
  'form-version',
  'add-row',
  'remove-row',
  'website',
])
const isName = new RegExp(idPattern)

/** The name under which a question is answered, from what it says: `What is wrong?` is `what-is-wrong`. */
export function nameFrom(label: string, taken: Readonly<Record<string, unknown>>): string {
  const plain = label.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  const words =
    plain
      .match(/[a-z0-9]+/g)
      ?.slice(0, 5)
      .join('-')
      .slice(0, 40)
      .replace(/-$/, '') ?? ''
  const base = /^[a-z]/.test(words) ? words : `question${words && `-${words}`}`
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base}-${String(n)}`
    if (!Object.hasOwn(taken, name) && !reserved.has(name)) return name
  }
}

export const mayBeNamed = (name: string): boolean => isName.test(name) && name.length <= 60 && !reserved.has(name)

export function addQuestion(
  draft: DraftFile,
  { name, kind, label, after }: Extract<Edit, { edit: 'add-question' }>,
): DraftFile | EditRefused {
  if (Object.hasOwn(draft.fields, name)) return { refused: 'name-taken' }
  if (!mayBeNamed(name)) return { refused: 'no-name' }
  const privacy = kindShapes[kind].chosen ? 'not-personal' : {}
  const property = fitProperty(kind, { type: 'string', privacy })
  const added = {
    ...draft,
    fields: { ...draft.fields, [name]: fitField({ label, kind }) },
    schema: { ...draft.schema, properties: { ...draft.schema.properties, [name]: property } },
  }
  const steps = stepsOf(draft)
  const at = after === undefined ? -1 : steps.findIndex((step) => 'question' in step && step.question === after)
  const place = at === -1 ? steps.length : at + 1
  const whole = inSteps(added, [...steps.slice(0, place), { question: name }, ...steps.slice(place)])
  return hasParts(kind) ? withFirstPart(whole, name) : whole
}

/** What is asked in parts begins with one. */
function withFirstPart(draft: DraftFile, name: string): DraftFile {
  const field = draft.fields[name]
  const property = draft.schema.properties[name]
  if (!field || !property) return draft
  const part = 'name'
  const parts = { [part]: { kind: 'text' as const, label: { en: 'Name', es: 'Nombre' } } }
  const inside = { properties: { [part]: fitProperty('text', { type: 'string' }) } as Record<string, DraftProperty> }
  const answer = field.kind === 'table' ? { items: { type: 'object' as const, ...inside } } : inside
  return {
    ...draft,
    fields: { ...draft.fields, [name]: { ...field, parts } },
    schema: {
      ...draft.schema,
      properties: { ...draft.schema.properties, [name]: { ...property, ...answer } as DraftProperty },
    },
  }
}

export function changeQuestion(
  draft: DraftFile,
  name: string,
  { field: written, answer, required }: QuestionWritten,
): DraftFile | EditRefused {
  const before = draft.fields[name]
  const old = draft.schema.properties[name]
  if (!before || !old) return { refused: 'not-there' }
  const { kind } = written
  // The columns of a table are no parts of a person.
  const stays = hasParts(kind) && hasParts(before.kind) && (kind === 'table') === (before.kind === 'table')
  const parts = stays && before.parts ? { parts: before.parts } : {}
  const { items, properties, required: needed } = stays ? old : ({} as Partial<DraftProperty>)
  const inside = { ...(items && { items }), ...(properties && { properties }), ...(needed && { required: needed }) }
  const property = fitProperty(kind, { ...inside, ...answer })
  const changed = {
    ...draft,
    fields: { ...draft.fields, [name]: fitField({ ...written, ...parts }) },
    schema: {
      ...needing(draft.schema, name, required && !kindShapes[kind].free),
      properties: { ...draft.schema.properties, [name]: property },
    },
  }
  const whole = hasParts(kind) && !stays ? withFirstPart(changed, name) : changed
  const early = usedTooEarly(whole)
  return early && !usedTooEarly(draft) ? { refused: 'in-use', by: early.by } : withoutPointers(whole, name, kind)
}

/** The form's topic, neighborhood and dates come from questions of the right kind only. */
function withoutPointers(draft: DraftFile, name: string, kind: string): DraftFile {
  const { 'topic-from': topic, 'place-from': place, 'in-order': order, ...rest } = draft
  const field = draft.fields[name]
  const pairs = kind === 'date' ? order : order?.filter((pair) => !pair.includes(name))
  return {
    ...rest,
    ...(topic !== undefined && (topic !== name || kind === 'topic-choice') && { 'topic-from': topic }),
    ...(place !== undefined &&
      (place !== name || (field !== undefined && tellsPlace(field))) && { 'place-from': place }),
    ...(pairs && pairs.length > 0 && { 'in-order': pairs }),
  }
}

function needing(
  { required = [], ...schema }: DraftFile['schema'],
  name: string,
  needed: boolean,
): DraftFile['schema'] {
  const names = needed ? [...new Set([...required, name])] : required.filter((one) => one !== name)
  return { ...schema, ...(names.length > 0 && { required: names }) }
}

/** One place up or down; past the beginning of a page it changes pages. Never past a question that it depends on. */
export function moveQuestion(draft: DraftFile, name: string, by: -1 | 1): DraftFile | EditRefused {
  const steps = stepsOf(draft)
  const at = steps.findIndex((step) => 'question' in step && step.question === name)
  if (at === -1) return { refused: 'not-there' }
  const next = moved(steps, at, by)
  if (!next || (at === 1 && by === -1 && draft.pages)) return { refused: 'at-the-end' }
  const whole = inSteps(draft, next)
  const early = usedTooEarly(whole)
  return early && !usedTooEarly(draft) ? { refused: 'in-use', by: early.by } : whole
}

/** A question that others speak of stays until they no longer do. */
export function removeQuestion(draft: DraftFile, name: string): DraftFile | EditRefused {
  if (!Object.hasOwn(draft.fields, name)) return { refused: 'not-there' }
  const use = usesIn(draft).find(({ of, by }) => of === name && by !== name)
  if (use) return { refused: 'in-use', by: use.by }
  const { dependentRequired = {}, ...schema } = draft.schema
  const depending = Object.entries(dependentRequired).flatMap(([key, names]) => {
    const left = names.filter((one) => one !== name)
    return key === name || left.length === 0 ? [] : [[key, left] as const]
  })
  const rest = {
    ...draft,
    schema: {
      ...needing(schema, name, false),
      ...(depending.length > 0 && { dependentRequired: Object.fromEntries(depending) }),
    },
  }
  const steps = stepsOf(rest).filter((step) => !('question' in step && step.question === name))
  return withoutPointers(inSteps(rest, steps), name, '')
}
