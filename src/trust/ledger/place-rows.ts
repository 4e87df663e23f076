import { sql } from '../../plumbing/index.ts'

/** Where each column of `placeRows` stands. */
export const column = {
  seq: 0,
  name: 1,
  committed: 2,
  entry: 3,
  written: 4,
  salt: 5,
  subject: 6,
  subjectCount: 7,
  case: 8,
  at: 9,
  act: 10,
  actorKind: 11,
  duty: 12,
  department: 13,
  employee: 14,
  employeeSalt: 15,
  purpose: 16,
  reason: 17,
  detail: 18,
} as const

/**
 * Each place in the tree with the entry that it names, in their order. Only columns are asked for: whatever is said about
 * them is made of them here, so that no function of the database, which somebody may have changed, can make changed rows
 * look right.
 */
export const placeRows = sql`
  select l.seq, l.entry_id, l.commitment, e.id, e.commitment, e.salt, e.subject, e.subject_count, e.case_id, e.at, e.act,
    e.actor_kind, e.duty, e.department, e.employee, e.employee_salt, e.purpose, e.reason, e.detail
  from ledger.leaf l left join ledger.entry e on e.id = l.entry_id
  where l.seq >= 0 order by l.seq`
