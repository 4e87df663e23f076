import type { Temporal } from 'temporal-polyfill'
import { sql, type Db } from '../../plumbing/index.ts'
import type { City, PlaceId, TopicId } from '../../city/index.ts'

/** What anybody may know of a report: how many days ago, and whether somebody works on it. */
export type ReportedNear = Readonly<{ days: number; inWork: boolean }>

/**
 * What was reported about this problem in this neighborhood within two weeks and is not settled, latest first, three at
 * most. Only of problems, never of a sensitive topic; no number, no word, no hour: nothing that leads to a person.
 */
export async function reportedNear(
  house: Readonly<{ db: Db; city: City; clock: { now(): Temporal.Instant } }>,
  topic: TopicId,
  place: PlaceId,
): Promise<readonly ReportedNear[]> {
  const its = house.city.topics.get(topic)
  if (!its?.problem || its.sensitive) return []
  const rows = await house.db.once<{ received_at: Temporal.Instant; state: string }>(
    sql`select received_at, state from routing.reported_near(${topic}, ${place})`,
  )
  const now = house.clock.now()
  return rows.map(({ received_at, state }) => ({
    days: Math.max(0, Math.floor(now.since(received_at).total('hours') / 24)),
    inWork: state === 'open',
  }))
}
