import fc from 'fast-check'
import type { City } from '../../../../city/index.ts'
import type { Condition } from '../../answering/condition.ts'
import type { FieldEntry, FormFile, Kind, PropertyEntry } from '../../define-file.ts'
import { anyQuestion, text, type Question } from './any-question.ts'

type Named = Readonly<{ name: string; question: Question }>

/** Definitions of every kind that our file format can say, each of them one that its check takes. */
export function anyForm(city: City): fc.Arbitrary<FormFile> {
  const kinds = fc.uniqueArray(fc.nat({ max: 10_000 }), { minLength: 1, maxLength: 12 })
  return kinds
    .chain((seeds) =>
      fc.tuple(...seeds.map((seed) => anyQuestion(city).map((question) => ({ name: `q${String(seed)}`, question })))),
    )
    .map(withoutSecond)
    .chain((named) => fc.tuple(fc.constant(named), fc.infiniteStream(fc.nat()), text, text))
    .map(([named, chances, title, intro]) => formOf(city, named, take(chances), title, intro))
}

/** A form asks for files once, and books one thing or signs up for one. */
const onlyOnce: Readonly<Partial<Record<Kind, string>>> = { files: 'files', slot: 'booking', session: 'booking' }

function withoutSecond(named: readonly Named[]): readonly Named[] {
  const seen = new Set<string>()
  return named.filter(({ question: { field } }) => {
    const only = onlyOnce[field.kind]
    const again = only !== undefined && seen.has(only)
    if (only !== undefined) seen.add(only)
    return !again
  })
}

const take = (chances: Iterator<number, unknown>) => () => (chances.next().value ?? 0) as number

function formOf(
  city: City,
  named: readonly Named[],
  chance: () => number,
  title: FormFile['title'],
  intro: FormFile['intro'],
): FormFile {
  const fields: Record<string, FieldEntry> = {}
  for (const [at, { name, question }] of named.entries()) {
    const when = chance() % 3 === 0 ? conditionOn(named.slice(0, at), chance) : undefined
    fields[name] = { ...question.field, ...(when && { when }) }
  }
  const required = named.filter(({ question }) => question.mayBeRequired && chance() % 2 === 0).map(({ name }) => name)
  const [topic = ''] = city.topics.keys()
  const pages = chance() % 2 === 0 ? pagesOf(named, chance) : undefined
  const isFree = named.some(({ question }) => question.field.kind === 'session')
  const counted = isFree ? undefined : named.find(({ question }) => question.field.kind === 'number')
  const elsewhere = named.some(({ question }) => ['files', 'slot', 'session'].includes(question.field.kind))
  const minors = chance() % 3 === 0 && !elsewhere && !counted
  return {
    id: 'any-form',
    version: 1 + (chance() % 9),
    title,
    intro,
    topic,
    ...(pages && { pages, layout: 'pages' as const }),
    ...(minors && { minors: 'with-consent' as const }),
    fields,
    ...(counted && { fees: [{ label: title, each: chance() % 10_000, times: [counted.name] }] }),
    schema: {
      type: 'object',
      ...(required.length > 0 && { required }),
      properties: Object.fromEntries(
        named.map(({ name, question }): [string, PropertyEntry] => [name, question.property]),
      ),
    },
  }
}

function pagesOf(named: readonly Named[], chance: () => number): NonNullable<FormFile['pages']> {
  const cut = 1 + (chance() % named.length)
  const parts = [named.slice(0, cut), named.slice(cut)].filter((part) => part.length > 0)
  return Object.fromEntries(
    parts.map((part, at) => [
      `page-${String(at + 1)}`,
      { title: { en: `Page ${String(at)}`, es: `Página ${String(at)}` }, fields: part.map(({ name }) => name) },
    ]),
  )
}

function conditionOn(before: readonly Named[], chance: () => number): Condition | undefined {
  const all = before.flatMap(({ name, question: { field } }): Condition[] => {
    const [first] = Object.keys(field.choices ?? {})
    if (field.kind === 'yes-no') return [{ field: name, is: chance() % 2 === 0 }]
    if (field.kind === 'choice' && first) return [{ field: name, 'one-of': [first] }]
    if (field.kind === 'several' && first) return [{ field: name, includes: first }]
    if (field.kind === 'number') return [{ field: name, 'at-least': chance() % 50 }]
    return [{ field: name, answered: true }]
  })
  const [one, two] = [all[chance() % (all.length || 1)], all[chance() % (all.length || 1)]]
  if (!one || !two) return undefined
  return [one, { not: one }, { any: [one, { all: [two] }] }][chance() % 3]
}
