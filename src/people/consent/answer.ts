import { randomUUID } from 'node:crypto'
import { sql, type Tx } from '../../plumbing/index.ts'
import { newDataKeyWithCustody, seal, unseal, type DataKey, type SubjectId } from '../../trust/vault/index.ts'
import { addChild, enterResident, type ChildId, type GuardianKind, type ResidentActor } from '../residents/index.ts'
import type { ConsentId, RequestId } from './actor.ts'
import { requestAt, type RequestWords } from './ask.ts'
import { bandOn, type Born } from './band.ts'
import { confirm } from './confirm.ts'
import type { ConsentHouse } from './house.ts'
import { bytesOf, readNotice, type KeptNotice, type NoticeHash } from './notice.ts'
import { keysOf, lookAtRequests } from './open.ts'

/** The child, as her guardian names her: one she has on her page already, or a new one. */
export type ChildNamed = Readonly<{ child: ChildId }> | Readonly<{ firstName: string; born: Born; as: GuardianKind }>

export type Answering = Readonly<{
  request: RequestId
  /** The notice that she was shown. */
  notice: NoticeHash
  child: ChildNamed
  /** Her own name, so that a clerk can compare it with what she is shown. Destroyed once that is done. */
  guardian: string
  /** Where the letter that confirms it goes, if she was not asked by e-mail: her own proved address. */
  email?: string
  /** Yes or no to each purpose, none left out. */
  purposes: Readonly<Record<string, boolean>>
}>

export type AnswerRefusal =
  'not-there' | 'changed' | 'incomplete' | 'over' | 'take-back' | 'no-name' | 'of-age' | 'not-born' | 'too-many'
export type Answered =
  | Readonly<{ done: true; child: ChildId; consents: ReadonlyMap<string, ConsentId> }>
  | Readonly<{ declined: true }>
  | Readonly<{ refused: AnswerRefusal }>

class Refused extends Error {
  readonly why: AnswerRefusal
  constructor(why: AnswerRefusal) {
    super('refused')
    this.why = why
  }
}

/**
 * A guardian answers a request that was put to her. Each yes has a key of its own from this moment; it is in force at once
 * where she has shown before who she is, as strongly as the purpose asks, and else once she has. No to something that is
 * needed is no to all: no child is written down and the request's contact is destroyed.
 */
export async function answer(house: ConsentHouse, actor: ResidentActor, answering: Answering): Promise<Answered> {
  if (answering.guardian.trim() === '') return { refused: 'no-name' }
  const openings = await lookAtRequests(house, actor, [answering.request], 'answer')
  try {
    return await house.db.transaction(async (tx): Promise<Answered> => {
      const resident = await enterResident(tx, actor)
      const key = resident && (await keysOf(tx, house, openings)).get(answering.request)
      const notice = await readNotice(tx, answering.notice)
      if (!resident || !key || !notice) throw new Refused('not-there')
      const named = { ...answering, key, notice, language: resident.language }
      return declinesNeeded(named) ? await declineIn(tx, named.request) : await consent(tx, house, named)
    })
  } catch (error) {
    if (error instanceof Refused) return { refused: error.why }
    throw error
  }
}

/** A guardian says no to all of it: she needs no reason, and what was taken to ask her is destroyed at once. */
export async function decline(
  house: Pick<ConsentHouse, 'db'>,
  actor: ResidentActor,
  request: RequestId,
): Promise<Readonly<{ declined: true }> | Readonly<{ refused: 'not-there' }>> {
  try {
    return await house.db.transaction(async (tx) => {
      if (!(await enterResident(tx, actor))) return { refused: 'not-there' }
      await declineIn(tx, request)
      return { declined: true }
    })
  } catch (error) {
    if (error instanceof Refused) return { refused: 'not-there' }
    throw error
  }
}

type Ready = Omit<Answering, 'notice'> & Readonly<{ notice: KeptNotice; key: DataKey; language: 'en' | 'es' }>

const declinesNeeded = ({ notice, purposes }: Ready) =>
  notice.notice.purposes.some(({ id, needed }) => needed && purposes[id] === false)

async function declineIn(tx: Tx, request: RequestId): Promise<Answered> {
  const row = await tx.row<{ outcome: 'done' | 'not-there' }>(sql`select consent.decline(${request}) as outcome`)
  if (row?.outcome !== 'done') throw new Refused('not-there')
  return { declined: true }
}

async function consent(tx: Tx, house: ConsentHouse, ready: Ready): Promise<Answered> {
  const { request, notice, purposes, key } = ready
  const words = await wordsOf(tx, ready)
  const child = await childOf(tx, house, ready)
  const [yes, no] = [true, false].map((wanted) => Object.keys(purposes).filter((one) => purposes[one] === wanted))
  const made = (yes ?? []).map((purpose) => {
    const { key: own, stored } = newDataKeyWithCustody(house.keys, randomUUID() as SubjectId)
    return { purpose, id: randomUUID() as ConsentId, key: own, ...stored }
  })
  const sealed = seal(key, requestAt(request), JSON.stringify({ ...words, guardian: ready.guardian.trim() }))
  const row = await tx.row<{ outcome: 'done' | 'declined' | AnswerRefusal }>(sql`select consent.answer(${request},
    ${bytesOf(notice.hash)}, ${child}, ${yes}::text[], ${no}::text[], ${made.map(({ id }) => id)}::uuid[],
    ${made.map((one) => one.key.subject)}::uuid[], ${made.map(({ wrapped }) => wrapped)}::bytea[],
    ${made.map(({ custody }) => custody)}::bytea[], ${house.keys.current}, ${sealed}) as outcome`)
  if (!row) throw new Error('answering a request had no outcome')
  if (row.outcome !== 'done') {
    if (row.outcome === 'declined') throw new Refused('incomplete')
    throw new Refused(row.outcome)
  }
  const standing = await tx.rows<{ purpose: string; id: ConsentId }>(
    sql`select purpose, id from consent.of_hers() where child = ${child}
      and thing = ${notice.notice.thing} and state in ('given', 'in-force', 'frozen')`,
  )
  const fresh = made.filter(({ id }) => standing.some((one) => one.id === id))
  const email = words.email ?? ready.email
  if (email !== undefined) await confirm(tx, house, { ...ready, ...words, email, made: fresh })
  return { done: true, child, consents: new Map(standing.map(({ purpose, id }) => [purpose, id])) }
}

async function wordsOf(tx: Tx, { request, key }: Ready): Promise<RequestWords> {
  const row = await tx.row<{ sealed: Buffer | null }>(sql`select consent.request_sealed(${request}) as sealed`)
  if (!row?.sealed) throw new Refused('not-there')
  return JSON.parse(unseal(key, requestAt(request), row.sealed)) as RequestWords
}

async function childOf(tx: Tx, house: ConsentHouse, { child: named }: Ready): Promise<ChildId> {
  if ('child' in named) return named.child
  const band = bandOn(house.clock.now().toZonedDateTimeISO(house.city.timeZone).toPlainDate(), named.born)
  if (band === 'adult') throw new Refused('of-age')
  if (band === 'not-born') throw new Refused('not-born')
  const firstName = named.firstName.trim().slice(0, 60)
  if (firstName === '') throw new Refused('no-name')
  const added = await addChild(tx, house.keys, named.as, { firstName, born: named.born.toString() }, band)
  if ('refused' in added) throw new Refused(added.refused)
  return added.child
}
