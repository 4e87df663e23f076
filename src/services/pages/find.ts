import MiniSearch from 'minisearch'
import type { Text } from '../../city/index.ts'
import type { Language } from '../../plumbing/index.ts'
import { formPathFor, pathToForm, type House } from './house.ts'
import { stopWords } from './stop-words.ts'

export type FoundKind = 'service' | 'topic' | 'department' | 'agency' | 'policy'

/** One thing the site can lead to. `whose` is the department or agency that takes care of it. */
export interface Found {
  readonly kind: FoundKind
  readonly title: Text
  readonly says?: Text
  readonly whose?: Text
  /** A path of ours without language prefix, or another government's address. */
  readonly href: string
}

interface Entry extends Found {
  readonly id: number
  readonly titleWords: string
  readonly otherWords: string
  readonly textWords: string
}

/** How much a kind counts: who searches wants to do something before reading something. */
const weight: Record<FoundKind, number> = { service: 1.6, topic: 1.4, department: 1.1, agency: 1, policy: 0.4 }
const most = 20

export type Find = (query: string) => Found[]

/**
 * Makes the search over what the city publishes. It understands English and Spanish words on either site, forgives
 * typing slips, and keeps nothing of what was asked.
 */
export function createFind(house: House): Find {
  const entries = entriesOf(house).map((found, id): Entry => ({ id, ...found }))
  const index = new MiniSearch<Entry>({
    fields: ['titleWords', 'otherWords', 'textWords'],
    tokenize: (text) => text.split(/[^\p{L}\p{N}]+/u).filter(Boolean),
    processTerm: plainTerm,
  })
  index.addAll(entries)
  return (query) => {
    const terms = meaningful(query)
    if (terms.length === 0) return []
    const options = {
      boost: { titleWords: 3, otherWords: 2 },
      prefix: (term: string) => term.length >= 3,
      fuzzy: (term: string) => (term.length > 3 ? 0.25 : false),
      boostDocument: (id: number) => weight[(entries[id] as Entry).kind],
    }
    const text = terms.join(' ')
    const all = index.search(text, { ...options, combineWith: 'AND' })
    const found = all.length > 0 ? all : index.search(text, options)
    return found.slice(0, most).map((hit) => entries[hit.id as number] as Entry)
  }
}

function meaningful(query: string): string[] {
  const terms = query
    .slice(0, 200)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .slice(0, 12)
  const kept = terms.filter((term) => !stopWords.has(plainTerm(term)))
  return kept.length > 0 ? kept : terms
}

/** Without case and accents: who types on a phone leaves them out. */
function plainTerm(term: string): string {
  return term.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '')
}

type Draft = Omit<Entry, 'id'>

function entriesOf(house: House): Draft[] {
  const { city, forms } = house
  return [
    ...[...forms.values()].map((form) =>
      draft({ kind: 'service', title: form.title, says: form.intro, href: pathToForm(house, form.id) }),
    ),
    ...[...city.bookings.values()].map(({ id, name, about }) =>
      draft({ kind: 'service', title: name, says: about, href: `/bookings/${id}` }),
    ),
    ...[...city.activities.programmes.values()].map(({ id, name, about }) =>
      draft({ kind: 'service', title: name, says: about, href: `/activities/${id}` }),
    ),
    ...[...city.topics.values()].flatMap((topic) => {
      const department = city.departments.get(topic.department)
      const href = formPathFor(house, topic) ?? `/departments/${topic.department}`
      if (!department) return []
      return draft({ kind: 'topic', title: topic.name, whose: department.name, href }, topic.keywords)
    }),
    ...[...city.departments.values()].map(({ id, name, does }) =>
      draft({ kind: 'department', title: name, says: does, href: `/departments/${id}` }),
    ),
    ...[...city.agencies.values()].map(({ name, responsibleFor, url }) =>
      draft({ kind: 'agency', title: name, says: responsibleFor, whose: name, href: url }),
    ),
    ...city.policy.clauses.flatMap(({ title, sentences }) =>
      sentences.map(({ id, text }) => draft({ kind: 'policy', title, says: text, href: `/privacy#${id}` })),
    ),
  ]
}

function draft(found: Found, keywords?: Text): Draft {
  return {
    ...found,
    titleWords: both(found.title),
    otherWords: both(keywords),
    textWords: both(found.says),
  }
}

function both(text: Readonly<Record<Language, string>> | undefined): string {
  return text ? `${text.en} ${text.es}` : ''
}
