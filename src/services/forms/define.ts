import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { City, FormId, Refusal, Text, TopicId } from '../../city/index.ts'
import { inOrder, isMistaken, readYaml } from '../../plumbing/index.ts'
import type { Mistake, Mistaken, OpenYaml, Yaml } from '../../plumbing/index.ts'
import type { Condition } from './answering/condition.ts'
import type { Fee, Waiver } from './answering/fees.ts'
import type { ReadForm } from './answering/read-form.ts'
import { answersReader } from './define-answers.ts'
import type { AnswersRefused, ReadAnswers } from './define-answers.ts'
import { checkForm } from './define-check.ts'
import { fieldsIn, type Field } from './define-field.ts'
import { formFile } from './define-file.ts'
import type { FormFile, layouts } from './define-file.ts'
import { contactCategories } from './define-privacy.ts'
import type { ContactCategory } from './define-privacy.ts'
import { completeSchema } from './define-schema.ts'

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
  /**
   * Age is asked before anything else, and minors may send it once a parent consented. `only`: it is theirs, and an adult
   * is told where to start for a child. Absent: age is not asked.
   */
  minors?: 'with-consent' | 'only'
  layout: (typeof layouts)[number]
  /** In the order in which they are asked. */
  fields: readonly Field[]
  /** Every question stands on one of these; a form without pages has one. */
  pages: readonly FormPage[]
  fees: readonly Fee[]
  waivers: readonly Waiver[]
  /** The questions that tell who wrote (`email`, or `applicant.email` of a person): sealed apart, found again through keyed tokens. */
  contact: Readonly<Partial<Record<ContactCategory, string>>>
  /** JSON Schema 2020-12 with the `privacy` vocabulary, formats, choices and conditions filled in. */
  schema: Readonly<Record<string, unknown>>
  /** Pairs of dates, the earlier first. */
  inOrder: readonly (readonly [string, string])[]
  /** What it was made from: written as YAML it is the same form again. */
  source: FormFile
  read(posted: Readonly<Record<string, unknown>>): ReadAnswers | AnswersRefused
  /** What was answered so far, which questions that leads to, and what is wrong with it. */
  look(posted: Readonly<Record<string, unknown>>): ReadForm
}>

export type FormPage = Readonly<{
  id: string
  title?: Text
  intro?: Text
  fields: readonly Field[]
  when?: Condition
}>

/** The forms that the city asks now, by identifier. What the desk publishes and retires shows while the program runs. */
export type Forms = Readonly<{
  get(id: FormId): FormDefinition | undefined
  values(): IterableIterator<FormDefinition>
  /** A version that can still be sent: what is published, and for a day what was. */
  taken?(id: FormId, version: number): FormDefinition | undefined
  /** What a form asked that is asked no more. */
  closed?(id: FormId): FormDefinition | undefined
  onChange?(tell: (change: { published: readonly FormDefinition[]; closed: readonly FormId[] }) => void): void
}>

export type FormFilesRefused = Refusal<'form-files', { mistakes: readonly Mistake[] }>

/**
 * Reads every `*.yaml` of a folder of forms. A personal question without purpose, category, necessity or retention is
 * refused with file and line, and then no form is loaded.
 */
export function loadForms(
  folder: string,
  city: City,
  open?: OpenYaml,
): ReadonlyMap<FormId, FormDefinition> | FormFilesRefused {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.yaml')) : []
  if (names.length === 0)
    return refuse([
      { file: folder, line: 1, column: 1, says: 'There is no form here.', allowed: 'a folder of .yaml files' },
    ])
  const read = names.sort().map((name) => loadForm(join(folder, name), city, open))
  const mistakes = read.flatMap((form) => (isMistaken(form) ? form.mistakes : []))
  if (mistakes.length > 0) return refuse(mistakes)
  return new Map(read.flatMap((form) => (isMistaken(form) ? [] : [[form.id, form] as const])))
}

const refuse = (mistakes: readonly Mistake[]): FormFilesRefused => ({
  refused: 'form-files',
  mistakes: inOrder(mistakes),
})

/** One form's file, named after the form; the same check as `npx cityhall forms check`. */
export function loadForm(path: string, city: City, open?: OpenYaml): FormDefinition | Mistaken {
  const file = readYaml(path, formFile, open)
  if (isMistaken(file)) return file
  const misnamed = path.endsWith(`${file.value.id}.yaml`)
    ? []
    : [file.mistake(['id'], `This form calls itself “${file.value.id}”.`, 'the name of its file, without .yaml')]
  return checkedForm(file, city, misnamed)
}

/** A form from what was read of it, wherever that stood; with every mistake at once. */
export function checkedForm(
  file: Yaml<FormFile>,
  city: City,
  known: readonly Mistake[] = [],
): FormDefinition | Mistaken {
  const mistakes = [...checkForm(file, city), ...known]
  return mistakes.length > 0 ? { mistakes: inOrder(mistakes) } : defineForm(file, city)
}

function defineForm(file: Yaml<FormFile>, city: City): FormDefinition {
  const { id, version, title, intro, topic, duplicates, minors, layout, fees, waivers } = file.value
  const fields = fieldsIn(file.value, city)
  const topicFrom = file.value['topic-from']
  const placeFrom = file.value['place-from']
  const pages = pagesOf(file.value, fields)
  const form = {
    id: id as FormId,
    version,
    title,
    intro,
    topic: topic as TopicId,
    ...(topicFrom !== undefined && { topicFrom }),
    ...(placeFrom !== undefined && { placeFrom }),
    ...(duplicates !== undefined && { duplicates }),
    ...(minors !== undefined && { minors }),
    layout: layout ?? 'one-page',
    fields,
    pages,
    fees: fees ?? [],
    waivers: waivers ?? [],
    contact: contactOf(fields),
    schema: completeSchema(file.value, fields),
    inOrder: (file.value['in-order'] ?? []) as [string, string][],
    source: file.value,
  }
  return Object.freeze({ ...form, ...answersReader(form, city) })
}

function pagesOf({ pages }: FormFile, fields: readonly Field[]): readonly FormPage[] {
  if (!pages) return [{ id: 'questions', fields }]
  return Object.entries(pages).map(([id, { fields: names, ...page }]) => ({
    id,
    ...page,
    fields: names.flatMap((name) => fields.find((field) => field.name === name) ?? []),
  }))
}

/** A person’s parts count like questions of their own; who somebody else’s child or helper is, is no contact. */
function contactOf(fields: readonly Field[]): FormDefinition['contact'] {
  const all = fields.flatMap(({ name, kind, parts = [], privacy }) =>
    kind === 'person'
      ? parts.map((part) => ({ path: `${name}.${part.name}`, privacy: part.privacy }))
      : parts.length === 0
        ? [{ path: name, privacy }]
        : [],
  )
  const found = contactCategories.flatMap((category) => {
    const named = all.find((one) => one.privacy?.category === category)
    return named ? [[category, named.path] as const] : []
  })
  return Object.fromEntries(found)
}
