import { createHmac, randomBytes, type KeyObject } from 'node:crypto'
import type { Temporal } from 'temporal-polyfill'
import { sha256, sql, type Db, type Reader } from '../../plumbing/index.ts'
import type { StaffActor } from './actor.ts'
import { enterStaff } from './enter.ts'

export type SessionMethod = 'password' | 'passkey'
export type SessionStarted = Readonly<{ secret: Buffer }>

export type OwnSession = Readonly<{
  id: string
  method: SessionMethod | 'city-account'
  startedAt: Temporal.Instant
  lastSeenAt: Temporal.Instant
  endsAt: Temporal.Instant
  /** The one in which the question is asked. */
  here: boolean
}>

/** Starts a session for an employee whose proof has been checked. The secret is nowhere but in her browser. */
export async function startSession(
  db: Db,
  authority: KeyObject,
  employee: number,
  method: SessionMethod,
): Promise<SessionStarted | undefined> {
  const secret = randomBytes(32)
  const hash = sha256(secret)
  const at = await databaseSeconds(db)
  const mac = createHmac('sha256', authority)
    .update(`start|${employee}|${hash.toString('hex')}|${method}|${at}`)
    .digest()
  const [row] = await db.once<{ session: string | null }>(
    sql`select need_to_know.start_session(${employee}::int, ${hash}, ${method}, ${at}::bigint, ${mac}) as session`,
  )
  return row?.session == null ? undefined : { secret }
}

/** Ends the session that the actor is in, one of her others, or all of them. */
export async function signOut(
  db: Db,
  actor: StaffActor,
  which: 'here' | 'everywhere' | { session: string },
): Promise<void> {
  await db.transaction(async (tx) => {
    if ((await enterStaff(tx, actor)) === undefined) return
    const other = typeof which === 'object' ? which.session : null
    await tx.rows(sql`select need_to_know.end_session(${which === 'everywhere'}, ${other}::uuid)`)
  })
}

/** The acting employee's sessions, for her account page; call it after `enterStaff`. */
export function ownSessions(tx: Reader): Promise<OwnSession[]> {
  return tx.rows<OwnSession>(sql`select id, method, started_at as "startedAt", last_seen_at as "lastSeenAt",
    ends_at as "endsAt", here from need_to_know.own_sessions()`)
}

/** The database judges how old a proof is, so its clock dates it: two machines' clocks need not agree. */
export async function databaseSeconds(db: Db): Promise<number> {
  const [row] = await db.once<{ seconds: number }>(sql`select extract(epoch from clock_timestamp())::bigint as seconds`)
  return row?.seconds ?? 0
}
