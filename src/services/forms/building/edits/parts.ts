import type { DraftFile, DraftParts, DraftProperty } from '../draft.ts'
import { fitField, fitProperty } from '../kind-shape.ts'
import type { Edit, EditRefused, PartWritten } from './edit.ts'
import { moved } from './order.ts'
import { mayBeNamed } from './questions.ts'
import { usesIn } from './uses.ts'

type Parts = NonNullable<DraftFile['fields'][string]['parts']>
type Inside = Readonly<{ parts: Parts; answers: DraftParts['properties']; required: readonly string[] }>

/** What a question of parts asks for inside; undefined where it is none. */
export function insideOf(draft: DraftFile, question: string): Inside | undefined {
  const property = draft.schema.properties[question]
  const parts = draft.fields[question]?.parts
  if (!property || !parts) return undefined
  const inside = draft.fields[question]?.kind === 'table' ? property.items : property
  return { parts, answers: inside?.properties ?? {}, required: inside?.required ?? [] }
}

function withInside(draft: DraftFile, question: string, { parts, answers, required }: Inside): DraftFile {
  const field = draft.fields[question]
  const property = draft.schema.properties[question]
  if (!field || !property) return draft
  const names = Object.keys(parts)
  const inside = {
    ...(required.length > 0 && { required: required.filter((name) => names.includes(name)) }),
    properties: Object.fromEntries(names.flatMap((name) => (answers[name] ? [[name, answers[name]] as const] : []))),
  }
  const { items: _, properties: __, required: ___, ...rest } = property
  const answer = (
    field.kind === 'table' ? { ...rest, items: { type: 'object', ...inside } } : { ...rest, ...inside }
  ) as DraftProperty
  return {
    ...draft,
    fields: { ...draft.fields, [question]: { ...field, parts } },
    schema: { ...draft.schema, properties: { ...draft.schema.properties, [question]: answer } },
  }
}

export function addPart(
  draft: DraftFile,
  { question, name, kind, label }: Extract<Edit, { edit: 'add-part' }>,
): DraftFile | EditRefused {
  const inside = insideOf(draft, question)
  if (!inside) return { refused: 'not-there' }
  if (Object.hasOwn(inside.parts, name)) return { refused: 'name-taken' }
  if (!mayBeNamed(name)) return { refused: 'no-name' }
  return withInside(draft, question, {
    ...inside,
    parts: { ...inside.parts, [name]: fitField({ label, kind }) },
    answers: { ...inside.answers, [name]: fitProperty(kind, { type: 'string' }) as DraftParts['properties'][string] },
  })
}

export function changePart(
  draft: DraftFile,
  question: string,
  name: string,
  { field, answer, required }: PartWritten,
): DraftFile | EditRefused {
  const inside = insideOf(draft, question)
  if (!inside || !Object.hasOwn(inside.parts, name)) return { refused: 'not-there' }
  const property = fitProperty(field.kind, answer) as DraftParts['properties'][string]
  const others = inside.required.filter((one) => one !== name)
  return withInside(draft, question, {
    parts: { ...inside.parts, [name]: fitField(field) },
    answers: { ...inside.answers, [name]: property },
    required: required ? [...others, name] : others,
  })
}

export function movePart(draft: DraftFile, question: string, name: string, by: -1 | 1): DraftFile | EditRefused {
  const inside = insideOf(draft, question)
  if (!inside || !Object.hasOwn(inside.parts, name)) return { refused: 'not-there' }
  const names = Object.keys(inside.parts)
  const next = moved(names, names.indexOf(name), by)
  if (!next) return { refused: 'at-the-end' }
  const parts = next.flatMap((one) => (inside.parts[one] ? [[one, inside.parts[one]] as const] : []))
  return withInside(draft, question, { ...inside, parts: Object.fromEntries(parts) })
}

export function removePart(draft: DraftFile, question: string, name: string): DraftFile | EditRefused {
  const inside = insideOf(draft, question)
  if (!inside || !Object.hasOwn(inside.parts, name)) return { refused: 'not-there' }
  const use = usesIn(draft).find(({ of, column }) => of === question && column === name)
  if (use) return { refused: 'in-use', by: use.by }
  const { [name]: _, ...parts } = inside.parts
  if (Object.keys(parts).length === 0) return { refused: 'last-part' }
  return withInside(draft, question, { ...inside, parts })
}
