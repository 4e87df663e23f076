import { placeAtSpot } from '../answering/map-frame.ts'
import { mapWidths } from '../map/draw-map.ts'
import { rowNumbers } from '../answering/read-field.ts'
import type { Field } from '../define-field.ts'
import { kindFacts } from '../define-kinds.ts'
import type { FormDefinition } from '../define.ts'

/** What was posted, by name; earlier answers travel in hidden fields under the names of their questions. */
export type Posted = Readonly<Record<string, unknown>>

/** Names of a page's own fields. No question can be called so: a question's name begins with a letter. */
export const walkNames = { page: '_page', go: '_go', shown: '_shown', back: '_back', saved: '_saved' } as const

/** What a form that is open to minors carries besides: that age was asked, or the code of a minor whose parent agreed. */
export const passName = '_age'
export const childName = '_child'

/** What a person wants next. */
export type Go =
  | Readonly<{ to: 'next' | 'back' | 'send' | 'save' | 'drop' }>
  /** `back`: to change one answer, and then to all of them again. */
  | Readonly<{ to: 'page'; page: string; back: boolean }>
  | Readonly<{ to: 'row-added'; table: string }>
  | Readonly<{ to: 'row-removed'; table: string }>
  /** Pressed on the map, or took the pin away. */
  | Readonly<{ to: 'pinned'; field: string; place: string }>

/** A post from a page of ours: where she was, what she wants, and what she had been shown. */
export type Walked = Readonly<{
  page: string
  go: Go
  shown: ReadonlySet<string>
  /** She came from the check page and goes back there. */
  back: boolean
  /** The city keeps what she has so far, for later. */
  saved: boolean
  /** The answers, without what belongs to the page itself. */
  values: Posted
}>

/** Undefined where the post did not come from a page of ours: then it is the whole form at once. */
export function readWalk(form: FormDefinition, posted: Posted): Walked | undefined {
  const page = textOf(posted[walkNames.page])
  if (page === '') return undefined
  const [removed = '', row = ''] = textOf(posted['remove-row']).split('.')
  const go = goOf(form, posted, removed)
  const values = answersIn(form, posted)
  const pinned = go.to === 'pinned' ? { ...values, [go.field]: go.place, [`${go.field}-near`]: '' } : values
  return {
    page,
    go,
    shown: new Set(textOf(posted[walkNames.shown]).split(' ')),
    back: textOf(posted[walkNames.back]) !== '',
    saved: textOf(posted[walkNames.saved]) !== '',
    values: go.to === 'row-removed' ? withoutRow(values, removed, row) : pinned,
  }
}

function goOf(form: FormDefinition, posted: Posted, removed: string): Go {
  const isTable = (name: string) => form.fields.some((field) => field.name === name && field.kind === 'table')
  const added = textOf(posted['add-row'])
  if (isTable(added)) return { to: 'row-added', table: added }
  if (isTable(removed)) return { to: 'row-removed', table: removed }
  const pinned = pinnedIn(form, posted)
  if (pinned) return pinned
  const go = textOf(posted[walkNames.go])
  if (go === 'back' || go === 'send' || go === 'save' || go === 'drop') return { to: go }
  const [how, page] = go.split(':')
  return page !== undefined ? { to: 'page', page, back: how === 'to' } : { to: 'next' }
}

/** A picture that is a button posts where it was pressed, as `name.x` and `name.y`; its width stands in its name. */
function pinnedIn(form: FormDefinition, posted: Posted): Extract<Go, { to: 'pinned' }> | undefined {
  for (const { name, map } of form.fields) {
    if (!map) continue
    if (posted['unpin'] === name) return { to: 'pinned', field: name, place: '' }
    for (const width of Object.values(mapWidths)) {
      const [x, y] = ['x', 'y'].map((axis) => textOf(posted[`${name}-at-${String(width)}.${axis}`]))
      if (x === undefined || y === undefined || !/^\d{1,4}$/.test(x) || !/^\d{1,4}$/.test(y)) continue
      return { to: 'pinned', field: name, place: placeAtSpot(map, width, { x: Number(x), y: Number(y) }) }
    }
  }
  return undefined
}

/** The names under which a question is posted, before the first dot. */
export const namesOf = ({ name, kind }: Field): readonly string[] => kindFacts[kind].posted?.(name) ?? [name]

/** What belongs to a question of the form, files that wait included; nothing else is carried along. */
export function answersIn(form: FormDefinition, posted: Posted): Posted {
  const names = new Set(form.fields.flatMap(namesOf))
  return Object.fromEntries(Object.entries(posted).filter(([name]) => names.has(name.split('.', 1)[0] ?? '')))
}

/** A row that is written in again: a table shows as many as were posted. */
export function withRow(form: FormDefinition, values: Posted, table: string): Posted {
  const field = form.fields.find(({ name }) => name === table)
  const most = field?.maxItems ?? 1
  const rows = rowNumbers(table, values, most)
  const [part] = field?.parts ?? []
  if (!part || rows.length >= most) return values
  return { ...values, [`${table}.${String((rows.at(-1) ?? -1) + 1)}.${part.name}`]: '' }
}

const withoutRow = (values: Posted, table: string, row: string): Posted =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !name.startsWith(`${table}.${row}.`)))

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
