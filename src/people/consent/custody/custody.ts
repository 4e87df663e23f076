import type { Temporal } from 'temporal-polyfill'
import type { RetentionId, Text } from '../../../city/index.ts'
import { sql, type Db } from '../../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../../trust/need-to-know/index.ts'
import type { SubjectId } from '../../../trust/vault/index.ts'
import type { ConsentId } from '../actor.ts'
import { hashOf, readNotice, type ThingId } from '../notice.ts'
import type { CustodyCopy } from './open-copy.ts'

type House = Readonly<{ db: Db }>

/** What is under custody: for what, since when, until when, whether a hold is on it. Nobody is named. */
export type UnderCustody = Readonly<{
  consent: ConsentId
  number: number
  title: Text
  purpose: Text
  retention: RetentionId
  since: Temporal.PlainDate
  /** From the day after it, it is destroyed; null: the city’s file has no time for it. */
  until: Temporal.PlainDate | null
  destroyedAt: Temporal.Instant | null
  heldBecause: string | null
  heldSince: Temporal.Instant | null
}>

type Row = Omit<UnderCustody, 'title' | 'purpose'> & { thing: ThingId; purpose: string; notice: Buffer }

/** For whoever has the power `custody`; for everybody else nothing is under custody. */
export function listCustody({ db }: House, actor: StaffActor): Promise<readonly UnderCustody[]> {
  return db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return []
    const rows = await tx.rows<Row>(sql`select consent, number, thing, purpose, notice, retention, since, until,
      destroyed_at as "destroyedAt", held_because as "heldBecause", held_since as "heldSince" from consent.under_custody()`)
    const notices = new Map(
      await Promise.all(
        [...new Set(rows.map(({ notice }) => hashOf(notice)))].map(
          async (hash) => [hash, (await readNotice(tx, hash))?.notice] as const,
        ),
      ),
    )
    return rows.map(({ thing, purpose, notice: bytes, ...row }) => {
      const notice = notices.get(hashOf(bytes))
      const title = notice?.title ?? { en: thing, es: thing }
      const its = notice?.purposes.find(({ id }) => id === purpose)?.title ?? { en: purpose, es: purpose }
      return { ...row, title, purpose: its }
    })
  })
}

/** Keeps it from being destroyed while a court, a claim or a records request needs it. The reason is one of her duty’s. */
export const placeHold = (house: House, actor: StaffActor, consent: ConsentId, because: string) =>
  act(house, actor, (id) => sql`select consent.place_hold(${id}, ${because}) as outcome`, consent)

export const liftHold = (house: House, actor: StaffActor, consent: ConsentId, because: string) =>
  act(house, actor, (id) => sql`select consent.lift_hold(${id}, ${because}) as outcome`, consent)

async function act(
  { db }: House,
  actor: StaffActor,
  text: (consent: ConsentId) => ReturnType<typeof sql>,
  consent: ConsentId,
): Promise<'done' | 'held' | 'not-there'> {
  return db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return 'not-there'
    return (await tx.row<{ outcome: 'done' | 'held' | 'not-there' }>(text(consent)))?.outcome ?? 'not-there'
  })
}

/**
 * Hands out what is under custody, for a court order or under the Public Records Act: first the entry, then, once it has
 * committed, the copy as it lies there. It is sealed, and opens with the custody key alone, which is in a safe and not here.
 */
export async function copyCustody(
  { db }: House,
  actor: StaffActor,
  consent: ConsentId,
  because: string,
): Promise<CustodyCopy | undefined> {
  const opening = await db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return undefined
    return (await tx.row<{ id: string | null }>(sql`select consent.open_custody(${consent}, ${because}) as id`))?.id
  })
  if (opening == null) return undefined
  const rows = await db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return []
    return tx.rows<{
      thing: string
      purpose: string
      subject: SubjectId
      custody_key: Buffer
      field: string
      sealed: Buffer
    }>(sql`select thing, purpose, subject, custody_key, field, sealed from consent.custody_copy(${opening})`)
  })
  const [first] = rows
  if (!first) return undefined
  return {
    custody: 1,
    consent,
    thing: first.thing,
    purpose: first.purpose,
    subject: first.subject,
    key: first.custody_key.toString('base64'),
    held: rows.map(({ field, sealed }) => ({ field, sealed: sealed.toString('base64') })),
  }
}
