import fc from 'fast-check'
import type { City, Text, TopicId } from '../../../city/index.ts'
import type { Condition } from '../answering/condition.ts'
import { hasParts } from '../define-check-parts.ts'
import { contactCategories } from '../define-privacy.ts'
import { categories, purposes, type Category, type Purpose } from '../define-privacy.ts'
import { kinds, simpleKinds, type Kind } from '../define-file.ts'
import { beginDraft } from '../building/begin.ts'
import type { DraftFile, DraftPrivacy } from '../building/draft.ts'
import { applyEdit } from '../building/edits/apply.ts'
import type { Edit } from '../building/edits/edit.ts'
import { insideOf } from '../building/edits/parts.ts'
import { nameFrom } from '../building/edits/questions.ts'
import { kindShapes } from '../building/kind-shape.ts'

/**
 * Any form that the builder can make: a beginning, and any number of a clerk's own edits, each said in full. What an edit
 * refuses is left out, as on the desk. Every one of these is a whole form.
 */
export function anyDraft(city: City, most = 24): fc.Arbitrary<DraftFile> {
  return fc.array(anyWish, { minLength: 1, maxLength: most }).map((wishes) => made(city, wishes))
}

const words = ['Dog', '¿Cuándo?', 'a < b & "c"', '<script>', '{name}', '👩‍🚒 fire', 'x'.repeat(300), "l'été", '\u2028line', '—', '0'] // prettier-ignore
const anyText: fc.Arbitrary<Text> = fc.record({
  en: fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 4 }).map((some) => some.join(' ')),
  es: fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 4 }).map((some) => some.join(' ')),
})

const anyWish = fc.record({
  do: fc.constantFrom('add', 'add', 'add', 'change', 'move', 'remove', 'part', 'page', 'join', 'charge', 'describe'),
  kind: fc.constantFrom(...kinds),
  partKind: fc.constantFrom(...simpleKinds),
  one: anyText,
  other: anyText,
  at: fc.nat(1000),
  to: fc.nat(1000),
  number: fc.integer({ min: 1, max: 30 }),
  yes: fc.boolean(),
  also: fc.boolean(),
  purpose: fc.constantFrom(...(Object.keys(purposes) as Purpose[])),
  category: fc.constantFrom(...(Object.keys(categories) as Category[])),
})
type Wish = typeof anyWish extends fc.Arbitrary<infer Value> ? Value : never

function made(city: City, wishes: readonly Wish[]): DraftFile {
  const topic = [...city.topics.keys()][0] as TopicId
  const words = { en: 'A form', es: 'Un formulario' }
  const begun = applied({ ...beginDraft('any-form', topic, words), intro: words }, addition(words.en, 'text', words))
  return wishes.reduce(
    (draft, wish) => told(city, editsFor(city, draft, wish).reduce(applied, draft), wish),
    told(city, begun, wishes[0]),
  )
}

function applied(draft: DraftFile, edit: Edit): DraftFile {
  const next = applyEdit(draft, edit)
  return 'refused' in next ? draft : next
}

const addition = (name: string, kind: Kind, label: Text, after?: string): Edit => ({
  edit: 'add-question',
  name: nameFrom(name, {}),
  kind,
  label,
  ...(after !== undefined && { after }),
})

function editsFor(city: City, draft: DraftFile, wish: Wish): readonly Edit[] {
  const names = Object.keys(draft.fields)
  const name = names[wish.at % names.length] ?? ''
  const by = wish.yes ? 1 : -1
  switch (wish.do) {
    case 'add':
      if (isOnce(draft, wish.kind) || (wish.kind === 'session' && (draft.fees ?? draft.waivers))) return []
      return [{ ...addition(`q ${String(wish.at)}`, wish.kind, wish.one, name) }]
    case 'change':
      return [asked(city, draft, name, wish)]
    case 'move':
      return [{ edit: 'move-question', name, by }]
    case 'remove':
      return names.length > 1 ? [{ edit: 'remove-question', name }] : []
    case 'part':
      return partEdits(draft, wish)
    case 'page': {
      const page = nameFrom(`p ${String(wish.at)}`, {})
      return [{ edit: 'start-page', at: name, page, title: wish.one }, ...untitled(draft, wish)]
    }
    case 'join':
      return draft.pages
        ? [{ edit: 'join-page', page: Object.keys(draft.pages)[wish.at % Object.keys(draft.pages).length] ?? '' }]
        : []
    case 'charge':
      if (has(draft, 'session')) return []
      return [{ edit: 'charge', ...charges(draft, wish) }]
    case 'describe':
      return [{ edit: 'describe', written: described(draft, wish) }]
    default:
      return wish.do satisfies never
  }
}

