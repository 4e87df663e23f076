import type { Temporal } from 'temporal-polyfill'
import type { FacilityId, FormId, PriceGroupId, TopicId } from './ids.ts'
import type { Text } from './text.ts'

/** What of a price is given back. The room that takes payments knows what each name means. */
export const refundRules = ['full', 'half', 'none'] as const
export type RefundRule = (typeof refundRules)[number]

/** Something of the city's that can be booked by the slot: a hall, tables, courts, or an hour at a counter. */
export type Facility = Readonly<{
  id: FacilityId
  kind: 'facility' | 'appointment'
  name: Text
  about: Text
  address: string
  /** Decides the department, and so who sees its bookings. */
  topic: TopicId
  /** The form on which it is booked. */
  form: FormId
  /** Minutes. Slots follow one another from the hour of opening on, each with `buffer` behind it. */
  slot: number
  buffer: number
  /** How many slots in a row one booking may take. */
  mostSlots: number
  /** How many of the same kind there are: tables, courts, clerks at the counter. */
  capacity: number
  mostPlaces: number
  /** What one of them is called; absent where there is only one. */
  unit?: Text
  /** By ISO weekday, Monday 1. */
  open: ReadonlyMap<number, readonly Hours[]>
  /** Whether it is closed on the city's holidays. */
  keepsHolidays: boolean
  closed: readonly ClosedDay[]
  /** Hours between now and the first slot that can be booked. */
  lead: number
  /** Days from today to the last day that can be booked. */
  horizon: number
  cancel: CancelRule
  /** Hours for which a booking is held until it is paid; absent: it stands at once. */
  payWithin?: number
  price?: SlotPrice
}>

/** Minutes of the day by the clocks of the city; `closes` is past 1440 where it is after midnight. */
export type Hours = Readonly<{ opens: number; closes: number }>

export type ClosedDay = Readonly<{ date: Temporal.PlainDate; name: Text }>

/** Hours before the start: until when the person may cancel by herself, and until when it costs her nothing more. */
export type CancelRule = Readonly<{ until: number; freeUntil: number; refund: RefundRule; lateRefund: RefundRule }>

/** Cents for one slot of one place. */
export type SlotPrice = Readonly<{
  slot: number
  groups: ReadonlyMap<PriceGroupId, Readonly<{ name: Text; slot: number }>>
}>

export type Facilities = ReadonlyMap<FacilityId, Facility>
