import type { Temporal } from 'temporal-polyfill'
import type { SessionId } from '../../../city/index.ts'
import { sql, type Sql } from '../../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../../trust/need-to-know/index.ts'
import type { House } from '../../correspondence/index.ts'
import type { EnrolmentState } from '../in-hand.ts'
import type { CallOffReason } from '../standing.ts'

/** A session as who runs it sees it in the list: counts, and cents that are paid. */
export type RunSession = Readonly<{
  session: SessionId
  places: number
  enrolled: number
  held: number
  offered: number
  waiting: number
  lottery: number
  paid: number
  calledOff?: CallOffReason
}>

type RunRow = Omit<RunSession, 'calledOff'> & { because: CallOffReason | null }

export async function sessionsRun(house: House, actor: StaffActor): Promise<readonly RunSession[]> {
  return house.db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return []
    const rows = await tx.rows<RunRow>(
      sql`select session, places, enrolled, held, offered, waiting, lottery, because, paid from activities.run_by()`,
    )
    return rows.map(({ because, ...row }) => ({ ...row, ...(because !== null && { calledOff: because }) }))
  })
}

/** One enrolment on the desk: a number, a state and times, never a person. `caseId` where the case is on her desk. */
export type RunEnrolment = Readonly<{
  id: string
  number: number
  state: EnrolmentState['state']
  caseId?: string
  inLine?: number
  until?: Temporal.Instant
  madeAt: Temporal.Instant
  version: number
  daysCame: number
  daysNoted: number
}>

type EnrolmentRow = {
  id: string
  case_id: string | null
  number: number
  state: EnrolmentState['state']
  place_in_line: number | null
  made_at: Temporal.Instant
  until: Temporal.Instant | null
  version: number
  days_came: number
  days_noted: number
}

export async function enrolmentsRun(
  house: House,
  actor: StaffActor,
  session: SessionId,
): Promise<readonly RunEnrolment[]> {
  // prettier-ignore
  return house.db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return []
    const rows = await tx.rows<EnrolmentRow>(sql`select * from activities.on_desk(${session})`)
    return rows.map((row) => ({
      id: row.id,
      number: row.number,
      state: row.state,
      ...(row.case_id !== null && { caseId: row.case_id }),
      ...(row.place_in_line !== null && { inLine: row.place_in_line }),
      ...(row.until && { until: row.until }),
      madeAt: row.made_at,
      version: row.version,
      daysCame: row.days_came,
      daysNoted: row.days_noted,
    }))
  })
}

export const putOutReasons = ['asked', 'rules', 'mistake'] as const
export type PutOutReason = (typeof putOutReasons)[number]
export type RunRefusal = 'not-there' | 'changed' | 'ended' | 'no-reason'
export type Run = Readonly<{ done: true }> | Readonly<{ refused: RunRefusal }>

/** The city calls a session off: everybody is told why and gets back what was paid, in one transaction. Twice is once. */
export const callOff = (
  house: House,
  actor: StaffActor,
  { session, because }: Readonly<{ session: SessionId; because: CallOffReason }>,
) =>
  // prettier-ignore
  asStaff(house, actor, sql`activities.call_off(${session}, ${because})`)

type PutOut = Readonly<{ id: string; version: number; because: PutOutReason }>

/** The city ends one enrolment; all that was paid goes back, and the place to whoever is next. */
export const putOut = (house: House, actor: StaffActor, { id, version, because }: PutOut) =>
  asStaff(house, actor, sql`activities.put_out(${id}, ${version}, ${because})`)

async function asStaff(house: House, actor: StaffActor, act: Sql): Promise<Run> {
  return house.db.transaction(async (tx): Promise<Run> => {
    if (!(await enterStaff(tx, actor))) return { refused: 'not-there' }
    const row = await tx.row<{ outcome: 'done' | 'again' | RunRefusal }>(sql`select ${act} as outcome`)
    if (!row) throw new Error('running activities gave no outcome')
    return row.outcome === 'done' || row.outcome === 'again' ? { done: true } : { refused: row.outcome }
  })
}
