import { randomBytes } from 'node:crypto'
import { sha256, sql, type Db } from '../../../plumbing/index.ts'
import type { Sealer } from '../sealer.ts'

/** What one way to the provider must agree with on the return, and where it goes on. */
export type Attempt = Readonly<{
  state: string
  nonce: string
  verifier: string
  /** Where she wanted to go: an address of the desk, checked again on the return. */
  then: string
  /** The sealed form that came along from a session that had ended. */
  kept?: string
  /** She was asked to type her password at the provider once more. */
  again?: true
  /** She is signed in, and links the account to her own. */
  link?: true
  /** The session that this browser had when it began; the cookie does not come along on the return. */
  before?: string
}>

const mostPerMinute = 600
const started = { minute: 0, count: 0 }

/** Keeps an attempt for ten minutes under what only this browser has; undefined when too many are under way. */
export async function startAttempt(db: Db, sealer: Sealer, attempt: Attempt): Promise<Buffer | undefined> {
  const minute = Math.floor(performance.now() / 60_000)
  if (started.minute !== minute) Object.assign(started, { minute, count: 0 })
  started.count += 1
  if (started.count > mostPerMinute) return undefined
  const browser = randomBytes(32)
  const hash = sha256(browser)
  await db.once(
    sql`select need_to_know.start_attempt(${hash}, ${sealer.seal(standing(hash), JSON.stringify(attempt))})`,
  )
  return browser
}

/** The attempt that this browser began, once; undefined where there is none, it is used, or ten minutes are over. */
export async function takeAttempt(db: Db, sealer: Sealer, browser: Buffer): Promise<Attempt | undefined> {
  const hash = sha256(browser)
  const [row] = await db.once<{ sealed: Buffer | null }>(sql`select need_to_know.take_attempt(${hash}) as sealed`)
  return row?.sealed ? (JSON.parse(sealer.unseal(standing(hash), row.sealed)) as Attempt) : undefined
}

const standing = (hash: Buffer) => ({ table: 'sign_in_attempt', column: 'sealed', row: hash.toString('hex') })
