import type { Temporal } from 'temporal-polyfill'
import { sql, type Db, type Tx } from '../../plumbing/index.ts'
import type { CaseId } from '../../city/index.ts'
import { enterReceipt, enterStaff, type Actor } from '../need-to-know/index.ts'
import type { Keys } from './key-file.ts'
import { unwrap, type DataKey, type SubjectId } from './seal.ts'

declare const opening: unique symbol
/** One look at one case, written in the ledger. */
export type OpeningId = string & { readonly [opening]: true }

/**
 * Opens a case's sealed words: the one door to personal data. Writes who, on what duty, when and why into the ledger
 * and commits; only then can the opening be turned into a key (`keyOf`). For staff an opening lasts 15 minutes on the
 * session that made it. `caseId` is for staff; a person's receipt names her case. Undefined where the actor has no
 * such case, her duty does not read it, or the reason is not one of the duty's: all the same answer.
 *
 * It makes its own transaction on purpose. The database gives the key to a later transaction only
 * (vault.key asks pg_xact_status), so the entry cannot be rolled back while the key is used.
 */
export async function open(
  db: Db,
  actor: Actor,
  why: { caseId?: CaseId; purpose: string; reason: string },
): Promise<OpeningId | undefined> {
  return db.transaction(async (tx) => {
    const [entered, opening] = await Promise.all([enterCase(tx, actor, why.caseId), openInHand(tx, why)])
    return entered && opening
  })
}

/** The same in a transaction that is entering, and that ends before the opening is used. */
export async function openInHand(
  tx: Tx,
  { purpose, reason }: { purpose: string; reason: string },
): Promise<OpeningId | undefined> {
  const row = await tx.row<{ opening: OpeningId | null }>(sql`select vault.open(${purpose}, ${reason}) as opening`)
  return row?.opening ?? undefined
}

/** Enters with one case in hand; undefined where it is not there for this actor. */
export async function enterCase(tx: Tx, actor: Actor, caseId?: CaseId): Promise<CaseId | undefined> {
  switch (actor.kind) {
    case 'person':
      return (await enterReceipt(tx, actor))?.caseId
    case 'staff':
      return caseId && (await enterStaff(tx, actor, caseId))?.caseId
    default:
      return actor satisfies never
  }
}

/** The data key of an opening, in a transaction that has entered as whoever opened; undefined once it has run out. */
export async function keyOf(tx: Tx, keys: Keys, of: OpeningId): Promise<OpenKey | undefined> {
  return handed(keys, await tx.row<HandedKey>(sql`select subject, wrapped_key, kek, ends_at from vault.key(${of})`))
}

/** The same of the case in hand, where this session has opened it already and it lies open still. */
export async function keyInHand(tx: Tx, keys: Keys): Promise<OpenKey | undefined> {
  return handed(keys, await tx.row<HandedKey>(sql`select subject, wrapped_key, kek, ends_at from vault.key_in_hand()`))
}

function handed(keys: Keys, row: HandedKey | undefined): OpenKey | undefined {
  return row && { key: unwrap(keys, row.subject, { wrapped: row.wrapped_key, kek: row.kek }), until: row.ends_at }
}

export type OpenKey = Readonly<{ key: DataKey; until: Temporal.Instant }>

type HandedKey = { subject: SubjectId; wrapped_key: Buffer; kek: string; ends_at: Temporal.Instant }
