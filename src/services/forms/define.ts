import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { shapes } from '../../city/index.ts'
import type { City, FormId, PlaceId, Refusal, RetentionId, Text, TopicId } from '../../city/index.ts'
import { inOrder, isMistaken, readYaml } from '../../plumbing/index.ts'
import type { Mistake, Mistaken, Yaml } from '../../plumbing/index.ts'
import { answersReader } from './define-answers.ts'
import type { AnswersRefused, ReadAnswers } from './define-answers.ts'
import { checkForm } from './define-check.ts'
import { formFile } from './define-file.ts'
import type { FieldEntry, FormFile, Kind, PropertyEntry } from './define-file.ts'
import { contactCategories } from './define-privacy.ts'
import type { ContactCategory, Privacy } from './define-privacy.ts'

export type FormDefinition = Readonly<{
  id: FormId
  version: number
  title: Text
  intro: Text
  /** The topic of its letters, or where the question `topicFrom` is left open. */
  topic: TopicId
  topicFrom?: string
  placeFrom?: string
  /** Whoever sends it from its page is first shown what was lately reported of the same problem in the same neighborhood. */
  duplicates?: 'warn'
  /** In the order in which they are asked. */
  fields: readonly Field[]
  /** The questions that tell who wrote: sealed apart, found again through keyed tokens. */
  contact: Readonly<Partial<Record<ContactCategory, string>>>
  /** JSON Schema 2020-12 with the `privacy` vocabulary, formats and choices filled in. */
  schema: Readonly<Record<string, unknown>>
  /** Pairs of dates, the earlier first. */
  inOrder: readonly (readonly [string, string])[]
  read(posted: Readonly<Record<string, unknown>>): ReadAnswers | AnswersRefused
}>

export type Field = Readonly<{
  name: string
  kind: Kind
  label: Text
  help?: Text
  hint?: Text
  required: boolean
  autocomplete?: string
  rows?: number
  maxLength?: number
  /** Of files: how many at most. */
  maxItems?: number
  choices?: readonly Choice[]
  /** What stands for “no choice made” in a list to choose from. */
  empty?: Text
  errors?: Readonly<{ missing?: Text; wrong?: Text }>
  /** Absent where the question is not about a person. */
  privacy?: Privacy
}>

export type Choice = Readonly<{ value: string; label: Text; group?: Text }>

/** Every form of the city, by its identifier. */
export type Forms = ReadonlyMap<FormId, FormDefinition>

export type FormFilesRefused = Refusal<'form-files', { mistakes: readonly Mistake[] }>

/**
 * Reads every `*.yaml` of a folder of forms. A personal question without purpose, category, necessity or retention is
 * refused with file and line, and then no form is loaded.
 */
export function loadForms(folder: string, city: City): Forms | FormFilesRefused {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.yaml')) : []
  if (names.length === 0)
    return refuse([
      { file: folder, line: 1, column: 1, says: 'There is no form here.', allowed: 'a folder of .yaml files' },
    ])
  const read = names.sort().map((name) => loadForm(join(folder, name), city))
  const mistakes = read.flatMap((form) => (isMistaken(form) ? form.mistakes : []))
  if (mistakes.length > 0) return refuse(mistakes)
  return new Map(read.flatMap((form) => (isMistaken(form) ? [] : [[form.id, form] as const])))
}

const refuse = (mistakes: readonly Mistake[]): FormFilesRefused => ({
  refused: 'form-files',
  mistakes: inOrder(mistakes),
})

/** One form's file, named after the form; the same check as `npx cityhall forms check`. */
export function loadForm(path: string, city: City): FormDefinition | Mistaken {
  const file = readYaml(path, shapes.check(formFile))
  if (isMistaken(file)) return file
  const mistakes = checkForm(file, city)
  if (!path.endsWith(`${file.value.id}.yaml`)) {
    mistakes.push(
      file.mistake(['id'], `This form calls itself “${file.value.id}”.`, 'the name of its file, without .yaml'),
    )
  }
  return mistakes.length > 0 ? { mistakes: inOrder(mistakes) } : defineForm(file, city)
}

function defineForm(file: Yaml<FormFile>, city: City): FormDefinition | Mistaken {
  const { id, version, title, intro, topic, schema, duplicates } = file.value
  const fields = Object.entries(file.value.fields).map(([name, entry]) =>
    fieldOf(name, entry, schema.properties[name], schema.required ?? [], city),
  )
  const complete = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...schema,
    properties: Object.fromEntries(
      fields.map((field) => [field.name, propertyOf(field, schema.properties[field.name])]),
    ),
    additionalProperties: false,
  }
  const topicFrom = file.value['topic-from']
  const placeFrom = file.value['place-from']
  const form = {
    id: id as FormId,
    version,
    title,
    intro,
    topic: topic as TopicId,
    ...(topicFrom !== undefined && { topicFrom }),
    ...(placeFrom !== undefined && { placeFrom }),
    ...(duplicates !== undefined && { duplicates }),
    fields,
    contact: contactOf(fields),
    schema: complete,
    inOrder: (file.value['in-order'] ?? []) as [string, string][],
  }
  const read = answersReader(form)
  if (typeof read !== 'function') return { mistakes: [file.mistake(['schema'], read.broken, 'JSON Schema 2020-12')] }
  return Object.freeze({ ...form, read })
}

function fieldOf(
  name: string,
  { topics, choices, ...entry }: FieldEntry,
  property: PropertyEntry | undefined,
  required: readonly string[],
  city: City,
): Field {
  const privacy = property?.privacy
  const offered = choicesOf(entry.kind, topics, choices, city)
  return Object.freeze({
    ...entry,
    name,
    required: required.includes(name),
    ...(property?.maxLength !== undefined && { maxLength: property.maxLength }),
    ...(property?.maxItems !== undefined && entry.kind === 'files' && { maxItems: property.maxItems }),
    ...(offered && { choices: offered }),
    ...(typeof privacy === 'object' && { privacy: { ...privacy, retention: privacy.retention as RetentionId } }),
  })
}

function choicesOf(kind: Kind, topics: FieldEntry['topics'], choices: FieldEntry['choices'], city: City) {
  switch (kind) {
    case 'choice':
    case 'several':
      return Object.entries(choices ?? {}).map(([value, label]): Choice => ({ value, label }))
    case 'place-choice':
      return [...city.places.values()].map(({ id, name }): Choice => ({ value: id satisfies PlaceId, label: name }))
    case 'topic-choice':
      return [...city.topics.values()]
        .filter(({ problem }) => topics === 'all' || problem)
        .map(({ id, name, department }): Choice => {
          const group = city.departments.get(department)?.name
          return { value: id, label: name, ...(group && { group }) }
        })
    default:
      return undefined
  }
}

const formats: Partial<Record<Kind, string>> = { email: 'email', telephone: 'telephone', date: 'date' }

function propertyOf({ kind, choices }: Field, property: PropertyEntry | undefined): Record<string, unknown> {
  const allowed = choices && { enum: choices.map(({ value }) => value) }
  if (kind === 'several') return { ...property, items: { type: 'string', ...allowed }, uniqueItems: true }
  const format = formats[kind]
  return { ...property, ...allowed, ...(format !== undefined && { format }) }
}

function contactOf(fields: readonly Field[]): FormDefinition['contact'] {
  const found = contactCategories.flatMap((category) => {
    const field = fields.find(({ privacy }) => privacy?.category === category)
    return field ? [[category, field.name] as const] : []
  })
  return Object.fromEntries(found)
}
