import { mayDo, type CaseId, type City, type DutyId, type TopicId } from '../../city/index.ts'
import { sql, type Db, type Tx } from '../../plumbing/index.ts'
import type { Actor, Holder, PersonActor, Reviews, Staff, StaffActor } from './actor.ts'

/**
 * Enters this transaction as the employee whose session this is, with one case in hand where her duties cover it.
 * Undefined: no such session, it has ended (12 hours, or one hour unused), or she has left. Everything read and done
 * afterwards in the transaction is seen by the database as hers.
 */
export async function enterStaff(tx: Tx, actor: StaffActor, caseId?: CaseId): Promise<Staff | undefined> {
  return staffOf(await tx.row<StaffRow>(entering(actor, caseId)))
}

/** Whose session this is, in one round trip and without staying: nothing can be read on the strength of it. */
export async function whoIs(db: Db, actor: StaffActor): Promise<Staff | undefined> {
  const [row] = await db.once<StaffRow>(entering(actor))
  return staffOf(row)
}

/** The same employee, as whom this transaction has entered, with what waits for her where she judges emergencies. */
export async function withReviews(city: City, tx: Tx, staff: Staff | undefined): Promise<Staff | undefined> {
  if (!staff || !mayDo(city, staff.duties, 'review')) return staff
  const reviews = await tx.row<Reviews>(
    sql`select reviews as waiting, overdue from need_to_know.glass_at_hand(${staff.employee}) where reviews is not null`,
  )
  return reviews ? { ...staff, reviews } : staff
}

/** Enters this transaction as the person who holds a receipt. Undefined: no receipt has this secret. */
export async function enterReceipt(tx: Tx, actor: PersonActor): Promise<Holder | undefined> {
  const row = await tx.row<{ case_id: CaseId; fresh: boolean }>(
    sql`select * from need_to_know.enter_receipt(${actor.secret}::bytea)`,
  )
  return row && { caseId: row.case_id, fresh: row.fresh }
}

/** Enters as whoever it is, for acts that staff and the person concerned can both do on one case. */
export async function enter(
  tx: Tx,
  actor: Actor,
  caseId?: CaseId,
): Promise<Readonly<{ kind: 'staff' } & Staff> | Readonly<{ kind: 'person' } & Holder> | undefined> {
  if (actor.kind === 'staff') {
    const staff = await enterStaff(tx, actor, caseId)
    return staff && { kind: 'staff', ...staff }
  }
  const holder = await enterReceipt(tx, actor)
  return holder && { kind: 'person', ...holder }
}

type StaffRow = {
  employee: number
  handle: string
  name: string
  session: string
  duties: DutyId[]
  topics: TopicId[]
  case_id: CaseId | null
}

function entering(actor: StaffActor, caseId?: CaseId) {
  return sql`select * from need_to_know.enter_staff(${actor.secret}::bytea, ${caseId ?? null}::uuid)`
}

function staffOf(row: StaffRow | undefined): Staff | undefined {
  if (row === undefined) return undefined
  const { case_id, ...staff } = row
  return case_id === null ? staff : { ...staff, caseId: case_id }
}
