import type { Temporal } from 'temporal-polyfill'
import { sql, type Db, type Reader } from '../../../plumbing/index.ts'
import type { ResidentActor } from '../actor.ts'
import { enterResident } from '../enter.ts'

export type OwnSession = Readonly<{
  id: string
  method: 'code' | 'passkey'
  startedAt: Temporal.Instant
  lastSeenAt: Temporal.Instant
  /** The one in which the question is asked. */
  here: boolean
}>

/** The acting resident's sessions; call it after `enterResident`. */
export function ownSessions(tx: Reader): Promise<OwnSession[]> {
  return tx.rows<OwnSession>(sql`select id, method, started_at as "startedAt", last_seen_at as "lastSeenAt", here
    from residents.own_sessions()`)
}

/** Ends the session that the actor is in, one of her others, or all of them. */
export async function signOut(
  db: Db,
  actor: ResidentActor,
  which: 'here' | 'everywhere' | Readonly<{ session: string }>,
): Promise<void> {
  await db.transaction(async (tx) => {
    if (!(await enterResident(tx, actor))) return
    const other = typeof which === 'object' ? which.session : null
    await tx.rows(sql`select residents.end_session(${which === 'everywhere'}, ${other}::uuid)`)
  })
}
