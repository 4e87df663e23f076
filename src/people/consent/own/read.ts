import type { Temporal } from 'temporal-polyfill'
import type { DepartmentId, DutyId } from '../../../city/index.ts'
import { sql, type Db, type Tx } from '../../../plumbing/index.ts'
import { proofOf, type Proven, type ProveRefusal } from '../../../trust/ledger/index.ts'
import { enterResident, type ChildId, type ResidentActor } from '../../residents/index.ts'
import type { ConsentId, RequestId } from '../actor.ts'
import { hashOf, readNotice, type KeptNotice, type NoticeHash, type ThingId } from '../notice.ts'
import type { Band, ConsentMethod } from '../rules.ts'

/** A request that was put to the acting resident and is not over. */
export type RequestOfHers = Readonly<{
  id: RequestId
  number: number
  thing: ThingId
  notice: NoticeHash
  newest: NoticeHash
  band: Band
  state: 'asked' | 'answered'
  askedBy: 'child' | 'guardian'
  endsOn: Temporal.PlainDate
  child: ChildId | null
  /** How strongly she still has to show who she is; null where nothing waits for that. */
  wants: number | null
  /** A letter with a code that is asked for, or on its way. */
  letter: 'asked' | 'printed' | null
}>

export type ConsentState = 'given' | 'in-force' | 'declined' | 'revoked' | 'expired' | 'frozen' | 'passed'
export const liveStates: readonly ConsentState[] = ['given', 'in-force', 'frozen', 'passed']

export type ConsentOfHers = Readonly<{
  id: ConsentId
  child: ChildId
  request: RequestId
  thing: ThingId
  purpose: string
  notice: NoticeHash
  /** The newest notice of that thing: another one says something else. */
  newest: NoticeHash
  needed: boolean
  record: boolean
  state: ConsentState
  givenAt: Temporal.Instant
  until: Temporal.PlainDate
  endedAt: Temporal.Instant | null
  strength: number
  /** Whether she gave it herself. */
  own: boolean
  method: ConsentMethod | null
  closed: boolean
  held: number
  retention: string
}>

type Bytes<T> = Omit<T, 'notice' | 'newest'> & { notice: Buffer; newest: Buffer }
const named = <T extends { notice: NoticeHash; newest: NoticeHash }>(row: Bytes<T>): T =>
  ({ ...row, notice: hashOf(row.notice), newest: hashOf(row.newest) }) as unknown as T

/** Call these after `enterResident`. */
export async function requestsOfHers(tx: Tx): Promise<readonly RequestOfHers[]> {
  const rows = await tx.rows<Bytes<RequestOfHers>>(sql`select id, number, thing, notice, newest, band, state,
    asked_by as "askedBy", ends_on as "endsOn", child, wants, letter from consent.requests_of_hers()`)
  return rows.map((row) => named<RequestOfHers>(row))
}

export async function consentsOfHers(tx: Tx): Promise<readonly ConsentOfHers[]> {
  const rows = await tx.rows<
    Bytes<ConsentOfHers>
  >(sql`select id, child, request, thing, purpose, notice, newest, needed, record,
    state, given_at as "givenAt", until, ended_at as "endedAt", strength, own, method, closed, held, retention
    from consent.of_hers()`)
  return rows.map((row) => named<ConsentOfHers>(row))
}

/** The notices behind consents and requests, each read once. */
export async function noticesOf(
  tx: Tx,
  of: readonly Readonly<{ notice: NoticeHash; newest: NoticeHash }>[],
): Promise<ReadonlyMap<NoticeHash, KeptNotice>> {
  const hashes = [...new Set(of.flatMap(({ notice, newest }) => [notice, newest]))]
  const kept = await Promise.all(hashes.map((hash) => readNotice(tx, hash)))
  return new Map(kept.flatMap((one) => (one ? [[one.hash, one]] : [])))
}

/** One thing that was done about a child's consents: codes, duties and times; no employee. */
export type LookLine = Readonly<{
  id: string
  consent: ConsentId | null
  at: Temporal.Instant
  act: string
  actorKind: 'person' | 'staff' | 'system' | 'operator'
  count: number
  duty: DutyId | null
  department: DepartmentId | null
  purpose: string | null
  reason: string | null
  detail: string | null
  sequenced: boolean
}>

export function looksOf(tx: Tx, child: ChildId): Promise<LookLine[]> {
  return tx.rows<LookLine>(sql`select id, consent, at, act, actor_kind as "actorKind", subject_count as count, duty, department,
    purpose, reason, detail, sequenced from consent.record_of_hers(${child})`)
}

/** The `.tlog-proof` of one of those entries, which anybody can check without asking the city. */
export function proveLook(db: Db, actor: ResidentActor, child: ChildId, entry: string): Promise<string | ProveRefusal> {
  return db.transaction(async (tx) => {
    if (!(await enterResident(tx, actor))) return { refused: 'not-there' }
    const proven = await tx.row<Proven>(
      sql`select seq, salt, statement from consent.statement_of_hers(${child}, ${entry}::uuid)`,
    )
    return proven ? proofOf(tx, proven) : { refused: 'not-there' }
  })
}

/** What a revocation brought about, as it was written down; `entry` is where its hash stands in the ledger. */
export type ReceiptOfHers = Readonly<{
  id: string
  child: ChildId
  at: Temporal.Instant
  content: string
  hash: string
  entry: string | null
}>

export async function receiptsOf(tx: Tx, child: ChildId): Promise<readonly ReceiptOfHers[]> {
  const rows = await tx.rows<Omit<ReceiptOfHers, 'hash'> & { hash: Buffer }>(
    sql`select id, child, at, content, hash, entry from consent.receipts_of_hers(${child})`,
  )
  return rows.map((row) => ({ ...row, hash: row.hash.toString('hex') }))
}

/** Children she stood for who decide alone since then, and have until that day to say whether their consents stand. No name. */
export function passedFromHers(
  tx: Tx,
): Promise<readonly Readonly<{ since: Temporal.Instant; until: Temporal.PlainDate }>[]> {
  return tx.rows<{ since: Temporal.Instant; until: Temporal.PlainDate }>(
    sql`select since, until from consent.passed_from_hers()`,
  )
}

/** What became of a record after its consent ended: until when it is kept, whether a hold keeps it, whether it is gone. */
export type CustodyOfHers = Readonly<{
  consent: ConsentId
  until: Temporal.PlainDate | null
  destroyedAt: Temporal.Instant | null
  heldSince: Temporal.Instant | null
}>

export async function custodyOf(tx: Tx, child: ChildId): Promise<ReadonlyMap<ConsentId, CustodyOfHers>> {
  const rows =
    await tx.rows<CustodyOfHers>(sql`select consent, until, destroyed_at as "destroyedAt", held_since as "heldSince"
    from consent.custody_of_hers(${child})`)
  return new Map(rows.map((row) => [row.consent, row]))
}
