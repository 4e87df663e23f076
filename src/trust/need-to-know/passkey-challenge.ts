import { randomBytes } from 'node:crypto'
import { sha256, sql, type Db } from '../../plumbing/index.ts'

/** Challenges that one process gives out in a minute at most: nobody fills the table. */
const mostPerMinute = 600
const given = { minute: 0, count: 0 }

/** 32 random bytes, good once, for five minutes and for one use (`purpose`); undefined when too many were asked for. */
export async function issueChallenge(db: Db, purpose: string): Promise<Buffer | undefined> {
  const minute = Math.floor(performance.now() / 60_000)
  if (given.minute !== minute) Object.assign(given, { minute, count: 0 })
  given.count += 1
  if (given.count > mostPerMinute) return undefined
  const challenge = randomBytes(32)
  await db.once(sql`select need_to_know.issue_challenge(${hashOf(purpose, challenge.toString('base64url'))})`)
  return challenge
}

/** Whether this is a challenge that we gave out for this use; it is spent by asking. */
export async function spendChallenge(db: Db, purpose: string, challenge: string): Promise<boolean> {
  const [row] = await db.once<{ good: boolean }>(
    sql`select need_to_know.use_challenge(${hashOf(purpose, challenge)}) as good`,
  )
  return row?.good === true
}

const hashOf = (purpose: string, challenge: string) => sha256(`${purpose}|${challenge}`)
