import type { Temporal } from 'temporal-polyfill'
import type { City, FormId, Text } from '../../city/index.ts'
import type { Clock, Db } from '../../plumbing/index.ts'
import type { Keys } from '../../trust/vault/index.ts'
import type { Cabinet } from '../attachments/index.ts'
import type { Learner } from './learner.ts'
import type { CasePanel } from './panel.ts'

/** What the acts of this room need; the wiring hands it in. */
export type House = Readonly<{
  db: Db
  keys: Keys
  city: City
  clock: Clock
  /** What other rooms show on a case. */
  panels?: readonly CasePanel[]
  /** Answers of a form that are shown only when asked for, even in an open letter. */
  folded?: (form: FormId) => ReadonlySet<string>
  /** Who learns from what clerks do. */
  learner?: Learner
}>

/** What the pages of this room need besides: where files lie that come with letters. */
export type HouseWithFiles = House & Readonly<{ cabinet: Cabinet }>

/** What the person's own page needs besides: how long the letters of a form are kept, in words. */
export type ReceiptHouse = HouseWithFiles & Readonly<{ keptFor(form: FormId): Text | undefined }>

const minuteMs = 60_000
/** The date of the minute last asked about: asking the calendar for every letter costs as much as sealing it. */
const dates = new WeakMap<City, { minute: number; date: Temporal.PlainDate }>()

/** Today's date where the city is. */
export function today({ city, clock }: Pick<House, 'city' | 'clock'>): Temporal.PlainDate {
  const now = clock.now()
  const minute = Math.floor(now.epochMilliseconds / minuteMs)
  const known = dates.get(city)
  if (known?.minute === minute) return known.date
  const date = now.toZonedDateTimeISO(city.timeZone).toPlainDate()
  dates.set(city, { minute, date })
  return date
}
