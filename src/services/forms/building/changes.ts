import type { DraftFile } from './draft.ts'

/** One thing that is another than in the published version. `keys`: what of it, where it was there before. */
export type Change = Readonly<{
  what: 'form' | 'question' | 'page' | 'fees' | 'order'
  name: string
  is: 'new' | 'gone' | 'other'
  keys: readonly KeyChange[]
}>
export type KeyChange = Readonly<{ key: string; before: string; after: string }>

/** Exactly what a draft changes of the version that people are asked now: questions, their privacy, pages, fees, order. */
export function changesBetween(before: DraftFile, after: DraftFile): readonly Change[] {
  const names = [...new Set([...Object.keys(before.fields), ...Object.keys(after.fields)])]
  const pages = [...new Set([...Object.keys(before.pages ?? {}), ...Object.keys(after.pages ?? {})])]
  const stayed = new Set(names.filter((name) => name in before.fields && name in after.fields))
  const order = (draft: DraftFile) => Object.keys(draft.fields).filter((name) => stayed.has(name))
  const moved = order(before).join(' ') !== order(after).join(' ')
  return [
    ...compared('form', '', wordsOf(before), wordsOf(after)),
    ...names.flatMap((name) => compared('question', name, questionOf(before, name), questionOf(after, name))),
    ...pages.flatMap((page) => compared('page', page, before.pages?.[page], after.pages?.[page])),
    ...compared(
      'fees',
      '',
      { fees: before.fees, waivers: before.waivers },
      { fees: after.fees, waivers: after.waivers },
    ),
    ...(moved
      ? [
          {
            what: 'order' as const,
            name: '',
            is: 'other' as const,
            keys: [{ key: 'order', before: order(before).join(', '), after: order(after).join(', ') }],
          },
        ]
      : []),
  ]
}

function wordsOf({
  fields: _,
  schema: __,
  pages: ___,
  fees: ____,
  waivers: _____,
  version: ______,
  id: _______,
  ...words
}: DraftFile) {
  return words
}

function questionOf(draft: DraftFile, name: string): object | undefined {
  const field = draft.fields[name]
  const answer = draft.schema.properties[name]
  return field && { ...field, answer, required: draft.schema.required?.includes(name) ?? false }
}

function compared(what: Change['what'], name: string, before: object | undefined, after: object | undefined): Change[] {
  if (!before && !after) return []
  if (!before)
    return [{ what, name, is: 'new', keys: leavesOf(after).map(([key, value]) => ({ key, before: '', after: value })) }]
  if (!after) return [{ what, name, is: 'gone', keys: [] }]
  const [was, is] = [new Map(leavesOf(before)), new Map(leavesOf(after))]
  const keys = [...new Set([...was.keys(), ...is.keys()])]
    .map((key) => ({ key, before: was.get(key) ?? '', after: is.get(key) ?? '' }))
    .filter((one) => one.before !== one.after)
  return keys.length > 0 ? [{ what, name, is: 'other', keys }] : []
}

/** Every single value with its place, as text: `answer.privacy.purpose` is `answer`. */
function leavesOf(value: unknown, at = ''): [string, string][] {
  if (value === undefined) return []
  if (typeof value !== 'object' || value === null)
    return [[at, typeof value === 'string' ? value : JSON.stringify(value)]]
  return Object.entries(value).flatMap(([key, inside]) => leavesOf(inside, at === '' ? key : `${at}.${key}`))
}
