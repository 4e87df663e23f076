import type { Temporal } from 'temporal-polyfill'
import type { CancelRule, Hours } from './bookings.ts'
import type {
  DutyId,
  FormId,
  PriceGroupId,
  ProgrammeId,
  RetentionId,
  SeasonId,
  SessionId,
  TopicId,
  VenueId,
} from './ids.ts'
import type { Text } from './text.ts'

/** A part of the year, by which people look for something to do. */
export type Season = Readonly<{ id: SeasonId; name: Text }>

/** Where sessions take place. */
export type Venue = Readonly<{ id: VenueId; name: Text; address: string }>

/** Something the city offers again and again: swimming lessons, a camp, an evening of pottery. */
export type Programme = Readonly<{
  id: ProgrammeId
  name: Text
  about: Text
  /** Decides the department, and so who runs it. */
  topic: TopicId
  /** On which an adult signs up; absent where only children take part. */
  form?: FormId
  ages: Ages
  /** Programmes of which one has to be done first. */
  after: readonly ProgrammeId[]
  price?: ActivityPrice
  cancel: Omit<CancelRule, 'until'>
  /** Hours for which a place is held until it is paid; absent: it stands at once. */
  payWithin?: number
  /** Hours for which a place that became free is offered to whoever is next. */
  offer: number
  /** What whoever takes part agrees to. */
  waiver?: Text
  /** Whose sessions these are on the day: whoever has this duty sees the roster of today. */
  leader: DutyId
  /** What a guardian is asked to consent to; empty where no child takes part. */
  purposes: readonly ActivityPurpose[]
}>

/** One purpose of a child's consent, with the questions that are answered under it, by the field that holds the answer. */
export type ActivityPurpose = Readonly<{
  id: string
  title: Text
  why: Text
  sees: Text
  needed: boolean
  sensitivity: 'plain' | 'private' | 'sensitive'
  retention: RetentionId
  asks: readonly Readonly<{ field: string; label: Text }>[]
}>

/** Whole years on the first day of a session. */
export type Ages = Readonly<{ from: number; to?: number }>

/** Cents for a session. `sibling`: percent that a brother or sister pays less. */
export type ActivityPrice = Readonly<{
  full: number
  groups: ReadonlyMap<PriceGroupId, Readonly<{ name: Text; cents: number }>>
  sibling: number
}>

/** One round of a programme: first to last day, on some weekdays, in one place, with so many places. */
export type Session = Readonly<{
  id: SessionId
  programme: ProgrammeId
  season: SeasonId
  venue: VenueId
  first: Temporal.PlainDate
  last: Temporal.PlainDate
  /** By ISO weekday, Monday 1. */
  hours: ReadonlyMap<number, Hours>
  /** Every time it meets, in order; holidays and days without are left out. */
  meetings: readonly Meeting[]
  places: number
  /** Of these places, some that only a clerk gives, with a reason, until this moment. */
  reserve?: Reserve
  /** By the clocks of the city. */
  opens: Temporal.Instant
  closes: Temporal.Instant
  /** Places are drawn when registration has closed; else whoever comes first has one. */
  lottery: boolean
}>

export type Reserve = Readonly<{ places: number; until: Temporal.Instant }>

export type Meeting = Readonly<{ start: Temporal.Instant; end: Temporal.Instant }>

export type Activities = Readonly<{
  seasons: ReadonlyMap<SeasonId, Season>
  venues: ReadonlyMap<VenueId, Venue>
  programmes: ReadonlyMap<ProgrammeId, Programme>
  sessions: ReadonlyMap<SessionId, Session>
}>

/** Of a city that offers none. */
export const noActivities: Activities = {
  seasons: new Map(),
  venues: new Map(),
  programmes: new Map(),
  sessions: new Map(),
}
