import type { Temporal } from 'temporal-polyfill'
import type { SessionId } from '../../../city/index.ts'
import { sql, type Sql } from '../../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../../trust/need-to-know/index.ts'
import type { House } from '../../correspondence/index.ts'
import { drawReference } from '../../payments/index.ts'
import type { Before, EnrolmentState } from '../in-hand.ts'
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
  /** Places that only a clerk gives, and until when. */
  kept: number
  keptUntil?: Temporal.Instant
}>

type RunRow = Omit<RunSession, 'calledOff' | 'keptUntil'> & {
  because: CallOffReason | null
  kept_until: Temporal.Instant | null
}

export async function sessionsRun(house: House, actor: StaffActor): Promise<readonly RunSession[]> {
  return house.db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return []
    const rows = await tx.rows<RunRow>(
      sql`select session, places, enrolled, held, offered, waiting, lottery, because, paid, kept, kept_until from activities.run_by()`,
    )
    return rows.map(({ because, kept_until: keptUntil, ...row }) => ({
      ...row,
      ...(because !== null && { calledOff: because }),
      ...(keptUntil && { keptUntil }),
    }))
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
  before?: Before
  /** How many brothers and sisters stand together, she among them. */
  together?: number
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
  before: Before | null
  together: number | null
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
      ...(row.before !== null && { before: row.before }),
      ...(row.together !== null && row.together > 1 && { together: row.together }),
    }))
  })
}

export const putOutReasons = ['asked', 'rules', 'mistake'] as const
export type PutOutReason = (typeof putOutReasons)[number]
export type RunRefusal = 'not-there' | 'changed' | 'ended' | 'no-reason' | 'none-kept' | 'consent'
export type Run = Readonly<{ done: true }> | Readonly<{ refused: RunRefusal }>

/** The city calls a session off: everybody is told why and gets back what was paid, in one transaction. Twice is once. */
export const callOff = (
  house: House,
  actor: StaffActor,
  { session, because }: Readonly<{ session: SessionId; because: CallOffReason }>,
) =>
  // prettier-ignore
  asStaff(house, actor, () => sql`activities.call_off(${session}, ${because})`)

type PutOut = Readonly<{ id: string; version: number; because: PutOutReason }>

/** The city ends one enrolment; all that was paid goes back, and the place to whoever is next. */
export const putOut = (house: House, actor: StaffActor, { id, version, because }: PutOut) =>
  asStaff(house, actor, () => sql`activities.put_out(${id}, ${version}, ${because})`)

/** Why a clerk gives a place that is kept. */
export const keptReasons = ['hardship', 'counter', 'access', 'foster'] as const
export type KeptReason = (typeof keptReasons)[number]
type GiveKept = Readonly<{ id: string; version: number; because: KeptReason }>

/** A clerk gives a place that is kept to somebody in the line, with a reason that the ledger has; what it costs is owed from now on. */
export const giveKept = (house: House, actor: StaffActor, { id, version, because }: GiveKept) =>
  asStaff(house, actor, () => sql`activities.give_kept(${id}, ${version}, ${because}, ${drawReference()})`)

type Shown = Readonly<{ id: string; version: number }>

/** A clerk, or the leader on the day, has seen that what comes first is done; what she was shown is never kept. */
export const showBefore = (house: House, actor: StaffActor, { id, version }: Shown) =>
  asStaff(house, actor, () => sql`activities.show_before(${id}, ${version})`)

type Outcome = 'done' | 'again' | 'held' | 'enrolled' | 'draw-again' | RunRefusal

/** A payment reference that another charge has is drawn again. */
async function asStaff(house: House, actor: StaffActor, act: () => Sql): Promise<Run> {
  return house.db.transaction(async (tx): Promise<Run> => {
    if (!(await enterStaff(tx, actor))) return { refused: 'not-there' }
    for (let drawn = 0; drawn < 5; drawn += 1) {
      const row = await tx.row<{ outcome: Outcome }>(sql`select ${act()} as outcome`)
      if (!row) throw new Error('running activities gave no outcome')
      const { outcome } = row
      if (outcome === 'draw-again') continue
      return outcome === 'done' || outcome === 'again' || outcome === 'held' || outcome === 'enrolled'
        ? { done: true }
        : { refused: outcome }
    }
    throw new Error('every payment reference that was drawn is taken')
  })
}
