import { createHash, randomUUID } from 'node:crypto'
import { sql, type Tx } from '../../../plumbing/index.ts'
import { newDataKey, seal, unseal, type Keys, type SubjectId } from '../../../trust/vault/index.ts'
import { enterResident, type ChildId, type ResidentActor } from '../../residents/index.ts'
import { childActor, newChildCode, readChildCode, type ChildCode, type ConsentId, type RequestId } from '../actor.ts'
import { letterHash, requestAt, type RequestWords } from '../ask.ts'
import type { ConsentHouse } from '../house.ts'
import { bytesOf, type NoticeHash } from '../notice.ts'
import { keysOf, lookAtRequests } from '../open.ts'

type NotThere = Readonly<{ refused: 'not-there' }>
const notThere: NotThere = { refused: 'not-there' }

/**
 * A guardian, or the person herself, wants to say yes again: to what she took back, what ran out, what she had said no to, or
 * what a new notice asks. It is a request like any other, put to her by herself. `words`: the child's first name and her own
 * address, from her open page.
 */
export async function askSelf(
  house: Pick<ConsentHouse, 'db' | 'keys'>,
  actor: ResidentActor,
  asked: Readonly<{ child: ChildId; notice: NoticeHash; words: RequestWords }>,
): Promise<Readonly<{ asked: RequestId; code: ChildCode }> | NotThere> {
  const id = randomUUID() as RequestId
  const code = newChildCode()
  const { key, stored } = newDataKey(house.keys, randomUUID() as SubjectId)
  const codeHash = createHash('sha256').update(childActor(house.keys, code).secret).digest()
  const row = await house.db.transaction(async (tx) => {
    if (!(await enterResident(tx, actor))) return undefined
    return tx.row<{
      outcome: 'done' | 'not-there'
    }>(sql`select consent.ask_self(${id}, ${bytesOf(asked.notice)}, ${asked.child},
      ${key.subject}, ${stored.wrapped}, ${stored.kek}, ${seal(key, requestAt(id), JSON.stringify(asked.words))},
      ${codeHash}) as outcome`)
  })
  return row?.outcome === 'done' ? { asked: id, code } : notThere
}

/** The sealed words of a request that was put to her: a look, in the ledger first. */
export async function readRequest(
  house: Pick<ConsentHouse, 'db' | 'keys'>,
  actor: ResidentActor,
  request: RequestId,
): Promise<RequestWords | undefined> {
  const openings = await lookAtRequests(house, actor, [request], 'answer')
  if (openings.ids.length === 0) return undefined
  return house.db.transaction(async (tx) => {
    if (!(await enterResident(tx, actor))) return undefined
    const key = (await keysOf(tx, house, openings)).get(request)
    const row = await tx.row<{ sealed: Buffer | null }>(sql`select consent.request_sealed(${request}) as sealed`)
    return key && row?.sealed ? (JSON.parse(unseal(key, requestAt(request), row.sealed)) as RequestWords) : undefined
  })
}

export const letterAt = (id: string) => ({ table: 'consent.letter', column: 'sealed_address', row: id })

/** Asks for a letter with a code to the address where she lives. It is sealed under the request's key and goes with it. */
export async function askLetter(
  house: Pick<ConsentHouse, 'db' | 'keys'>,
  actor: ResidentActor,
  request: RequestId,
  address: string,
): Promise<Readonly<{ done: true }> | Readonly<{ refused: 'not-there' | 'too-many' | 'no-address' }>> {
  const lines = address.trim().slice(0, 400)
  if (lines.length < 8) return { refused: 'no-address' }
  const openings = await lookAtRequests(house, actor, [request], 'letter')
  const id = randomUUID()
  return house.db.transaction(async (tx) => {
    if (!(await enterResident(tx, actor))) return notThere
    const key = (await keysOf(tx, house, openings)).get(request)
    if (!key) return notThere
    const sealed = seal(key, letterAt(id), lines)
    const row = await tx.row<{ outcome: 'done' | 'not-there' | 'too-many' }>(
      sql`select consent.ask_letter(${request}, ${id}, ${sealed}) as outcome`,
    )
    return row?.outcome === 'done' ? { done: true } : { refused: row?.outcome ?? 'not-there' }
  })
}

/** What the database keeps of a code that goes out by post. */
export const postCodeHash = (keys: Keys, request: RequestId, code: string): Buffer =>
  keys.mac('child-code', `post|${request}|${code}`)

/** The eight digits of the letter. Five tries a letter; the try is counted before it is checked. */
export async function useLetter(
  house: Pick<ConsentHouse, 'db' | 'keys'>,
  actor: ResidentActor,
  request: RequestId,
  typed: string,
): Promise<Readonly<{ done: true }> | Readonly<{ refused: 'not-there' | 'wrong' | 'over' }>> {
  const code = typed.replace(/\D/g, '')
  return house.db.transaction(async (tx) => {
    if (!(await enterResident(tx, actor))) return notThere
    const row = await tx.row<{ outcome: 'done' | 'wrong' | 'over' | 'not-there' }>(
      sql`select consent.use_letter(${request}, ${postCodeHash(house.keys, request, code)}) as outcome`,
    )
    return row?.outcome === 'done' ? { done: true } : { refused: row?.outcome ?? 'not-there' }
  })
}

/** The code of a letter to a parent: from now on the question is put to her. Undefined: it opens nothing, or no longer. */
export async function claim(
  house: Pick<ConsentHouse, 'db' | 'keys'>,
  actor: ResidentActor,
  typed: string,
): Promise<RequestId | undefined> {
  const code = readChildCode(typed)
  if (!code) return undefined
  return house.db.transaction(async (tx) => {
    if (!(await enterResident(tx, actor))) return undefined
    const row = await tx.row<{ id: RequestId | null }>(sql`select consent.claim(${letterHash(house.keys, code)}) as id`)
    return row?.id ?? undefined
  })
}

/** A request that waits while its notice has changed is put to her anew, as the newest one says. */
export async function renewRequest(tx: Tx, request: RequestId): Promise<void> {
  await tx.rows(sql`select consent.renew_request(${request})`)
}

/** Somebody who came of age says that a consent which passed to her stands. */
export async function confirmOwn(
  house: Pick<ConsentHouse, 'db'>,
  actor: ResidentActor,
  consent: ConsentId,
): Promise<boolean> {
  return house.db.transaction(async (tx) => {
    if (!(await enterResident(tx, actor))) return false
    return (await tx.row<{ outcome: string }>(sql`select consent.confirm(${consent}) as outcome`))?.outcome === 'done'
  })
}