const booking: readonly Kind[] = ['slot', 'session']
/** A form asks for files once, and books one thing or signs up for one, which has its own price. */
const isOnce = (draft: DraftFile, kind: Kind): boolean =>
  (kind === 'files' && has(draft, 'files')) || (booking.includes(kind) && booking.some((one) => has(draft, one)))
const has = (draft: DraftFile, kind: Kind) => Object.values(draft.fields).some((field) => field.kind === kind)

/** Titles for pages that were opened without one. */
const untitled = (_draft: DraftFile, wish: Wish): Edit[] =>
  ['start', 'beginning'].map((page) => ({ edit: 'change-page', page, written: { title: wish.other } }))

/** Every question that was not said in full yet, said in full. */
function told(city: City, draft: DraftFile, wish: Wish | undefined): DraftFile {
  if (!wish) return draft
  const open = Object.entries(draft.schema.properties).filter(
    ([name, { privacy }]) => (typeof privacy === 'object' && Object.keys(privacy).length === 0) || isOpen(draft, name),
  )
  return open.reduce((whole, [name]) => applied(whole, asked(city, whole, name, wish)), draft)
}

const isOpen = (draft: DraftFile, name: string): boolean => {
  const { choices, statement, reckon, kind, facility } = draft.fields[name] ?? {}
  return (
    (choices !== undefined && Object.keys(choices).length === 0) ||
    statement?.en === '' ||
    reckon?.terms.length === 0 ||
    (kind === 'slot' && facility === undefined)
  )
}

/** A question with everything that its kind can say. */
function asked(city: City, draft: DraftFile, name: string, wish: Wish): Edit {
  const kind = draft.fields[name]?.kind ?? 'text'
  const { own, limits, given } = kindShapes[kind]
  const when = wish.yes ? conditionOn(draft, name, wish) : undefined
  const privacy = privacyFor(city, draft, name, wish)
  const required = wish.also && (typeof privacy === 'string' || privacy.needed === true)
  const needs = (key: (typeof own)[number]) => own.includes(key)
  return {
    edit: 'change-question',
    name,
    written: {
      field: {
        label: wish.one,
        kind,
        ...(wish.yes && { help: wish.other, hint: wish.one, errors: { missing: wish.other } }),
        ...(when && { when }),
        ...(needs('choices') && { choices: { one: wish.one, 'two-3': wish.other } }),
        ...(needs('topics') && { topics: wish.yes ? 'all' : 'problems' }),
        ...(needs('empty') && wish.also && { empty: wish.other }),
        ...(needs('statement') && { statement: wish.other }),
        ...(needs('rows') && { rows: 2 + (wish.number % 20) }),
        ...(needs('autocomplete') && wish.also && { autocomplete: 'name' }),
        ...(needs('facility') && { facility: [...city.bookings.keys()][0] ?? 'hall' }),
        ...(needs('in-city') && { 'in-city': wish.yes }),
        ...(needs('reckon') && { reckon: { terms: [{ each: wish.number, ...timesFor(draft, name, wish) }] } }),
        ...(needs('shown') && { shown: 'money' }),
      },
      answer: {
        type: 'string',
        ...given,
        ...(limits.includes('maxItems') && { maxItems: 1 + (wish.number % (kind === 'files' ? 10 : 2)) }),
        ...(limits.includes('minimum') && wish.yes && { minimum: -wish.number, maximum: wish.number }),
        ...(limits.includes('minLength') && wish.also && { minLength: 1 }),
        ...(limits.includes('pattern') && wish.also && { pattern: '^[A-Za-zÀ-ÿ ]+$' }),
        privacy,
      },
      required,
    },
  }
}

