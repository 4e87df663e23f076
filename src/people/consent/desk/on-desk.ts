import { randomInt } from 'node:crypto'
import type { Temporal } from 'temporal-polyfill'
import type { AgencyId } from '../../../city/index.ts'
import { sql, type Sql } from '../../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../../trust/need-to-know/index.ts'
import { unseal, unwrap, type SubjectId } from '../../../trust/vault/index.ts'
import { contactAt, type Contact, type ResidentId } from '../../residents/index.ts'
import type { ConsentId, RequestId } from '../actor.ts'
import { requestAt, type RequestWords } from '../ask.ts'
import type { ConsentHouse } from '../house.ts'
import { bytesOf, hashOf, type Notice, type NoticeHash, type ThingId } from '../notice.ts'
import { keysOf, lookAtRequests, type Openings } from '../open.ts'
import { letterAt, postCodeHash } from '../own/acts.ts'
import type { Band } from '../rules.ts'

type House = Pick<ConsentHouse, 'db' | 'keys'>

export type ToVerify = Readonly<{
  id: RequestId
  number: number
  thing: ThingId
  title: Notice['title']
  /** What its purposes are called. */
  purposes: ReadonlyMap<string, Notice['title']>
  band: Band
  answeredAt: Temporal.Instant
  endsOn: Temporal.PlainDate
  wants: number | null
  letter: 'asked' | 'printed' | null
}>
export type ToSettle = Readonly<{
  consent: ConsentId
  title: Notice['title']
  purpose: Notice['title']
  at: Temporal.Instant
}>
export type StopKept = Readonly<{ id: string; consent: ConsentId; agency: AgencyId; thing: string }>
export type Queue = Readonly<{
  verify: readonly ToVerify[]
  settle: readonly ToSettle[]
  stops: readonly StopKept[]
}>

/** All that waits for the consent clerk: numbers, things and days. For anybody else it is empty. */
export async function queueOnDesk({ db }: House, actor: StaffActor): Promise<Queue> {
  return db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return { verify: [], settle: [], stops: [] }
    const verify = await tx.rows<
      Omit<ToVerify, 'title' | 'purposes'> & { notice: Buffer }
    >(sql`select id, number, thing, notice, band,
      answered_at as "answeredAt", ends_on as "endsOn", wants, letter from consent.to_verify()`)
    const settle = await tx.rows<{ consent: ConsentId; purpose: string; notice: Buffer; at: Temporal.Instant }>(
      sql`select consent, purpose, notice, at from consent.to_settle()`,
    )
    const hashes = new Set([...verify, ...settle].map(({ notice }) => hashOf(notice)))
    const notices = new Map<NoticeHash, Notice>()
    for (const hash of hashes) {
      const row = await tx.row<{ content: string }>(sql`select content from consent.notice_of(${bytesOf(hash)})`)
      if (row) notices.set(hash, JSON.parse(row.content) as Notice)
    }
    const noticeOf = (bytes: Buffer) => notices.get(hashOf(bytes))
    return {
      verify: verify.map(({ notice, ...one }) => ({
        ...one,
        title: noticeOf(notice)?.title ?? both(one.thing),
        purposes: new Map(noticeOf(notice)?.purposes.map(({ id, title }) => [id, title])),
      })),
      settle: settle.map(({ notice, purpose, ...one }) => ({
        ...one,
        title: noticeOf(notice)?.title ?? both(purpose),
        purpose: noticeOf(notice)?.purposes.find(({ id }) => id === purpose)?.title ?? both(purpose),
      })),
      stops: await tx.rows<StopKept>(sql`select id, consent, agency, thing from consent.stops_kept()`),
    }
  })
}

const both = (text: string): Notice['title'] => ({ en: text, es: text })

export type RequestOnDesk = ToVerify &
  Readonly<{
    waits: readonly Readonly<{ purpose: string; strength: number }>[]
    opened?: RequestWords
    address?: string
  }>

/** One request, with who it is where this session has it open. */
export async function requestOnDesk(
  house: House,
  actor: StaffActor,
  id: string,
  openings?: Openings,
): Promise<RequestOnDesk | undefined> {
  const found = (await queueOnDesk(house, actor)).verify.find((one) => one.id === id)
  if (!found) return undefined
  return house.db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return undefined
    const waits = await tx.rows<{ purpose: string; strength: number }>(
      sql`select purpose, strength from consent.waiting_of(${found.id})`,
    )
    const key = openings && (await keysOf(tx, house, openings)).get(found.id)
    if (!openings || !key) return { ...found, waits }
    const row = await tx.row<{ sealed: Buffer | null }>(
      sql`select sealed from consent.request_open(${[...openings.ids]}::uuid[])`,
    )
    const letter = await tx.row<{ id: string; sealed_address: Buffer }>(
      sql`select id, sealed_address from consent.letter_open(${[...openings.ids]}::uuid[])`,
    )
    const opened = row?.sealed && (JSON.parse(unseal(key, requestAt(found.id), row.sealed)) as RequestWords)
    const address = letter && unseal(key, letterAt(letter.id), letter.sealed_address)
    return { ...found, waits, ...(opened && { opened }), ...(address !== undefined && { address }) }
  })
}

/** Opens who answered: the entry first, then the words. The reason is one of her duty's. */
export function openOnDesk(house: House, actor: StaffActor, id: RequestId, reason: string): Promise<Openings> {
  return lookAtRequests(house, actor, [id], reason)
}

/** Prints the letter: makes its code, and keeps a hash of it. Undefined: nothing is asked for, or it is printed already. */
export async function printLetter(house: House, actor: StaffActor, id: RequestId): Promise<string | undefined> {
  const code = String(randomInt(100_000_000)).padStart(8, '0')
  const done = await asStaff(
    house,
    actor,
    sql`select consent.print_letter(${id}, ${postCodeHash(house.keys, id, code)}) as done`,
  )
  return done ? code : undefined
}

/** A clerk has told a government by other means. */
export function toldStop(house: House, actor: StaffActor, id: string): Promise<boolean> {
  return asStaff(house, actor, sql`select consent.told_stop(${id}) as done`)
}

async function asStaff({ db }: House, actor: StaffActor, act: Sql): Promise<boolean> {
  return db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return false
    return (await tx.row<{ done: boolean }>(act))?.done === true
  })
}

export type Party = Readonly<{ wants: boolean; contact: Contact }>

/** Opens how to reach both guardians of a disagreement. */
export async function openParties(
  { db }: House,
  actor: StaffActor,
  consent: ConsentId,
  reason: string,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return false
    const row = await tx.row<{ openings: string[] }>(
      sql`select consent.open_parties(${consent}, ${reason}) as openings`,
    )
    return (row?.openings.length ?? 0) > 0
  })
}

/** What this session has open of them; empty where it has nothing. */
export async function readParties(
  { db, keys }: House,
  actor: StaffActor,
  consent: ConsentId,
): Promise<readonly Party[]> {
  type Row = {
    resident: ResidentId
    wants: boolean
    subject: SubjectId
    wrapped_key: Buffer
    kek: string
    sealed_contact: Buffer
  }
  return db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return []
    const rows = await tx.rows<Row>(sql`select * from consent.parties_open(${consent})`)
    return rows.map(({ resident, wants, subject, wrapped_key: wrapped, kek, sealed_contact: sealed }) => {
      const key = unwrap(keys, subject, { wrapped, kek })
      return { wants, contact: JSON.parse(unseal(key, contactAt(resident), sealed)) as Contact }
    })
  })
}
