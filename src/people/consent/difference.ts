import type { Text } from '../../city/index.ts'
import type { Notice, Purpose } from './notice.ts'

/** One thing that a later notice says otherwise. `field`: the question it is about. */
export type Change = Readonly<{
  purpose: string
  title: Text
  change:
    | 'purpose-added'
    | 'purpose-removed'
    | 'question-added'
    | 'question-removed'
    | 'question-reworded'
    | 'title'
    | 'why'
    | 'sees'
    | 'kept'
    | 'needed'
    | 'record'
    | 'sight'
    | 'disclosed'
    | 'agencies'
    | 'closed'
    | 'strength'
    | 'lasts'
  was?: Text
  now?: Text
}>

/**
 * Exactly what changed from one notice of a thing to another, purpose by purpose. Empty where a guardian is told and asked
 * the same: then no new consent is needed. A reordering is no change.
 */
export function difference(before: Notice, after: Notice): readonly Change[] {
  const was = new Map(before.purposes.map((purpose) => [purpose.id, purpose]))
  const now = new Map(after.purposes.map((purpose) => [purpose.id, purpose]))
  const gone = before.purposes.filter(({ id }) => !now.has(id))
  return [
    ...after.purposes.flatMap((purpose) => {
      const old = was.get(purpose.id)
      return old ? changesOf(old, purpose) : [changeOf(purpose, 'purpose-added', undefined, purpose.why)]
    }),
    ...gone.map((purpose) => changeOf(purpose, 'purpose-removed', purpose.why)),
  ]
}

const changeOf = ({ id, title }: Purpose, change: Change['change'], was?: Text, now?: Text): Change => ({
  purpose: id,
  title,
  change,
  ...(was && { was }),
  ...(now && { now }),
})

function changesOf(was: Purpose, now: Purpose): Change[] {
  const worded = (['title', 'why', 'sees', 'kept'] as const).flatMap((part) =>
    same(was[part], now[part]) ? [] : [changeOf(now, part, was[part], now[part])],
  )
  const facts = (['needed', 'record', 'sight', 'disclosed', 'strength', 'lasts'] as const).flatMap((part) =>
    sameFact(was[part], now[part]) ? [] : [changeOf(now, part, factText(was[part]), factText(now[part]))],
  )
  const listed = sameFact([...(was.agencies ?? [])].sort(), [...(now.agencies ?? [])].sort())
    ? []
    : [changeOf(now, 'agencies', factText((was.agencies ?? []).join(', ')), factText((now.agencies ?? []).join(', ')))]
  const closed =
    was.closedToGuardians === now.closedToGuardians
      ? []
      : [changeOf(now, 'closed', factText(was.closedToGuardians ?? '-'), factText(now.closedToGuardians ?? '-'))]
  return [...questions(was, now), ...worded, ...facts, ...listed, ...closed]
}

function questions(was: Purpose, now: Purpose): Change[] {
  const before = new Map(was.asks.map(({ field, label }) => [field, label]))
  const after = new Map(now.asks.map(({ field, label }) => [field, label]))
  return [
    ...now.asks.flatMap(({ field, label }) => {
      const old = before.get(field)
      if (!old) return [changeOf(now, 'question-added', undefined, label)]
      return same(old, label) ? [] : [changeOf(now, 'question-reworded', old, label)]
    }),
    ...was.asks.flatMap(({ field, label }) => (after.has(field) ? [] : [changeOf(now, 'question-removed', label)])),
  ]
}

const same = (a: Text, b: Text) => a.en === b.en && a.es === b.es
const sameFact = (a: unknown, b: unknown) => keyed(a) === keyed(b)
const keyed = (value: unknown): string =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value)
        .map(([key, one]) => `${key}=${keyed(one)}`)
        .sort()
        .join()
    : JSON.stringify(value)

/** A fact is no word of the city's: pages say it in theirs, by the value. */
function factText(value: unknown): Text {
  const text = typeof value === 'string' ? value : keyed(value)
  return { en: text, es: text }
}
