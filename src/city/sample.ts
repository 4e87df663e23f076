import type { AgencyId, DutyId, FormId, ReasonId, StaffId, TopicId } from './ids.ts'

/** Invented people and letters for `CITYHALL_SAMPLE=1`. */
export type Sample = Readonly<{ staff: readonly SampleStaff[]; cases: readonly SampleCase[] }>

export type SampleStaff = Readonly<{
  handle: StaffId
  name: string
  duties: readonly DutyId[]
  /** Has left: the account exists, its duties ended. */
  former: boolean
}>

export type SampleCase = Readonly<{
  form: FormId
  language: 'en' | 'es'
  daysAgo: number
  /** Where it stands after everything that happened. */
  state: 'new' | 'open' | 'answered' | 'closed'
  /** As posted to the form, question by question; topic and place come from it like any letter's. */
  answers: Readonly<Record<string, string | readonly string[]>>
  happened: readonly SampleEvent[]
}>

export const sampleClosings = ['done', 'no-answer-needed', 'not-ours', 'duplicate', 'withdrawn'] as const

/** In order of time. `after` is in whole days since the letter came in, less than `daysAgo`: it has happened already. */
export type SampleEvent = Readonly<{ after: number }> &
  (
    | Readonly<{ does: 'look'; by: StaffId; reason: ReasonId }>
    | Readonly<{ does: 'reply' | 'note'; by: StaffId; text: string }>
    | Readonly<{ does: 'assign'; by: StaffId; to: StaffId }>
    | Readonly<{ does: 'move'; by: StaffId; to: TopicId }>
    | Readonly<{ does: 'close'; by: StaffId; because: (typeof sampleClosings)[number]; agency?: AgencyId }>
    | Readonly<{ does: 'resident-writes'; text: string }>
  )