function privacyFor(city: City, draft: DraftFile, name: string, wish: Wish): Exclude<DraftPrivacy, string> | string {
  const kind = draft.fields[name]?.kind ?? 'text'
  if (kindShapes[kind].chosen && wish.yes) return 'not-personal'
  const contact = (contactCategories as readonly string[]).includes(wish.category)
  const taken = Object.entries(draft.schema.properties).some(
    ([other, { privacy }]) => other !== name && typeof privacy === 'object' && privacy.category === wish.category,
  )
  const retention = [...city.retention.keys()][wish.at % city.retention.size] ?? 'letter'
  const category = contact && (taken || hasParts(kind)) ? 'message' : wish.category
  return { purpose: wish.purpose, category, necessity: wish.other, retention, needed: wish.also }
}

const earlier = (draft: DraftFile, name: string | undefined) => {
  const names = Object.keys(draft.fields)
  return name === undefined ? names : names.slice(0, names.indexOf(name))
}

function conditionOn(draft: DraftFile, name: string | undefined, wish: Wish): Condition | undefined {
  const known = earlier(draft, name)
  const field = known[wish.to % Math.max(known.length, 1)]
  const entry = field === undefined ? undefined : draft.fields[field]
  if (field === undefined || !entry) return undefined
  const single: Condition =
    entry.kind === 'yes-no' || entry.kind === 'declaration'
      ? { field, is: wish.also }
      : entry.kind === 'choice'
        ? { field, 'one-of': Object.keys(entry.choices ?? {}) }
        : entry.kind === 'number'
          ? { field, 'at-least': wish.number }
          : { field, answered: wish.also }
  return wish.also ? { any: [single, { not: { field, answered: true } }] } : single
}

function timesFor(draft: DraftFile, name: string | undefined, wish: Wish) {
  const known = earlier(draft, name).filter((one) =>
    ['number', 'money', 'yes-no', 'table'].includes(draft.fields[one]?.kind ?? ''),
  )
  const found = known[wish.to % Math.max(known.length, 1)]
  if (found === undefined) return {}
  return { times: [draft.fields[found]?.kind === 'table' ? { count: found } : found] }
}

function partEdits(draft: DraftFile, wish: Wish): Edit[] {
  const questions = Object.keys(draft.fields).filter((name) => hasParts(draft.fields[name]?.kind))
  const question = questions[wish.at % Math.max(questions.length, 1)]
  const parts = question === undefined ? undefined : insideOf(draft, question)?.parts
  if (question === undefined || !parts) return []
  const name = Object.keys(parts)[wish.to % Object.keys(parts).length] ?? ''
  const kind = wish.partKind
  const field = { label: wish.one, kind, ...(kind === 'choice' && { choices: { a: wish.one } }) }
  const fresh = nameFrom(`c ${String(wish.to)}`, {})
  const whole = { field, answer: { type: 'string', ...kindShapes[kind].given } as const, required: wish.yes }
  if (wish.also)
    return [
      { edit: 'add-part', question, name: fresh, kind, label: wish.one },
      { edit: 'change-part', question, name: fresh, written: whole },
    ]
  return wish.yes ? [{ edit: 'move-part', question, name, by: 1 }] : [{ edit: 'remove-part', question, name }]
}

function charges(draft: DraftFile, wish: Wish): Pick<DraftFile, 'fees' | 'waivers'> {
  const when = conditionOn(draft, undefined, wish)
  return {
    fees: [
      {
        label: wish.one,
        each: wish.number * 100,
        ...timesFor(draft, undefined, wish),
        ...(when && wish.yes && { when }),
      },
    ],
    ...(when && wish.also && { waivers: [{ label: wish.other, percent: wish.number, reason: 'low-income', when }] }),
  }
}

function described(draft: DraftFile, wish: Wish): Extract<Edit, { edit: 'describe' }>['written'] {
  const topicFrom = Object.keys(draft.fields).find((name) => draft.fields[name]?.kind === 'topic-choice')
  const dates = Object.keys(draft.fields).filter((name) => draft.fields[name]?.kind === 'date')
  const [from, until] = dates
  return {
    title: wish.one,
    intro: wish.other,
    topic: draft.topic,
    ...(topicFrom !== undefined && wish.yes && { 'topic-from': topicFrom }),
    ...(from !== undefined && until !== undefined && { 'in-order': [[from, until]] }),
    ...(draft.pages && { layout: wish.also ? 'pages' : 'one-page' }),
  }
}
