import type { Condition } from '../../answering/condition.ts'
import type { FieldEntry, FormFile, PropertyEntry } from '../../define-file.ts'
import type { Category } from '../../define-privacy.ts'
import type { DraftFile } from '../draft.ts'
import { createNames, plainWords, slug } from './names.ts'
import type { Lack } from './report.ts'

/** Words in English; Spanish is for somebody who knows it to write. */
export const words = (en: string) => ({ en: plainWords(en, 3000) ?? '', es: '' })

export type Choices = Readonly<{
  entries: Record<string, ReturnType<typeof words>>
  byValue: ReadonlyMap<string, string>
}>

/** A question on its way into a draft. */
export type NewQuestion = Readonly<{
  field: Omit<FieldEntry, 'when'>
  property: Omit<PropertyEntry, 'privacy'>
  required: boolean
  /** What it is surely about; what it is for, nobody can know but whoever asks. */
  category?: Category
  when?: Condition | undefined
  /** What stands for each value in the form that it comes from. */
  choices?: Choices
}>

export type Placed = NewQuestion & Readonly<{ name: string; page: string }>

export type DraftForm = Readonly<{
  add(wanted: string, question: NewQuestion, page: string): string
  page(title: string, when?: Condition): string
  intro(page: string, words: string): void
  fee(fee: NonNullable<FormFile['fees']>[number]): void
  questions: readonly Placed[]
  /** Nothing on the page is required any more: when it is asked could not be said. */
  free(page: string): void
  /** Another question of a kind that a form asks once. */
  has(kind: FieldEntry['kind']): boolean
  /** Whether a question that was added will stand before what is added next to this page. */
  isBefore(question: Placed, page: string): boolean
  file(about: Readonly<{ title: string; id: string; topic?: string }>): DraftFile
}>

export const needsAll: readonly Lack[] = ['purpose', 'category', 'necessity', 'retention', 'needed', 'spanish']
/** Of a question whose category is sure. */
export const needsMost: readonly Lack[] = needsAll.filter((one) => one !== 'category')

type NewPage = { id: string; title: string; intro: string[]; when?: Condition }

export function createDraft(): DraftForm {
  const nameOf = createNames()
  const pageName = createNames()
  const questions: Placed[] = []
  const pages: NewPage[] = []
  const fees: NonNullable<FormFile['fees']> = []
  return {
    questions,
    add: (wanted, question, page) => {
      const name = nameOf(wanted, 'question')
      questions.push({ ...question, name, page })
      return name
    },
    page: (title, when) => {
      const id = pageName(title, 'page')
      pages.push({ id, title, intro: [], ...(when && { when }) })
      return id
    },
    intro: (page, said) => {
      pages.find(({ id }) => id === page)?.intro.push(said)
    },
    fee: (fee) => {
      fees.push(fee)
    },
    free: (page) => {
      for (const [at, question] of questions.entries())
        if (question.page === page) questions[at] = { ...question, required: false }
    },
    has: (kind) => questions.some(({ field }) => field.kind === kind),
    isBefore: (question, page) => {
      const place = (wanted: string) => pages.findIndex(({ id }) => id === wanted)
      return place(question.page) <= place(page)
    },
    file: ({ title, id, topic }) => {
      const used = pages.filter((page) => questions.some((question) => question.page === page.id))
      const inOrder = used.flatMap((page) => questions.filter((question) => question.page === page.id))
      const required = inOrder.filter((question) => question.required).map(({ name }) => name)
      return {
        id: slug(id) || 'imported-form',
        version: 1,
        title: words(title),
        intro: words(''),
        topic: topic ?? '',
        ...(used.length > 1 && { layout: 'pages' as const }),
        fields: Object.fromEntries(inOrder.map(({ name, field, when }) => [name, { ...field, ...(when && { when }) }])),
        ...(used.length > 0 && { pages: Object.fromEntries(used.map((page) => [page.id, pageOf(page, inOrder)])) }),
        ...(fees.length > 0 && { fees: fees.slice(0, 20) }),
        schema: {
          type: 'object',
          ...(required.length > 0 && { required }),
          properties: Object.fromEntries(
            inOrder.map(({ name, property, category }) => [
              name,
              { ...property, ...(category !== undefined && { privacy: { category } }) },
            ]),
          ),
        },
      }
    },
  }
}

function pageOf({ id, title, intro, when }: NewPage, questions: readonly Placed[]) {
  const said = intro.join('\n\n')
  return {
    title: words(title),
    ...(said !== '' && { intro: words(said) }),
    fields: questions.filter(({ page }) => page === id).map(({ name }) => name),
    ...(when && { when }),
  }
}
