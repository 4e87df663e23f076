import type { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { createLimiter, sql, type Db, type Language } from '../../plumbing/index.ts'
import type { Keys } from '../../trust/vault/index.ts'
import { secretOfKey } from './clients.ts'
import { say } from './messages.ts'
import { refuse, type Refused } from './refused.ts'

/** A program whose key was good, within its limits. `secret` is what the acts of the database ask for. */
export type Admitted = Readonly<{ client: number; secret: Buffer }>

type Row = { id: number; per_minute: number; per_day: number; may_post: boolean; may_update: boolean }
export type Doing = 'post' | 'update'

/**
 * Who may report and add. Refusals: 403 where there is no such key or it may not do that, 429 with the seconds to wait
 * where a limit is reached. Limits are counted in this process's memory: each web process counts for itself, and a start
 * forgets, so that no database write stands before a letter.
 */
export function createAdmission(house: Readonly<{ db: Db; keys: Keys }>) {
  const limiters = new Map<string, readonly RateLimiterMemory[]>()
  return async (key: string | undefined, doing: Doing, language: Language): Promise<Admitted | Refused> => {
    if (key === undefined || key.length > 200) return refuse(403, say(language, 'errKey'))
    const secret = secretOfKey(house.keys, key)
    const [row] = await house.db.once<Row>(sql`select * from open311.client_of(${secret})`)
    if (!row) return refuse(403, say(language, 'errKey'))
    if (doing === 'post' ? !row.may_post : !row.may_update) return refuse(403, say(language, 'errKeyMayNot'))
    for (const limiter of limitersOf(limiters, row)) {
      const wait = await consume(limiter, row.id)
      if (wait !== undefined) return { ...refuse(429, say(language, 'errLimit')), after: wait }
    }
    return { client: row.id, secret }
  }
}

/** One pair of limiters for each pair of limits: there are as many as operators wrote, not as many as ask. */
function limitersOf(known: Map<string, readonly RateLimiterMemory[]>, row: Row): readonly RateLimiterMemory[] {
  const name = `${String(row.per_minute)}/${String(row.per_day)}`
  const made = known.get(name) ?? [
    createLimiter({ points: row.per_minute, duration: 60, keyPrefix: 'minute' }),
    createLimiter({ points: row.per_day, duration: 86_400, keyPrefix: 'day' }),
  ]
  known.set(name, made)
  return made
}

/** Seconds to wait, or undefined where there is room. */
async function consume(limiter: RateLimiterMemory, client: number): Promise<number | undefined> {
  try {
    await limiter.consume(String(client))
    return undefined
  } catch (reached) {
    if (reached instanceof Error) throw reached
    return Math.max(1, Math.ceil((reached as RateLimiterRes).msBeforeNext / 1_000))
  }
}
