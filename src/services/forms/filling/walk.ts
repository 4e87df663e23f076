import type { FieldError } from '../answering/errors.ts'
import type { ReadForm } from '../answering/read-form.ts'
import { kindFacts } from '../define-kinds.ts'
import type { FormDefinition, FormPage } from '../define.ts'
import { withRow, type Posted, type Walked } from './posted-walk.ts'

/** The check page: no page of a form can be called so. */
export const checkPage = '_check'

/** Where a person stands: a page of the form with what she has answered so far, the check page, or sending. */
export type Step =
  | Readonly<{ at: 'send' }>
  | Readonly<{ at: 'save' | 'drop' }>
  | Readonly<{ at: 'check' }>
  | Readonly<{
      at: 'page'
      page: FormPage
      errors: readonly FieldError[]
      /** Questions that her answers brought up on the page she was on. */
      more: readonly string[]
      /** Where the focus goes: a new row, or the table that lost one. */
      focus?: string
      values?: Posted
      /** She is to change one answer, and goes back to them all. */
      back?: true
    }>

/**
 * A form of pages is looked over before it is sent; so is one that reckons or costs something: nobody sends what she has
 * not seen.
 */
export function isChecked({ layout, fees, fields }: FormDefinition): boolean {
  return layout === 'pages' || fees.length > 0 || fields.some(({ kind }) => kindFacts[kind].lookedOver)
}

/** The pages on which something is asked, given the answers so far. */
export function pagesAsked({ pages }: FormDefinition, { asked }: ReadForm): readonly FormPage[] {
  return pages.filter(({ fields }) => fields.some(({ name }) => asked.includes(name)))
}

export const pageWith = ({ pages }: FormDefinition, name: string): FormPage | undefined =>
  pages.find(({ fields }) => fields.some((field) => field.name === name.split('.', 1)[0]))

/**
 * What follows a post from a page. Going on needs the answers of this page to be right; going back, a row more or less
 * and keeping it for later need nothing. A question that the answers brought up is shown before anything goes on.
 */
export function walkOn(form: FormDefinition, walked: Walked, read: ReadForm, filesRefused = false): Step {
  const pages = pagesAsked(form, read)
  const page = pages.find(({ id }) => id === walked.page)
  const { go } = walked
  switch (go.to) {
    case 'save':
    case 'drop':
      return { at: go.to }
    case 'send':
      return onceMore(pages, read) ?? { at: 'send' }
    case 'page':
      if (go.page === checkPage) return { at: 'check' }
      return { ...shownAt(pages.find(({ id }) => id === go.page) ?? pages[0]), ...(go.back && { back: true }) }
    case 'back':
      return shownAt(page ? (pages[pages.indexOf(page) - 1] ?? page) : pages.at(-1))
    case 'row-added':
      return { ...shownAt(page ?? pages[0]), values: withRow(form, walked.values, go.table), focus: `+${go.table}` }
    case 'row-removed':
      return { ...shownAt(page ?? pages[0]), focus: go.table }
    case 'pinned':
      return { ...shownAt(page ?? pages[0]), errors: errorsOf(read, go.field), focus: go.field }
    case 'next':
      if (page) return onFrom(form, walked, { read, pages, page, filesRefused })
      return onceMore(pages, read) ?? { at: walked.page === checkPage || !isChecked(form) ? 'send' : 'check' }
    default:
      return go satisfies never
  }
}

type Here = Readonly<{ read: ReadForm; pages: readonly FormPage[]; page: FormPage; filesRefused: boolean }>

function onFrom(form: FormDefinition, { shown, back }: Walked, { read, pages, page, filesRefused }: Here): Step {
  const isUnseen = (name: string) => read.asked.includes(name) && !shown.has(name) && read.answers[name] === undefined
  const unseen = ({ fields }: FormPage) => fields.filter(({ name }) => isUnseen(name)).map(({ name }) => name)
  const more = unseen(page)
  const errors = errorsOn(page, read).filter(({ field }) => !more.includes(field.split('.', 1)[0] ?? ''))
  if (errors.length > 0 || more.length > 0 || filesRefused) return { ...shownAt(page), errors, more }
  const later = pages.slice(pages.indexOf(page) + 1)
  // Who came back to change one answer sees what that brought up, and then her answers again.
  const next = back ? pages.find((one) => unseen(one).length > 0 || errorsOn(one, read).length > 0) : later[0]
  if (next) return shownAt(next)
  return onceMore(pages, read) ?? { at: isChecked(form) ? 'check' : 'send' }
}

/** The first page on which something is wrong, with what that is. */
export function onceMore(pages: readonly FormPage[], read: ReadForm): Step | undefined {
  const wrong = pages.find((page) => errorsOn(page, read).length > 0)
  return wrong && { ...shownAt(wrong), errors: errorsOn(wrong, read) }
}

/** A pin that was put outside the city is told at once. */
const errorsOf = ({ errors }: ReadForm, field: string) =>
  errors.filter((one) => one.field === field && one.code !== 'missing')

const errorsOn = ({ fields }: FormPage, { errors }: ReadForm): readonly FieldError[] =>
  errors.filter(({ field }) => fields.some(({ name }) => name === field.split('.', 1)[0]))

function shownAt(page: FormPage | undefined): Extract<Step, { at: 'page' }> {
  if (!page) throw new Error('a form without a page')
  return { at: 'page', page, errors: [], more: [] }
}
