import type { DraftFile } from '../draft.ts'
import type { Edit, EditRefused } from './edit.ts'
import { inSteps, stepsOf } from './order.ts'
import { mayBeNamed } from './questions.ts'
import { usedTooEarly } from './uses.ts'

/** From this question on, another page. The first page of a form that had none has no title yet. */
export function startPage(
  draft: DraftFile,
  { at, page, title }: Extract<Edit, { edit: 'start-page' }>,
): DraftFile | EditRefused {
  const { pages = {}, fields } = draft
  if (!Object.hasOwn(fields, at)) return { refused: 'not-there' }
  if (Object.hasOwn(pages, page)) return { refused: 'name-taken' }
  if (!mayBeNamed(page)) return { refused: 'no-name' }
  const steps = stepsOf(draft)
  const index = steps.findIndex((step) => 'question' in step && step.question === at)
  const before = steps[index - 1]
  if (before && 'page' in before) return { refused: 'name-taken' }
  const first = page === 'start' ? 'beginning' : 'start'
  const opened = !draft.pages && index > 0
  const known = opened ? { [first]: { title: { en: '', es: '' }, fields: [] } } : pages
  const whole = { ...draft, layout: 'pages' as const, pages: { ...known, [page]: { title, fields: [] } } }
  return inSteps(whole, [
    ...(opened ? [{ page: first }] : []),
    ...steps.slice(0, index),
    { page },
    ...steps.slice(index),
  ])
}

export function changePage(
  draft: DraftFile,
  page: string,
  { title, intro, when }: Extract<Edit, { edit: 'change-page' }>['written'],
): DraftFile | EditRefused {
  const entry = draft.pages?.[page]
  if (!entry) return { refused: 'not-there' }
  const written = { title, ...(intro && { intro }), fields: entry.fields, ...(when && { when }) }
  const whole = { ...draft, pages: { ...draft.pages, [page]: written } }
  const early = usedTooEarly(whole)
  return early && !usedTooEarly(draft) ? { refused: 'in-use', by: early.of } : whole
}

/** Its questions go to the page before; of the first, to the one after. The last page that goes leaves one page of all. */
export function joinPage(draft: DraftFile, page: string): DraftFile | EditRefused {
  if (!draft.pages || !Object.hasOwn(draft.pages, page)) return { refused: 'not-there' }
  const steps = stepsOf(draft).filter((step) => !('page' in step && step.page === page))
  const whole = inSteps(draft, steps)
  const early = usedTooEarly(whole)
  return early && !usedTooEarly(draft) ? { refused: 'in-use', by: early.by } : whole
}
