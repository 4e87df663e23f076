import { createHmac, randomBytes, type KeyObject } from 'node:crypto'
import { sha256, sql, type Db } from '../../plumbing/index.ts'
import { startSession, type SessionStarted } from './session.ts'
import { hashPassword, isPassword } from './password.ts'
import { createQueue } from './queue.ts'

export type SignInKeys = Readonly<{
  /** Peppers the passwords; not in the database. */
  pepper: KeyObject
  /** Shared with the database (`install_authority('session', ...)`): proves that a session is started by us. */
  authority: KeyObject
}>

export type SignInRefusal =
  Readonly<{ refused: 'no-match' }> | Readonly<{ refused: 'wait'; seconds: number }> | Readonly<{ refused: 'busy' }>

export interface SignIn {
  /** Checks a name and a password. 'no-match' tells neither which of the two was wrong nor whether the name exists. */
  withPassword(db: Db, typed: { handle: string; password: string }): Promise<SessionStarted | SignInRefusal>
  readonly keys: SignInKeys
}

/** Two hashes at a time leave the machine to the others; who waits behind sixteen is told to come back. */
const hashing = { atOnce: 2, waiting: 16 }

/**
 * Sign-in by password. A name that is not there costs the same work as one that is, is slowed down the same way after
 * five failures (kept under a keyed token, so that the table of failures names nobody), and gets the same words.
 */
export async function createSignIn(keys: SignInKeys): Promise<SignIn> {
  const pepper = keys.pepper.export()
  const nobody = await hashPassword(randomBytes(24).toString('base64'), pepper)
  const queue = createQueue(hashing)

  return {
    keys,
    async withPassword(db, { handle, password }) {
      const name = handle.trim().toLowerCase().slice(0, 200)
      const token = createHmac('sha256', keys.pepper).update(`throttle|${name}`).digest()
      const place = queue.enter()
      if (place === undefined) return { refused: 'busy' }
      try {
        const seconds = await countTry(db, token)
        if (seconds > 0) return { refused: 'wait', seconds }
        const mac = createHmac('sha256', keys.authority).update(`material|${name}`).digest()
        const [found] = await db.once<{ employee: number; password_hash: string | null }>(
          sql`select * from need_to_know.sign_in_material(${name}, ${mac})`,
        )
        await place.turn
        const right = await isPassword(password, found?.password_hash ?? nobody, pepper)
        if (!right || found?.password_hash == null) return { refused: 'no-match' }
        await db.once(sql`select need_to_know.note_sign_in(${token}, true)`)
        return (await startSession(db, keys.authority, found.employee, 'password')) ?? { refused: 'no-match' }
      } finally {
        place.leave()
      }
    },
  }
}

/**
 * Counts a try as failed before it is checked, one try of a name after the other: tries sent at the same moment cannot
 * all slip in before the first is counted. Returns the seconds to wait, and then has counted nothing.
 */
function countTry(db: Db, token: Buffer): Promise<number> {
  return db.transaction(async (tx) => {
    await tx.rows(sql`select pg_advisory_xact_lock(${sha256(token).readInt32BE()})`)
    const row = await tx.row<{ seconds: number }>(sql`select need_to_know.wait_before_sign_in(${token}) as seconds`)
    const seconds = row?.seconds ?? 0
    if (seconds === 0) await tx.rows(sql`select need_to_know.note_sign_in(${token}, false)`)
    return seconds
  })
}
