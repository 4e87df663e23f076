import { randomUUID } from 'node:crypto'
import type { Temporal } from 'temporal-polyfill'
import { sql, type Tx } from '../../plumbing/index.ts'
import { enterConsent, type ConsentActor, type ConsentId } from './actor.ts'
import type { ConsentHouse } from './house.ts'

/** One line of what follows: codes of whichever room does it. */
export type Consequence = Readonly<{
  consent: ConsentId
  code: string
  thing: string
  /** Null: at once. */
  at: Temporal.PlainDate | null
  detail: string | null
}>

/** What would follow now; `digest` names it, so that nothing else can be agreed to. */
export type Preview = Readonly<{ digest: string; follows: readonly Consequence[] }>

export type Revoked =
  | Readonly<{ done: true; receipt: string }>
  | Readonly<{ refused: 'changed'; now: Preview }>
  | Readonly<{ refused: 'not-there' }>

/** What would follow if these consents of one child were taken back now. Undefined: one of them is not hers, or is over. */
export async function preview(
  house: Pick<ConsentHouse, 'db'>,
  actor: ConsentActor,
  consents: readonly ConsentId[],
): Promise<Preview | undefined> {
  return house.db.transaction(async (tx) => ((await enterConsent(tx, actor)) ? previewIn(tx, consents) : undefined))
}

async function previewIn(tx: Tx, consents: readonly ConsentId[]): Promise<Preview | undefined> {
  const rows = await tx.rows<Consequence & { digest: Buffer }>(
    sql`select digest, consent, code, thing, at, detail from consent.preview_revocation(${[...consents]}::uuid[])`,
  )
  const [first] = rows
  return first && { digest: first.digest.toString('hex'), follows: rows.map(({ digest: _, ...one }) => one) }
}

/**
 * Takes consents of one child back, at once and in one transaction: use stops everywhere, what needed it ends, records go
 * into custody, the rest is destroyed, and a receipt says so line by line, its hash in the ledger. `seen` is the digest of
 * what she was shown; where something else would follow by now, nothing is done and she is shown that (`changed`).
 */
export async function revoke(
  house: Pick<ConsentHouse, 'db'>,
  actor: ConsentActor,
  consents: readonly ConsentId[],
  seen: string,
): Promise<Revoked> {
  const receipt = randomUUID()
  return house.db.transaction(async (tx): Promise<Revoked> => {
    if (!(await enterConsent(tx, actor))) return { refused: 'not-there' }
    const row = await tx.row<{ outcome: 'done' | 'changed' | 'not-there' }>(
      sql`select outcome from consent.revoke(${[...consents]}::uuid[], ${Buffer.from(seen, 'hex')}, ${receipt})`,
    )
    if (row?.outcome === 'done') return { done: true, receipt }
    const now = row?.outcome === 'changed' ? await previewIn(tx, consents) : undefined
    return now ? { refused: 'changed', now } : { refused: 'not-there' }
  })
}
