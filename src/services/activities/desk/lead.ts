import type { Temporal } from 'temporal-polyfill'
import type { CaseId, SessionId } from '../../../city/index.ts'
import { sql } from '../../../plumbing/index.ts'
import { readHeld, type ConsentId } from '../../../people/consent/index.ts'
import { enterStaff, type StaffActor } from '../../../trust/need-to-know/index.ts'
import { unseal, unwrap, type SubjectId } from '../../../trust/vault/index.ts'
import type { ContactDetails, House } from '../../correspondence/index.ts'
import type { Before } from '../in-hand.ts'

/** A session that meets today and is led by a duty of hers. */
export type LedToday = Readonly<{ session: SessionId; start: Temporal.Instant; end: Temporal.Instant; people: number }>

type LedRow = { session: SessionId; starts_at: Temporal.Instant; ends_at: Temporal.Instant; people: number }

export async function ledToday(house: House, actor: StaffActor): Promise<readonly LedToday[]> {
  return house.db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return []
    const rows = await tx.rows<LedRow>(sql`select * from activities.led_today()`)
    return rows.map(({ session, starts_at: start, ends_at: end, people }) => ({ session, start, end, people }))
  })
}

/** Somebody who has a place today; a name only while the roster is open. */
export type OnRoster = Readonly<{
  id: string
  number: number
  paid: boolean
  /** She says that what comes first is done, and has not shown it. */
  toShow: boolean
  version: number
  came?: boolean
  name?: string
  /** What is held about a child under her consents, for this session: who picks her up, what helps. */
  held?: Readonly<Record<string, string>>
}>
export type Roster = Readonly<{ people: readonly OnRoster[]; openUntil?: Temporal.Instant }>

type RosterRow = {
  id: string
  number: number
  state: 'enrolled' | 'held'
  came: boolean | null
  before: Before | null
  version: number
  paid: boolean
}
type KeyRow = {
  id: string
  case_id: CaseId
  /** Of a child none of these: the letter is her guardian's. */
  subject: SubjectId | null
  wrapped_key: Buffer | null
  kek: string | null
  sealed_contact: Buffer | null
  until: Temporal.Instant
}

/** The roster of today, with names where she has opened it; undefined where she does not lead this session today. */
export async function rosterOfToday(house: House, actor: StaffActor, session: SessionId): Promise<Roster | undefined> {
  const roster = await withoutChildren(house, actor, session)
  if (!roster?.openUntil) return roster
  const children = await heldToday(house, actor, session)
  const people = roster.people.map((one) => {
    const held = children.get(one.id)
    return held ? { ...one, held, ...(held['name'] !== undefined && { name: held['name'] }) } : one
  })
  return { ...roster, people }
}

/** Of children, what their guardians consented to for these days: each look is in the ledger of its consent first. */
async function heldToday(house: House, actor: StaffActor, session: SessionId) {
  const consents = await house.db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return []
    return tx.rows<{ id: string; consent: ConsentId }>(sql`select * from activities.roster_consents(${session})`)
  })
  const ids = consents.map(({ consent }) => consent)
  const held = await readHeld(house, actor, ids, { purpose: 'lead-session', reason: 'lead' })
  const byPerson = new Map<string, Record<string, string>>()
  for (const { consent, field, text } of held) {
    const person = consents.find((one) => one.consent === consent)?.id
    if (person !== undefined) byPerson.set(person, { ...byPerson.get(person), [field]: text })
  }
  return byPerson
}

async function withoutChildren(house: House, actor: StaffActor, session: SessionId): Promise<Roster | undefined> {
  return house.db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return undefined
    const led = await tx.rows<LedRow>(sql`select * from activities.led_today()`)
    if (!led.some((one) => one.session === session)) return undefined
    const rows = await tx.rows<RosterRow>(sql`select * from activities.roster(${session})`)
    const keys = await tx.rows<KeyRow>(sql`select * from activities.roster_keys(${session})`)
    const names = new Map(keys.map((key) => [key.id, nameIn(house, key)]))
    const until = keys[0]?.until
    return {
      people: rows.map(({ id, number, came, before, version, paid }) => {
        const name = names.get(id)
        return {
          id,
          number,
          ...{ paid, version, toShow: before === 'said' },
          ...(came !== null && { came }),
          ...(name !== undefined && { name }),
        }
      }),
      ...(until && { openUntil: until }),
    }
  })
}

/** Of what the person wrote about herself a roster takes the name, and nothing else. */
function nameIn({ keys }: House, row: KeyRow): string | undefined {
  if (!row.sealed_contact || !row.subject || !row.wrapped_key || row.kek === null) return undefined
  const key = unwrap(keys, row.subject, { wrapped: row.wrapped_key, kek: row.kek })
  const at = { table: 'casefile', column: 'sealed_contact', row: row.case_id }
  const { name } = JSON.parse(unseal(key, at, row.sealed_contact)) as ContactDetails
  return name
}

/** Opens the names of today's roster: each look is in the ledger first. False where she does not lead it today. */
export async function openRoster(house: House, actor: StaffActor, session: SessionId): Promise<boolean> {
  return asLeader(house, actor, (tx) =>
    tx.row<{ done: boolean }>(sql`select activities.open_roster(${session}) as done`),
  )
}

/** Who came today; whoever on the roster is not named did not. False where she does not lead it today. */
export async function attend(
  house: House,
  actor: StaffActor,
  { session, came }: Readonly<{ session: SessionId; came: readonly string[] }>,
): Promise<boolean> {
  return asLeader(house, actor, (tx) =>
    tx.row<{ done: boolean }>(sql`select activities.attend(${session}, ${came}::uuid[]) as done`),
  )
}

type Act = (tx: Parameters<Parameters<House['db']['transaction']>[0]>[0]) => Promise<{ done: boolean } | undefined>

const asLeader = (house: House, actor: StaffActor, act: Act): Promise<boolean> =>
  house.db.transaction(async (tx) => ((await enterStaff(tx, actor)) ? ((await act(tx))?.done ?? false) : false))
