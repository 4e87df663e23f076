import { sql, type Tx } from '../../plumbing/index.ts'
import { unwrap, type DataKey, type SubjectId } from '../../trust/vault/index.ts'
import { enterConsent, type ConsentActor, type ConsentId, type RequestId } from './actor.ts'
import type { ConsentHouse } from './house.ts'

/** Why somebody looks: codes. An employee's reason is one of her duty's. */
export type Why = Readonly<{ purpose: string; reason: string }>

type Doors = Pick<ConsentHouse, 'db' | 'keys'>
type Handed = {
  consent: ConsentId | null
  request: RequestId | null
  subject: SubjectId
  wrapped_key: Buffer
  kek: string
}

/** Openings of this actor whose entries have committed; good for 15 minutes, while the consent is in force. */
export type Openings = Readonly<{ actor: ConsentActor; ids: readonly string[] }>

/** Writes the look into the ledger, for each consent that this actor may open, and commits. */
export async function lookAt(
  house: Doors,
  actor: ConsentActor,
  consents: readonly ConsentId[],
  why: Why,
): Promise<Openings> {
  const ids = await house.db.transaction(async (tx) => {
    if (consents.length === 0 || !(await enterConsent(tx, actor))) return []
    return tx.rows<{ opening: string }>(
      sql`select opening from consent.open(${[...consents]}::uuid[], ${why.purpose}, ${why.reason})`,
    )
  })
  return { actor, ids: ids.map(({ opening }) => opening) }
}

/** The same for requests: whoever was asked, and a clerk who is to see who answered. */
export async function lookAtRequests(
  house: Doors,
  actor: ConsentActor,
  requests: readonly RequestId[],
  reason: string,
): Promise<Openings> {
  const ids = await house.db.transaction(async (tx) => {
    if (requests.length === 0 || !(await enterConsent(tx, actor))) return []
    return tx.rows<{ opening: string }>(
      sql`select opening from consent.open_requests(${[...requests]}::uuid[], ${reason})`,
    )
  })
  return { actor, ids: ids.map(({ opening }) => opening) }
}

/** The data keys behind openings, in a transaction that has entered as whoever opened. */
export async function keysOf(
  tx: Tx,
  { keys }: Pick<Doors, 'keys'>,
  openings: Openings,
): Promise<ReadonlyMap<ConsentId | RequestId, DataKey>> {
  const rows = await tx.rows<Handed>(
    sql`select consent, request, subject, wrapped_key, kek from consent.key(${[...openings.ids]}::uuid[])`,
  )
  return new Map(
    rows.flatMap(({ consent, request, subject, wrapped_key: wrapped, kek }) => {
      const of = consent ?? request
      return of ? [[of, unwrap(keys, subject, { wrapped, kek })] as const] : []
    }),
  )
}

/** Both steps of the door: the keys of those consents that this actor may open now. */
export async function openConsents(
  house: Doors,
  actor: ConsentActor,
  consents: readonly ConsentId[],
  why: Why,
): Promise<ReadonlyMap<ConsentId, DataKey>> {
  const openings = await lookAt(house, actor, consents, why)
  if (openings.ids.length === 0) return new Map()
  return house.db.transaction(async (tx) => {
    if (!(await enterConsent(tx, actor))) return new Map<ConsentId, DataKey>()
    return (await keysOf(tx, house, openings)) as ReadonlyMap<ConsentId, DataKey>
  })
}
