import type { Temporal } from 'temporal-polyfill'
import { sql, type Db, type Tx } from '../../plumbing/index.ts'
import { unseal, unwrap, type DataKey, type Keys, type OpeningId, type SubjectId } from '../../trust/vault/index.ts'
import type { ChildId, GuardianKind, Resident, ResidentActor, ResidentId } from './actor.ts'
import { aboutAt, type About } from './add-child.ts'
import { contactAt, type Contact } from './contact.ts'
import { enterResident } from './enter.ts'

/** A child on the page of somebody who stands for her. */
export type ChildAtHome = Readonly<{
  id: ChildId
  about: About
  key: DataKey
  band?: string
  kind: GuardianKind
  state: 'claimed' | 'shown'
}>

/** A resident's page, open: her contact, the children she stands for, and what the city has of the child that she was. */
export type Household = Readonly<{
  resident: Resident
  contact: Contact
  key: DataKey
  since: Temporal.Instant
  children: readonly ChildAtHome[]
  was: readonly Readonly<{ id: ChildId; about: About; key: DataKey; cameOfAgeAt: Temporal.Instant }>[]
}>

/**
 * Opens the acting resident's page and looks at it. The opening is written down and committed first (one entry for each
 * person on it, once in fifteen minutes); only then does the database give the keys, as for a letter. Undefined: not signed in.
 */
export async function openPage<T>(
  house: Readonly<{ db: Db; keys: Keys }>,
  actor: ResidentActor,
  look: (tx: Tx, household: Household) => T | Promise<T>,
): Promise<T | undefined> {
  const openings = await house.db.transaction(async (tx) => {
    if (!(await enterResident(tx, actor))) return undefined
    return (await tx.row<{ openings: OpeningId[] }>(sql`select residents.open_page() as openings`))?.openings
  })
  if (!openings) return undefined
  return house.db.transaction(async (tx) => {
    const resident = await enterResident(tx, actor)
    if (!resident) return undefined
    const rows = await tx.rows<Row>(sql`select * from residents.page(${openings}::uuid[])`)
    const household = householdOf(house.keys, resident, rows)
    return household && look(tx, household)
  })
}

type Row = {
  resident: ResidentId | null
  child: ChildId | null
  subject: SubjectId
  wrapped_key: Buffer
  kek: string
  sealed: Buffer
  since: Temporal.Instant
  band: string | null
  kind: GuardianKind | null
  state: 'claimed' | 'shown' | null
  came_of_age_at: Temporal.Instant | null
}

function householdOf(keys: Keys, resident: Resident, rows: readonly Row[]): Household | undefined {
  const opened = rows.map((row) => ({
    ...row,
    key: unwrap(keys, row.subject, { wrapped: row.wrapped_key, kek: row.kek }),
  }))
  const own = opened.find((row) => row.resident === resident.id)
  if (!own) return undefined
  const children = opened.flatMap(({ child: id, kind, state, key, sealed, band }) =>
    id && kind && state
      ? [{ id, about: aboutOf(key, id, sealed), key, kind, state, ...(band !== null && { band }) }]
      : [],
  )
  const was = opened.flatMap(({ child: id, key, sealed, came_of_age_at: cameOfAgeAt }) =>
    id && cameOfAgeAt ? [{ id, about: aboutOf(key, id, sealed), key, cameOfAgeAt }] : [],
  )
  const contact = JSON.parse(unseal(own.key, contactAt(resident.id), own.sealed)) as Contact
  return { resident, contact, key: own.key, since: own.since, children, was }
}

const aboutOf = (key: DataKey, child: ChildId, sealed: Buffer) =>
  JSON.parse(unseal(key, aboutAt(child), sealed)) as About
