import { fieldsOf } from '../../answering/condition.ts'
import { namesIn, type Quantity, type Term } from '../../answering/reckon.ts'
import type { DraftFile } from '../draft.ts'

/** Who speaks of a question: the names of questions, `page` and the page's name, `fees`, `waivers`. */
export type Use = Readonly<{ by: string; of: string; column?: string }>

/** Every place in which a draft speaks of a question, in conditions, reckoned values, fees and waivers. */
export function usesIn({ fields, pages = {}, fees = [], waivers = [] }: DraftFile): Use[] {
  return [
    ...Object.entries(fields).flatMap(([by, { when, reckon }]) => [
      ...(when ? fieldsOf(when).map((of) => ({ by, of })) : []),
      ...(reckon?.terms ?? []).flatMap((term) => termUses(by, term)),
    ]),
    ...Object.entries(pages).flatMap(([page, { when }]) =>
      when ? fieldsOf(when).map((of) => ({ by: `page ${page}`, of })) : [],
    ),
    ...fees.flatMap((fee) => termUses('fees', fee)),
    ...waivers.flatMap(({ when }) => fieldsOf(when).map((of) => ({ by: 'waivers', of }))),
  ]
}

function termUses(by: string, term: Term): Use[] {
  const columns = (term.times ?? []).flatMap((quantity) => columnOf(quantity) ?? [])
  return [
    ...namesIn(term).map((of) => ({ by, of })),
    ...columns.map(({ table, column }) => ({ by, of: table, column })),
    ...(term.when ? fieldsOf(term.when).map((of) => ({ by, of })) : []),
  ]
}

const columnOf = (quantity: Quantity) => (typeof quantity === 'object' && 'table' in quantity ? quantity : undefined)

/** Who speaks of a question before it is asked, in this order of questions; undefined where nobody does. */
export function usedTooEarly(draft: DraftFile): Use | undefined {
  const names = Object.keys(draft.fields)
  const first = (by: string) => {
    const page = by.startsWith('page ') ? draft.pages?.[by.slice(5)]?.fields[0] : undefined
    return names.indexOf(page ?? by)
  }
  return usesIn(draft).find(({ by, of }) => {
    const at = first(by)
    return at >= 0 && names.indexOf(of) >= at
  })
}
