import type { Temporal } from 'temporal-polyfill'
import type { CaseId, DepartmentId, DutyId, TopicId } from '../../../city/index.ts'
import { sql, type Reader } from '../../../plumbing/index.ts'

/** The closed list of emergencies. The ledger takes these; words typed by hand could name somebody. */
export const emergencies = ['danger-to-life', 'danger-to-a-child', 'danger-to-the-public', 'right-at-risk'] as const
export type Emergency = (typeof emergencies)[number]

export type Verdict = 'proper' | 'not-proper'

/** The glass over the case in hand, while it is broken. */
export type GlassInHand = Readonly<{ duty: DutyId; until: Temporal.Instant }>

/** What lets the acting employee see a case that no duty of hers covers; call it after `enterStaff` with that case. */
export async function glassInHand(tx: Reader): Promise<GlassInHand | undefined> {
  return tx.row<GlassInHand>(sql`select duty, ends_at as until from need_to_know.glass_in_hand()`)
}

/** One emergency of the acting employee's own. */
export type OwnGlass = Readonly<{
  id: string
  number: string
  /** Only while it is open. */
  caseId: CaseId | null
  found: boolean
  because: Emergency
  at: Temporal.Instant
  until: Temporal.Instant
  verdict: Verdict | null
}>

export function ownGlass(tx: Reader): Promise<readonly OwnGlass[]> {
  return tx.rows<OwnGlass>(sql`select id, number::text, case_id as "caseId", found, because, broken_at as at, ends_at as until, verdict
    from need_to_know.own_glass()`)
}

/** One emergency of a colleague's, to be judged or judged already. Words are sealed under the city's key. */
export type GlassToReview = Readonly<{
  id: string
  name: string
  duty: DutyId
  department: DepartmentId
  number: string
  /** Absent where no case has the number. */
  topic: TopicId | null
  found: boolean
  because: Emergency
  words: Buffer | null
  at: Temporal.Instant
  reviewBy: Temporal.PlainDate
  overdue: boolean
  /** Of the reviewer's own department: somebody further away should judge it. */
  near: boolean
  verdict: Verdict | null
  reviewer: string | null
  reviewedAt: Temporal.Instant | null
  note: Buffer | null
}>

export function glassToReview(tx: Reader): Promise<readonly GlassToReview[]> {
  return tx.rows<GlassToReview>(sql`select id, name, duty, department, number::text, topic, found, because,
      sealed_words as words, broken_at as at, review_by as "reviewBy", overdue, near, verdict, reviewer,
      reviewed_at as "reviewedAt", sealed_note as note
    from need_to_know.glass_to_review()`)
}
