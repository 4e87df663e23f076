import type { Temporal } from 'temporal-polyfill'
import { sha256, sql, type Db } from '../../plumbing/index.ts'
import type { Keys } from '../../trust/vault/index.ts'
import { routed, type City, type PlaceId, type TopicId } from '../../city/index.ts'
import { codeFor, secretOf, type SubmissionToken } from '../correspondence/index.ts'

/** What anybody may know of a report: how many days ago, and whether somebody works on it. */
export type ReportedNear = Readonly<{ days: number; inWork: boolean }>

/**
 * What was reported about this problem in this neighborhood within two weeks and is not settled, latest first, three at
 * most. Only of problems, never of a sensitive topic; no number, no word, no hour: nothing that leads to a person.
 * Nothing where `token` brought a letter already: whoever sends that once more is on her way to her receipt.
 */
export async function reportedNear(
  house: Readonly<{ db: Db; keys: Keys; city: City; clock: { now(): Temporal.Instant } }>,
  topic: TopicId,
  place: PlaceId,
  token?: SubmissionToken,
): Promise<readonly ReportedNear[]> {
  const its = house.city.topics.get(topic)
  if (!its?.problem || its.sensitive) return []
  const receipt = token && sha256(secretOf(house.keys, codeFor(house.keys, token)))
  const rows = await house.db.once<{ received_at: Temporal.Instant; state: string }>(
    sql`select received_at, state from routing.reported_near(${routed(house.city, { topic, place })}, ${place}, ${receipt ?? null})`,
  )
  const now = house.clock.now()
  return rows.map(({ received_at, state }) => ({
    days: Math.max(0, Math.floor(now.since(received_at).total('hours') / 24)),
    inWork: state === 'open',
  }))
}
