import type { Id, RetentionId } from './ids.ts'
import type { Text } from './text.ts'

export type TillId = Id<'till'>
export type WaiverReasonId = Id<'waiver-reason'>
export type RefundReasonId = Id<'refund-reason'>

/** How people pay the city, and what may be waived or paid back. */
export type PaymentRules = Readonly<{
  counter: Readonly<{ address: string; hours: Text; takes: Text }>
  check?: Readonly<{ payableTo: string; address: string }>
  bank?: Text
  tills: ReadonlyMap<TillId, Text>
  waivers: ReadonlyMap<WaiverReasonId, Text>
  refunds: Readonly<{
    reasons: ReadonlyMap<RefundReasonId, Text>
    /** In cents: above it a second person has to agree. */
    secondPersonAbove: number
    withinDays: number
  }>
  retention: RetentionId
}>
