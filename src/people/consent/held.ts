import type { Temporal } from 'temporal-polyfill'
import { sql, type Tx } from '../../plumbing/index.ts'
import { seal, unseal, type DataKey } from '../../trust/vault/index.ts'
import { enterConsent, type ConsentActor, type ConsentId } from './actor.ts'
import type { ConsentHouse } from './house.ts'
import { keysOf, lookAt, type Why } from './open.ts'

/** A value that goes into the city's keeping, sealed under its consent's own key. */
export type ToKeep = Readonly<{ consent: ConsentId; field: string; sealed: Buffer; record: boolean }>

export type Held = Readonly<{ consent: ConsentId; field: string; text: string; at: Temporal.Instant }>

export const heldAt = (consent: ConsentId, field: string) => ({
  table: 'consent.held',
  column: 'sealed',
  row: `${consent}|${field}`,
})

export function sealHeld(key: DataKey, consent: ConsentId, field: string, text: string): Buffer {
  return seal(key, heldAt(consent, field), text)
}

/**
 * Keeps values under consents, in a transaction that has entered as whoever answers. Only answers to what the notice asks
 * under that very purpose; all, or none. `record`: whether it becomes a city record.
 */
export async function keepHeld(tx: Tx, values: readonly ToKeep[]): Promise<{ done: true } | { refused: 'not-there' }> {
  if (values.length === 0) return { done: true }
  const row = await tx.row<{ outcome: 'done' | 'not-there' }>(sql`select consent.keep_held(
    ${values.map(({ consent }) => consent)}::uuid[], ${values.map(({ field }) => field)}::text[],
    ${values.map(({ sealed }) => sealed)}::bytea[], ${values.map(({ record }) => record)}::boolean[]) as outcome`)
  return row?.outcome === 'done' ? { done: true } : { refused: 'not-there' }
}

/** What the city holds under these consents, for whoever may open them: each look is in the ledger first. */
export async function readHeld(
  house: Pick<ConsentHouse, 'db' | 'keys'>,
  actor: ConsentActor,
  consents: readonly ConsentId[],
  why: Why,
): Promise<readonly Held[]> {
  const openings = await lookAt(house, actor, consents, why)
  if (openings.ids.length === 0) return []
  return house.db.transaction(async (tx) => {
    if (!(await enterConsent(tx, actor))) return []
    const keys = await keysOf(tx, house, openings)
    const rows = await tx.rows<{ consent: ConsentId; field: string; sealed: Buffer; at: Temporal.Instant }>(
      sql`select consent, field, sealed, at from consent.held_open(${[...openings.ids]}::uuid[])`,
    )
    return rows.flatMap(({ consent, field, sealed, at }) => {
      const key = keys.get(consent)
      return key ? [{ consent, field, at, text: unseal(key, heldAt(consent, field), sealed) }] : []
    })
  })
}
