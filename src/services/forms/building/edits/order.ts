import type { DraftFile } from '../draft.ts'

/** The order in which a draft asks: its questions, with the pages that begin between them. */
export type Step = Readonly<{ page: string }> | Readonly<{ question: string }>

export function stepsOf({ fields, pages }: DraftFile): Step[] {
  if (!pages) return Object.keys(fields).map((question) => ({ question }))
  return Object.entries(pages).flatMap(([page, { fields: names }]): Step[] => [
    { page },
    ...names.map((question) => ({ question })),
  ])
}

/** The draft in this order. A page without a question is none, and what stands before the first page joins it. */
export function inSteps(draft: DraftFile, steps: readonly Step[]): DraftFile {
  const names = steps.flatMap((step) => ('question' in step ? [step.question] : []))
  const pick = <Value>(from: Readonly<Record<string, Value>>) =>
    Object.fromEntries(names.flatMap((name) => (name in from ? [[name, from[name] as Value] as const] : [])))
  const { pages, layout, ...rest } = draft
  const ordered: DraftFile = {
    ...rest,
    ...(layout !== undefined && layout !== 'pages' && { layout }),
    fields: pick(draft.fields),
    schema: { ...draft.schema, properties: pick(draft.schema.properties) },
  }
  const placed = pagesIn(steps, pages ?? {})
  if (placed.length === 0) return ordered
  return { ...ordered, ...(layout !== undefined && { layout }), pages: Object.fromEntries(placed) }
}

type Pages = NonNullable<DraftFile['pages']>

function pagesIn(steps: readonly Step[], pages: Pages): [string, Pages[string]][] {
  const found: [string, string[]][] = []
  const early: string[] = []
  for (const step of steps) {
    if ('page' in step) found.push([step.page, []])
    else (found.at(-1)?.[1] ?? early).push(step.question)
  }
  found[0]?.[1].unshift(...early)
  return found.flatMap(([page, fields]) => {
    const entry = pages[page]
    return entry && fields.length > 0 ? [[page, { ...entry, fields }] as [string, Pages[string]]] : []
  })
}

/** A list with one entry a step further up or down; undefined where it is at the end already. */
export function moved<Entry>(entries: readonly Entry[], at: number, by: -1 | 1): Entry[] | undefined {
  const to = at + by
  const entry = entries[at]
  if (entry === undefined || to < 0 || to >= entries.length) return undefined
  const rest = entries.filter((_, index) => index !== at)
  return [...rest.slice(0, to), entry, ...rest.slice(to)]
}
