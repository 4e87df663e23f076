import type { Temporal } from 'temporal-polyfill'
import type { RefundRule, SessionId, Text } from '../../city/index.ts'
import type { ChildId } from '../../people/residents/index.ts'
import { sql, type Tx } from '../../plumbing/index.ts'
import type { PaymentReference } from '../payments/index.ts'
import type { CallOffReason } from './standing.ts'

export type EndReason = CallOffReason | 'rules' | 'asked' | 'not-shown'
export type LapseReason = 'not-paid' | 'offer-over' | 'declined' | 'no-place'

/** How an enrolment stands. Each state carries what belongs to it; the table's checks say the same. */
export type EnrolmentState =
  | Readonly<{ state: 'lottery' }>
  | Readonly<{ state: 'waiting'; number: number }>
  | Readonly<{ state: 'offered' | 'held'; until: Temporal.Instant }>
  | Readonly<{ state: 'enrolled' }>
  | Readonly<{ state: 'completed'; at: Temporal.Instant }>
  | Readonly<{ state: 'cancelled-by-person'; at: Temporal.Instant; refund: RefundRule; because?: 'consent' }>
  | Readonly<{ state: 'cancelled-by-city'; at: Temporal.Instant; refund: RefundRule; because: EndReason }>
  | Readonly<{ state: 'lapsed'; at: Temporal.Instant; because: LapseReason }>

export type Before = 'found' | 'said' | 'shown'

/** What would go back if it were cancelled now, in cents, and by which way it was paid. */
export type BackNow = Readonly<{ cents: number; way: 'cash' | 'check' | 'card-terminal' | 'hosted' }>

/** An enrolment of the case in hand, or of a child of hers, with what cancelling it would mean now. */
export type EnrolmentInHand = Readonly<{
  id: string
  child?: ChildId
  /** Of its case. */
  number: number
  session: SessionId
  standing: EnrolmentState
  ticket: string
  /** Its place in the drawing, where there was one. */
  drawn?: number
  price?: number
  /** The very words that were agreed to. */
  waiver?: Text
  madeAt: Temporal.Instant
  version: number
  refundNow: RefundRule
  back?: BackNow
  /** What has to be done first: found here, shown to a clerk, or so far her word. */
  before?: Before
  /** Whom she waits together with: brothers and sisters have the same. */
  family?: string
  /** What is still to be paid has this reference. */
  reference?: PaymentReference
}>

type Row = {
  id: string
  child: ChildId | null
  number: number
  session: SessionId
  state: EnrolmentState['state']
  place_in_line: number | null
  ticket: string
  price: number | null
  made_at: Temporal.Instant
  until: Temporal.Instant | null
  ended_at: Temporal.Instant | null
  because: string | null
  refund: RefundRule | null
  version: number
  drawn: number | null
  waiver_en: string | null
  waiver_es: string | null
  refund_now: RefundRule
  back_cents: number | null
  back_way: BackNow['way'] | null
  reference: PaymentReference | null
  before: Before | null
  family: string | null
}

/** Hers: the transaction has entered as the person of a case, as its clerk, or as a resident who speaks for children. */
export async function enrolmentsInHand(tx: Tx): Promise<readonly EnrolmentInHand[]> {
  return (await tx.rows<Row>(sql`select * from activities.in_hand()`)).map((row) => ({
    id: row.id,
    ...(row.child !== null && { child: row.child }),
    number: row.number,
    session: row.session,
    standing: standingOf(row),
    ticket: row.ticket,
    ...(row.drawn !== null && { drawn: row.drawn }),
    ...(row.price !== null && { price: row.price }),
    ...(row.waiver_en !== null && row.waiver_es !== null && { waiver: { en: row.waiver_en, es: row.waiver_es } }),
    madeAt: row.made_at,
    version: row.version,
    refundNow: row.refund_now,
    ...(row.back_cents !== null && row.back_way !== null && { back: { cents: row.back_cents, way: row.back_way } }),
    ...(row.reference !== null && { reference: row.reference }),
    ...(row.before !== null && { before: row.before }),
    ...(row.family !== null && { family: row.family }),
  }))
}

/** A day on which somebody of hers came or did not, as the leader noted it. */
export type NotedDay = Readonly<{ enrolment: string; day: Temporal.PlainDate; came: boolean }>

export const daysInHand = (tx: Tx): Promise<readonly NotedDay[]> =>
  tx.rows<NotedDay>(sql`select enrolment, day, came from activities.days_in_hand()`)

function standingOf({ state, place_in_line, until, ended_at: at, because, refund }: Row): EnrolmentState {
  if (state === 'lottery' || state === 'enrolled') return { state }
  if (state === 'waiting' && place_in_line !== null) return { state, number: place_in_line }
  if ((state === 'offered' || state === 'held') && until) return { state, until }
  if (state === 'completed' && at) return { state, at }
  if (state === 'cancelled-by-person' && at && refund)
    return { state, at, refund, ...(because === 'consent' && { because }) }
  if (state === 'cancelled-by-city' && at && refund && because)
    return { state, at, refund, because: because as EndReason }
  if (state === 'lapsed' && at && because) return { state, at, because: because as LapseReason }
  throw new Error(`an enrolment is ${state} without what belongs to it`)
}

export const isLive = ({ standing }: EnrolmentInHand): boolean =>
  ['lottery', 'waiting', 'offered', 'held', 'enrolled'].includes(standing.state)
