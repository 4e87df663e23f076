import { sha256, sql, type Db } from '../../plumbing/index.ts'
import type { StaffActor } from './actor.ts'
import { enterStaff } from './enter.ts'
import type { Sealer } from './sealer.ts'

export type Fields = Readonly<Record<string, string>>

/** `anothers`: somebody else typed it, and nobody but her is shown it. */
export type Kept = Readonly<{ fields: Fields }> | 'anothers' | undefined

const standing = { table: 'page', column: 'kept', row: 'sign-in' }

/**
 * A form that came in when its session had ended, sealed into the page that asks to sign in again: whoever sits at that
 * computer next reads none of it, and only the employee whose session it was gets it back.
 */
export function keepWords(sealer: Sealer, secret: Buffer, fields: Fields): string {
  const text = JSON.stringify({ of: sha256(secret).toString('hex'), fields })
  return sealer.seal(standing, text).toString('base64url')
}

/** What was kept, for whoever has signed in now. What was changed on the way, or sealed by no key of ours, is nothing. */
export async function wordsKept(db: Db, sealer: Sealer, actor: StaffActor, kept: string | undefined): Promise<Kept> {
  const found = kept ? unsealed(sealer, kept) : undefined
  if (!found) return undefined
  const hers = await db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return false
    const row = await tx.row<{ hers: boolean }>(
      sql`select need_to_know.was_hers(${Buffer.from(found.of, 'hex')}) as hers`,
    )
    return row?.hers === true
  })
  return hers ? { fields: found.fields } : 'anothers'
}

function unsealed(sealer: Sealer, kept: string): { of: string; fields: Fields } | undefined {
  try {
    return JSON.parse(sealer.unseal(standing, Buffer.from(kept, 'base64url'))) as { of: string; fields: Fields }
  } catch {
    return undefined
  }
}
