import { keptName } from '../attachments/index.ts'
import type { FieldEntry, Kind, PropertyEntry } from './define-file.ts'

/** What is so of every question of a kind, wherever it is asked about. How it is drawn and read stands where that is done. */
type KindFacts = Readonly<{
  /** The JSON types that it is answered in. */
  types: readonly PropertyEntry['type'][]
  /**
   * `typed`: in people's own words, so it has a limit and may hold anything about them. `chosen`: from what is offered, or
   * it follows from other answers, so it can be about nobody. `shaped`: typed, but it fits only one pattern.
   */
  answered: 'typed' | 'chosen' | 'shaped'
  /** The names under which it is posted, before the first dot; its own alone unless told. */
  posted?: (name: string) => readonly string[]
  /** What it offers changes by the minute: a page that begins with it is drawn for each who asks. */
  drawnAnew?: true
  /** It reckons or books: all answers are looked over before they are sent. */
  lookedOver?: true
}>

export const kindFacts: Readonly<Record<Kind, KindFacts>> = {
  text: { types: ['string'], answered: 'typed' },
  'long-text': { types: ['string'], answered: 'typed' },
  email: { types: ['string'], answered: 'typed' },
  telephone: { types: ['string'], answered: 'typed' },
  date: { types: ['string'], answered: 'shaped' },
  time: { types: ['string'], answered: 'shaped' },
  number: { types: ['integer', 'number'], answered: 'shaped' },
  money: { types: ['integer'], answered: 'shaped' },
  'yes-no': { types: ['boolean'], answered: 'chosen' },
  choice: { types: ['string'], answered: 'chosen' },
  several: { types: ['array'], answered: 'chosen' },
  'topic-choice': { types: ['string'], answered: 'chosen' },
  'place-choice': { types: ['string'], answered: 'chosen' },
  address: { types: ['string'], answered: 'typed', posted: (name) => [name, `${name}-pick`] },
  'map-place': { types: ['string'], answered: 'shaped', posted: (name) => [name, `${name}-near`] },
  files: { types: ['array'], answered: 'shaped', posted: (name) => [keptName(name)] },
  signature: { types: ['string'], answered: 'typed' },
  declaration: { types: ['boolean'], answered: 'chosen' },
  table: { types: ['array'], answered: 'shaped' },
  person: { types: ['object'], answered: 'shaped' },
  child: { types: ['object'], answered: 'shaped' },
  slot: {
    types: ['string'],
    answered: 'chosen',
    posted: (name) => [name, `${name}-slots`, `${name}-places`, `${name}-week`],
    drawnAnew: true,
    lookedOver: true,
  },
  session: {
    types: ['string'],
    answered: 'chosen',
    posted: (name) => [name, `${name}-agreed`, `${name}-done`],
    drawnAnew: true,
    lookedOver: true,
  },
  reckoned: { types: ['integer', 'number'], answered: 'chosen', lookedOver: true },
}

/** Whether a question tells a neighborhood: one is chosen, or follows from an address of the city’s list or from its map. */
export const tellsPlace = ({ kind, 'in-city': inCity }: Pick<FieldEntry, 'kind' | 'in-city'>): boolean =>
  kind === 'place-choice' || kind === 'map-place' || (kind === 'address' && inCity === true)
