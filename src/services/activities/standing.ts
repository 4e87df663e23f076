import { Temporal } from 'temporal-polyfill'
import type { Session, SessionId } from '../../city/index.ts'
import { sql, type Db } from '../../plumbing/index.ts'

/** Why the city calls a session off. */
export const callOffReasons = ['few-people', 'leader-ill', 'weather', 'repair', 'emergency', 'mistake'] as const
export type CallOffReason = (typeof callOffReasons)[number]

/** How full a session is; of whom, nothing. `entered`: who takes part in its drawing. */
export type Standing = Readonly<{
  free: number
  waiting: number
  entered: number
  calledOff?: CallOffReason
  drawn: boolean
  /** Places that only a clerk gives, and until when. */
  kept?: Readonly<{ places: number; until: Temporal.Instant }>
}>

type Row = {
  session: SessionId
  free: number
  waiting: number
  entered: number
  called_off: boolean
  because: CallOffReason | null
  drawn: boolean
  kept: number
  kept_until: Temporal.Instant | null
}

/** Of all sessions that can be seen. What it says may be old by the time somebody joins: `enrol` decides. */
export async function standings(db: Pick<Db, 'once'>): Promise<ReadonlyMap<SessionId, Standing>> {
  const rows = await db.once<Row>(sql`select * from activities.standing()`)
  return new Map(
    rows.map(({ session, free, waiting, entered, because, drawn, kept, kept_until: until }) => [
      session,
      {
        ...{ free, waiting, entered, drawn },
        ...(because !== null && { calledOff: because }),
        ...(kept > 0 && until && { kept: { places: kept, until } }),
      },
    ]),
  )
}

/** What somebody who looks at a session can do now. */
export type Stage =
  | Readonly<{ stage: 'not-yet' | 'closed' | 'over' | 'drawing' }>
  | Readonly<{ stage: 'open'; free: number }>
  | Readonly<{ stage: 'full'; waiting: number }>
  | Readonly<{ stage: 'lottery'; entered: number }>
  | Readonly<{ stage: 'called-off'; because: CallOffReason }>

const none: Standing = { free: 0, waiting: 0, entered: 0, drawn: false }

export function stageOf(session: Session, standing: Standing | undefined, now: Temporal.Instant): Stage {
  const { free, waiting, entered, calledOff, drawn } = standing ?? none
  const isBefore = (at: Temporal.Instant | undefined) => at !== undefined && Temporal.Instant.compare(now, at) < 0
  if (calledOff) return { stage: 'called-off', because: calledOff }
  if (!isBefore(session.meetings.at(-1)?.end)) return { stage: 'over' }
  if (isBefore(session.opens)) return { stage: 'not-yet' }
  if (session.lottery && !drawn) return isBefore(session.closes) ? { stage: 'lottery', entered } : { stage: 'drawing' }
  if (!session.lottery && !isBefore(session.closes)) return { stage: 'closed' }
  if (session.lottery) return { stage: 'closed' }
  // Whoever waits comes before whoever comes now.
  return free > 0 && waiting === 0 ? { stage: 'open', free } : { stage: 'full', waiting }
}
