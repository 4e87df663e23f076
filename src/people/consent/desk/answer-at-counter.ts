import { randomUUID } from 'node:crypto'
import { sql } from '../../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../../trust/need-to-know/index.ts'
import { newDataKeyWithCustody, type SubjectId } from '../../../trust/vault/index.ts'
import { newChild, newResident, type GuardianKind } from '../../residents/index.ts'
import { readChildCode, type RequestId } from '../actor.ts'
import { letterHash } from '../ask.ts'
import { bandOn, type Born } from '../band.ts'
import type { ConsentHouse } from '../house.ts'
import { bytesOf, hashOf, readNotice, type KeptNotice } from '../notice.ts'
import type { Band } from '../rules.ts'

/** The question that belongs to the code of a letter, as it is asked today. */
export type AtCounter = Readonly<{ id: RequestId; number: number; band: Band; kept: KeptNotice }>

/** For a clerk: undefined where the code opens nothing, is answered, or was used on somebody’s own page. */
export async function questionAtCounter(
  { db, keys }: Pick<ConsentHouse, 'db' | 'keys'>,
  actor: StaffActor,
  typed: string,
): Promise<AtCounter | undefined> {
  const code = readChildCode(typed)
  if (!code) return undefined
  return db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return undefined
    const row = await tx.row<{ id: RequestId; number: number; notice: Buffer; band: Band }>(
      sql`select id, number, notice, band from consent.at_counter(${letterHash(keys, code)})`,
    )
    const kept = row && (await readNotice(tx, hashOf(row.notice)))
    return row && kept && { id: row.id, number: row.number, band: row.band, kept }
  })
}

/** What a guardian said at the counter, as the clerk wrote it down. */
export type SaidAtCounter = Readonly<{
  guardian: string
  address: string
  firstName: string
  born: Born
  as: GuardianKind
  purposes: Readonly<Record<string, boolean>>
}>

export type AnsweredAtCounter =
  Readonly<{ done: true }> | Readonly<{ refused: 'not-there' | 'changed' | 'over' | 'of-age' | 'not-born' }>

/**
 * Writes down what a guardian said who brought the code of her letter and showed who she is. She gets no page: how to reach
 * her is the address that she says. What she said yes to is in force at once, with the counter as its proof.
 */
export async function answerAtCounter(
  house: ConsentHouse,
  actor: StaffActor,
  typed: string,
  { kept }: Pick<AtCounter, 'kept'>,
  said: SaidAtCounter,
): Promise<AnsweredAtCounter> {
  const { keys, city, clock } = house
  const code = readChildCode(typed)
  const band = bandOn(clock.now().toZonedDateTimeISO(city.timeZone).toPlainDate(), said.born)
  if (band === 'adult') return { refused: 'of-age' }
  if (band === 'not-born') return { refused: 'not-born' }
  if (!code) return { refused: 'not-there' }
  const guardian = newResident(keys, { name: said.guardian, email: '', address: said.address })
  const child = newChild(keys, { firstName: said.firstName, born: said.born.toString() }, band)
  const [yes, no] = [true, false].map((one) => Object.keys(said.purposes).filter((id) => said.purposes[id] === one))
  const made = (yes ?? []).map(() => {
    const { key, stored } = newDataKeyWithCustody(keys, randomUUID() as SubjectId)
    return { id: randomUUID(), subject: key.subject, ...stored }
  })
  const outcome = await house.db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return 'not-there'
    const row = await tx.row<{ outcome: string | null }>(sql`select consent.answer_at_counter(${letterHash(keys, code)},
      ${bytesOf(kept.hash)}, ${guardian.id}, ${guardian.subject}, ${guardian.wrapped}, ${guardian.sealedContact},
      ${child.id}, ${child.subject}, ${child.wrapped}, ${child.sealedAbout}, ${child.band}, ${child.ofAgeToken}::bytea, ${said.as},
      ${yes}::text[], ${no}::text[], ${made.map(({ id }) => id)}::uuid[], ${made.map(({ subject }) => subject)}::uuid[],
      ${made.map(({ wrapped }) => wrapped)}::bytea[], ${made.map(({ custody }) => custody)}::bytea[], ${keys.current}) as outcome`)
    return row?.outcome ?? 'not-there'
  })
  switch (outcome) {
    case 'done':
      return { done: true }
    case 'changed':
      return { refused: 'changed' }
    case 'over':
    case 'take-back':
      return { refused: 'over' }
    default:
      return { refused: 'not-there' }
  }
}

/** She said no to something that is needed, or to all of it: nobody is written down, and what was taken to ask her is destroyed. */
export function declineAtCounter(
  { db, keys }: Pick<ConsentHouse, 'db' | 'keys'>,
  actor: StaffActor,
  typed: string,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const code = readChildCode(typed)
    if (!code || !(await enterStaff(tx, actor))) return false
    const row = await tx.row<{ done: boolean }>(
      sql`select consent.decline_at_counter(${letterHash(keys, code)}) as done`,
    )
    return row?.done === true
  })
}
