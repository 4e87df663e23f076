import { Temporal } from 'temporal-polyfill'
import { sql, type Db, type Sql } from '../../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../../trust/need-to-know/index.ts'
import { unseal, unwrap, type DataKey, type Keys, type SubjectId } from '../../../trust/vault/index.ts'
import type { ChildId, GuardianKind, ResidentId } from '../actor.ts'
import { aboutAt, newChild, type About } from '../add-child.ts'
import { addressToken, contactAt, readEmail, type Contact } from '../contact.ts'
import { ofAgeToken } from '../of-age/of-age-token.ts'

export type FoundGuardian = Readonly<{
  id: ResidentId
  contact: Contact
  kind: GuardianKind
  state: 'claimed' | 'shown'
}>
export type FoundChild = Readonly<{
  id: ChildId
  about: About
  /** She decides alone since then. */
  cameOfAgeAt?: Temporal.Instant
  hasPage: boolean
  guardians: readonly FoundGuardian[]
}>

type House = Readonly<{ db: Db; keys: Keys }>

/**
 * Opens the children of a birthday, as a document shows it at the counter, or of a guardian's address, and whoever stands for
 * each. Every person is an entry with duty and reason before anything can be read. Refusals: 'nothing-asked' (neither a date
 * nor an address), 'not-there' (no duty, no such reason).
 */
export async function findPeople(
  { db, keys }: House,
  actor: StaffActor,
  asked: Readonly<{ words: string; reason: string }>,
): Promise<Readonly<{ done: true }> | Readonly<{ refused: 'nothing-asked' | 'not-there' }>> {
  const email = readEmail(asked.words)
  const born = email === undefined ? readDay(asked.words) : undefined
  if (email === undefined && born === undefined) return { refused: 'nothing-asked' }
  const [ofAge, address] = [born && ofAgeToken(keys, born), email === undefined ? undefined : addressToken(keys, email)]
  return db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return { refused: 'not-there' }
    const row = await tx.row<{ openings: string[] | null }>(
      sql`select residents.find_people(${ofAge ?? null}::bytea, ${address ?? null}::bytea, ${asked.reason}) as openings`,
    )
    return row?.openings ? { done: true } : { refused: 'not-there' }
  })
}

function readDay(typed: string): string | undefined {
  try {
    return Temporal.PlainDate.from(typed.trim(), { overflow: 'reject' }).toString()
  } catch {
    return undefined
  }
}

type Row = {
  child: ChildId
  resident: ResidentId | null
  subject: SubjectId
  wrapped_key: Buffer
  kek: string
  sealed: Buffer
  kind: GuardianKind | null
  state: 'claimed' | 'shown' | null
  came_of_age_at: Temporal.Instant | null
  has_page: boolean | null
}

/** The people this session has open, for fifteen minutes; none for whoever has no duty for it. */
export async function peopleInHand({ db, keys }: House, actor: StaffActor): Promise<readonly FoundChild[]> {
  const rows = await db.transaction(async (tx) =>
    (await enterStaff(tx, actor)) ? tx.rows<Row>(sql`select * from residents.people_in_hand()`) : [],
  )
  const keyOf = (row: Row): DataKey => unwrap(keys, row.subject, { wrapped: row.wrapped_key, kek: row.kek })
  return rows
    .filter(({ resident }) => resident === null)
    .map((row) => ({
      id: row.child,
      about: JSON.parse(unseal(keyOf(row), aboutAt(row.child), row.sealed)) as About,
      ...(row.came_of_age_at && { cameOfAgeAt: row.came_of_age_at }),
      hasPage: row.has_page === true,
      guardians: rows.flatMap((one) =>
        one.child === row.child && one.resident && one.kind && one.state
          ? [
              {
                id: one.resident,
                contact: JSON.parse(unseal(keyOf(one), contactAt(one.resident), one.sealed)) as Contact,
                kind: one.kind,
                state: one.state,
              },
            ]
          : [],
      ),
    }))
}

export type PeopleRefusal = 'not-there' | 'no-page' | 'last' | 'not-of-age' | 'a-guardian' | 'has-page'
export type PeopleOutcome = Readonly<{ done: true }> | Readonly<{ refused: PeopleRefusal }>

/** What a clerk does about a child she has open, after she saw what shows it; the paper is not kept. */
export type CounterAct =
  | Readonly<{ act: 'attest'; guardian: string; kind: GuardianKind }>
  | Readonly<{ act: 'appoint'; email: string; kind: GuardianKind }>
  | Readonly<{ act: 'discharge'; guardian: string }>
  | Readonly<{ act: 'emancipate' }>
  | Readonly<{ act: 'hand-over'; email: string }>

export function actAtCounter(
  { db, keys }: House,
  actor: StaffActor,
  child: ChildId,
  what: CounterAct,
): Promise<PeopleOutcome> {
  return db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return { refused: 'not-there' }
    const row = await tx.row<{ refused: PeopleRefusal | null }>(sql`select ${callOf(keys, child, what)} as refused`)
    return row?.refused ? { refused: row.refused } : { done: true }
  })
}

/**
 * Writes down an emancipated minor for whom nobody spoke here: a clerk saw the court’s paper, and she has signed in with an
 * address of her own. What the city has of her is hers alone from then on.
 */
export function writeEmancipated(
  { db, keys }: House,
  actor: StaffActor,
  { firstName, born, email }: Readonly<{ firstName: string; born: string; email: string }>,
): Promise<PeopleOutcome> {
  const made = newChild(keys, { firstName, born }, 'under-18')
  return db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return { refused: 'not-there' }
    const row = await tx.row<{
      refused: PeopleRefusal | null
    }>(sql`select residents.write_emancipated(${made.id}, ${made.subject},
      ${made.wrapped}, ${made.kek}, ${made.sealedAbout}, ${made.band}, ${made.ofAgeToken}::bytea, ${addressToken(keys, email)}) as refused`)
    return row?.refused ? { refused: row.refused } : { done: true }
  })
}

function callOf(keys: Keys, child: ChildId, what: CounterAct): Sql {
  switch (what.act) {
    case 'attest':
      return sql`residents.attest_guardian(${child}, ${what.guardian}, ${what.kind})`
    case 'appoint':
      return sql`residents.appoint_guardian(${child}, ${addressToken(keys, what.email)}, ${what.kind})`
    case 'discharge':
      return sql`residents.discharge_guardian(${child}, ${what.guardian})`
    case 'emancipate':
      return sql`residents.emancipate(${child})`
    case 'hand-over':
      return sql`residents.hand_over(${child}, ${addressToken(keys, what.email)})`
    default:
      return what satisfies never
  }
}
