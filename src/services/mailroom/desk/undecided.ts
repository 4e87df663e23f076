import type { Temporal } from 'temporal-polyfill'
import { sql, type Tx } from '../../../plumbing/index.ts'
import type { TopicId } from '../../../city/index.ts'
import { enterStaff, type StaffActor } from '../../../trust/need-to-know/index.ts'
import { unseal, unsealBytes, unwrap, type DataKey, type SubjectId } from '../../../trust/vault/index.ts'
import type { House } from '../../correspondence/index.ts'
import { rawPiece } from '../accept.ts'
import type { Reading } from '../reading.ts'

export const shelves = ['quarantined', 'aside', 'junk'] as const
/** The database gives no more at once. */
export const mostShown = 100
export type Shelf = (typeof shelves)[number]

/** A mail as a list shows it: topic, reason and age, never a person. */
export type UndecidedLine = Readonly<{
  id: string
  topic: TopicId
  why: string
  receivedAt: Temporal.Instant
  bytes: number
  /** The case that it is meant for, where that is on the same desk. */
  number?: number
}>

type LineRow = {
  id: string
  topic: TopicId
  why: string
  received_at: Temporal.Instant
  bytes: number
  number: number | null
}

/** The mails of the acting employee's topics on one shelf, latest first, a hundred at most. */
export function undecided(house: House, actor: StaffActor, shelf: Shelf): Promise<readonly UndecidedLine[]> {
  return house.db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return []
    const rows = await tx.rows<LineRow>(
      sql`select id, topic, why, received_at, bytes, number from mailroom.undecided(${shelf})`,
    )
    return rows.map(({ received_at: receivedAt, number, ...row }) => ({
      ...row,
      receivedAt,
      ...(number !== null && { number }),
    }))
  })
}

/** Opens a mail for 15 minutes; the look is in the ledger first. False: no such mail for her, or no such reason. */
export function openMail(house: House, actor: StaffActor, mail: string, reason: string): Promise<boolean> {
  return house.db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return false
    const row = await tx.row<{ opening: string | null }>(sql`select vault.open_mail(${mail}, ${reason}) as opening`)
    return row?.opening != null
  })
}

export type Decision = Readonly<{ join: number }> | 'separate' | 'junk'
export type DecisionRefusal = 'not-there' | 'sealed' | 'no-such-case'

/** A clerk joins an opened mail to a case of hers, makes it a letter of its own, or marks it as junk. */
export function decide(
  house: House,
  actor: StaffActor,
  mail: string,
  decision: Decision,
): Promise<Readonly<{ done: true }> | Readonly<{ refused: DecisionRefusal }>> {
  return house.db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return { refused: 'not-there' }
    const act =
      decision === 'junk'
        ? sql`mailroom.mark_junk(${mail})`
        : decision === 'separate'
          ? sql`mailroom.decide(${mail}, 'separate')`
          : sql`mailroom.decide(${mail}, 'join', ${decision.join})`
    const row = await tx.row<{ outcome: 'done' | DecisionRefusal }>(sql`select ${act} as outcome`)
    return row?.outcome === 'done' ? { done: true } : { refused: row?.outcome ?? 'not-there' }
  })
}

type HandedMail = {
  subject: SubjectId
  wrapped_key: Buffer
  kek: string
  sealed_reading: Buffer
  ends_at: Temporal.Instant
}
export type OpenedMail = Readonly<{ reading: Reading; until: Temporal.Instant }>

/** What sorting read in a mail that lies open on this desk; undefined while it is sealed. */
export function openedMail(house: House, actor: StaffActor, mail: string): Promise<OpenedMail | undefined> {
  return house.db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return undefined
    const opened = await keyOfMail(tx, house, mail)
    return opened && { reading: readingIn(opened.key, mail, opened.sealed), until: opened.until }
  })
}

type OpenMail = { key: DataKey; sealed: Buffer }

async function keyOfMail(
  tx: Tx,
  { keys }: House,
  mail: string,
): Promise<(OpenMail & { until: Temporal.Instant }) | undefined> {
  const row = await tx.row<HandedMail>(
    sql`select subject, wrapped_key, kek, sealed_reading, ends_at from vault.key_of_mail(${mail})`,
  )
  return (
    row && {
      key: unwrap(keys, row.subject, { wrapped: row.wrapped_key, kek: row.kek }),
      sealed: row.sealed_reading,
      until: row.ends_at,
    }
  )
}

export const readingIn = (key: DataKey, mail: string, sealed: Buffer): Reading =>
  JSON.parse(unseal(key, { table: 'received', column: 'sealed_reading', row: mail }, sealed)) as Reading

/** The original of an opened mail, piece by piece. */
export async function originalOf(
  house: House,
  actor: StaffActor,
  mail: string,
): Promise<AsyncIterable<Buffer> | undefined> {
  const enter = async (tx: Tx) => (await enterStaff(tx, actor)) !== undefined
  const key = await house.db.transaction(async (tx) =>
    (await enter(tx)) ? (await keyOfMail(tx, house, mail))?.key : undefined,
  )
  return key && piecesOf(house, key, mail, enter)
}

/** Reads a mail's sealed pieces, each in a transaction that has entered: memory holds one. */
export async function* piecesOf(
  house: House,
  key: DataKey,
  mail: string,
  enter: (tx: Tx) => Promise<boolean>,
): AsyncGenerator<Buffer> {
  let count = 1
  for (let n = 0; n < count; n++) {
    const row = await house.db.transaction(async (tx) =>
      (await enter(tx))
        ? tx.row<{ sealed: Buffer | null; pieces: number }>(
            sql`select sealed, pieces from mailroom.raw_piece(${mail}, ${n})`,
          )
        : undefined,
    )
    if (!row?.sealed) throw new Error('a piece of a mail is not there')
    count = Math.max(1, row.pieces)
    yield unsealBytes(key, rawPiece(mail, n), row.sealed)
  }
}
