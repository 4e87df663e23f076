import type { CaseId, DutyId, TopicId } from '../../city/index.ts'

/** An employee at the desk, proved by the secret of her session. */
export type StaffActor = Readonly<{ kind: 'staff'; secret: Buffer }>

/** A person who holds a receipt, proved by the receipt's secret. */
export type PersonActor = Readonly<{ kind: 'person'; secret: Buffer }>

/** Who acts, always handed as a parameter. It carries proof, not a name: naming an actor is not becoming one. */
export type Actor = StaffActor | PersonActor

/** An employee as one transaction knows her: today's duties and the topics they need. */
export type Staff = Readonly<{
  employee: number
  handle: string
  name: string
  session: string
  duties: readonly DutyId[]
  topics: readonly TopicId[]
  /** The case in hand; absent also where her duties do not cover the case that was asked for. */
  caseId?: CaseId
  /** The emergencies that wait for her to judge them, where she may; known where a request begins. */
  reviews?: Reviews
}>

export type Reviews = Readonly<{ waiting: number; overdue: number }>

/** The holder of a receipt, who has her own case in hand. `fresh`: the code may still be shown. */
export type Holder = Readonly<{ caseId: CaseId; fresh: boolean }>
