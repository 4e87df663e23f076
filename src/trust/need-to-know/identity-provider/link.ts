import type { Temporal } from 'temporal-polyfill'
import { sql, type Reader, type Tx } from '../../../plumbing/index.ts'
import type { StaffActor } from '../actor.ts'
import type { DeskDoor } from '../desk.ts'
import { enterStaff } from '../enter.ts'
import { accountToken } from './account.ts'
import type { Attempt } from './attempt.ts'
import { vouchedFor, type NotFinished } from './finish.ts'
import { databaseClock, hex, proofOf } from './proof.ts'
import type { Provider } from './provider.ts'

export type NotLinked = Exclude<NotFinished, 'no-group'> | 'anothers' | 'has-one' | 'not-proved'
export type Linked = Readonly<{ done: true }> | Readonly<{ refused: NotLinked; error?: unknown }>

/**
 * Finishes what an employee began on her account's page: the provider has asked for her password there, and says whose
 * account it is; from now on it signs in the same employee. Both proofs belong to the browser and the session that began.
 * Nothing else of hers changes now; the duties of her groups come with her next sign-in there. Refusals: `anothers`, an
 * employee's already; `has-one`, she has another account; `not-proved`, her session ended or its proof is too old.
 */
export async function finishLinking(
  door: DeskDoor,
  provider: Provider,
  attempt: Attempt,
  search: string,
): Promise<Linked> {
  const vouched = await vouchedFor(provider, attempt, search)
  if ('refused' in vouched) return vouched
  const token = accountToken(provider, vouched.issuer, vouched.tokens.subject)
  const actor: StaffActor = { kind: 'staff', secret: Buffer.from(attempt.before ?? '', 'base64url') }
  const at = await databaseClock(door.db)
  return door.db.transaction(async (tx): Promise<Linked> => {
    const staff = await enterStaff(tx, actor)
    if (!staff) return { refused: 'not-proved' }
    const mac = proofOf(door.signIn.keys.authority, `link|${staff.session}|${hex(token)}`, at)
    const row = await tx.row<{ outcome: 'done' | 'again' | 'anothers' | 'has-one' | 'not-proved' }>(
      sql`select need_to_know.link_account(${token}, ${at}::bigint, ${mac}) as outcome`,
    )
    const outcome = row?.outcome ?? 'not-proved'
    return outcome === 'done' || outcome === 'again' ? { done: true } : { refused: outcome }
  })
}

export type Unlinked = 'done' | 'none' | 'not-proved' | 'only-way'

/** The acting employee takes the link back; its sessions and the duties of its groups end at once. */
export async function unlink({ db }: DeskDoor, actor: StaffActor): Promise<Unlinked> {
  return db.transaction(async (tx) => {
    await enterStaff(tx, actor)
    const row = await tx.row<{ outcome: Unlinked }>(sql`select need_to_know.unlink_account() as outcome`)
    return row?.outcome ?? 'not-proved'
  })
}

/** Since when the acting employee has a city account; undefined where she has none. */
export async function ownAccount(tx: Reader): Promise<Temporal.Instant | undefined> {
  const row = await tx.row<{ since: Temporal.Instant | null }>(sql`select need_to_know.own_account() as since`)
  return row?.since ?? undefined
}

/** Ends an employee's city account. For the owner: whoever cannot sign in any more, or linked what is not hers. */
export async function endAccount(
  tx: Tx,
  employee: number,
): Promise<Readonly<{ done: true }> | Readonly<{ refused: 'no-account' }>> {
  const row = await tx.row<{ ended: boolean }>(sql`select need_to_know.end_account(${employee}, 'operator') as ended`)
  return row?.ended ? { done: true } : { refused: 'no-account' }
}
