import type { Temporal } from 'temporal-polyfill'
import type { DepartmentId, DutyId } from '../../../city/index.ts'
import { sql, type Db, type Reader } from '../../../plumbing/index.ts'
import { proofOf, type Proven, type ProveRefusal } from '../../../trust/ledger/index.ts'
import type { ChildId, ResidentActor } from '../actor.ts'
import { enterResident } from '../enter.ts'

/** One thing that was done about somebody on the page: `about` a child, or (null) the resident herself. */
export type RecordLine = Readonly<{
  id: string
  about: ChildId | null
  at: Temporal.Instant
  act: string
  actorKind: 'person' | 'staff' | 'system' | 'operator'
  count: number
  duty: DutyId | null
  department: DepartmentId | null
  reason: string | null
  detail: string | null
  sequenced: boolean
}>

/** What the ledger says of the people on the acting resident's page, newest first; call it after `enterResident`. */
export function recordOfHers(tx: Reader): Promise<RecordLine[]> {
  return tx.rows<RecordLine>(sql`select id, about, at, act, actor_kind as "actorKind", subject_count as count, duty,
    department, reason, detail, sequenced from residents.record_of_hers()`)
}

/** The `.tlog-proof` of one of those entries, which anybody can check without asking the city. */
export function proveToResident(db: Db, actor: ResidentActor, entry: string): Promise<string | ProveRefusal> {
  return db.transaction(async (tx) => {
    if (!(await enterResident(tx, actor))) return { refused: 'not-there' }
    const proven = await tx.row<Proven>(sql`select * from residents.statement_of_hers(${entry}::uuid)`)
    return proven ? proofOf(tx, proven) : { refused: 'not-there' }
  })
}
