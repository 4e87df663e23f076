import { createHash, randomUUID } from 'node:crypto'
import { sql, type Language } from '../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../trust/need-to-know/index.ts'
import { newDataKey, seal, type Keys, type SubjectId } from '../../trust/vault/index.ts'
import { addressToken, sealMail } from '../residents/index.ts'
import { childActor, childCodeFrom, codeInGroups, newChildCode, type ChildCode, type RequestId } from './actor.ts'
import { requestLetter } from './request-letter.ts'
import type { ConsentHouse } from './house.ts'
import { bytesOf, keepNotice, type Notice } from './notice.ts'
import type { Band } from './rules.ts'

/** One way to reach a parent, as whoever asks chose it: by e-mail, or by a letter that a clerk posts. */
export type Reach = Readonly<{ email: string; address?: never }> | Readonly<{ address: string; email?: never }>

/**
 * All that is taken of a child before a parent has consented. `token`: the page's own, drawn when it was shown; posted again
 * with the same words it asks nobody again and leads to the same code.
 */
export type Asking = Reach &
  Readonly<{ notice: Notice; band: Band; firstName: string; language: Language; token?: string }>

export type AskRefusal = 'no-address' | 'no-postal' | 'no-name' | 'too-many'
export type Asked = Readonly<{ asked: RequestId; code: ChildCode }> | Readonly<{ refused: AskRefusal }>

/** What is sealed of a request; `guardian` once she answered, so that a clerk can compare it with what she is shown. */
export type RequestWords = Readonly<{ email?: string; address?: string; firstName: string; guardian?: string }>

export const requestAt = (id: RequestId) => ({ table: 'consent.request', column: 'sealed', row: id })

/**
 * A child asks a parent, or a clerk does with the child beside her (`clerk`). A contact and a first name are taken, sealed, used
 * for this letter and its one reminder, and destroyed after the published days without an answer (16 CFR 312.5(c)(1)).
 * Refusals: that is no e-mail address, or no postal one; no name to address the letter; five questions wait for it already.
 */
export async function ask(house: ConsentHouse, asking: Asking, clerk?: StaffActor): Promise<Asked> {
  const firstName = asking.firstName.trim().replace(/\s+/g, ' ').slice(0, 60)
  const reach = readReach(asking)
  if ('refused' in reach) return reach
  if (firstName === '') return { refused: 'no-name' }
  const { id, code, letterCode } = drawn(house.keys, asking, firstName, reach)
  const { key, stored } = newDataKey(house.keys, randomUUID() as SubjectId)
  const { notice, language, band } = asking
  const to =
    reach.address === undefined ? { email: reach.email } : { address: reach.address, code: codeInGroups(letterCode) }
  const letter = (kind: 'first' | 'reminder') => requestLetter(house, { notice, language, to, firstName, kind })
  const now = sealMail(key, 'consent-request', language, letter('first'))
  const later = sealMail(key, 'consent-reminder', language, letter('reminder'))
  const words: RequestWords = { ...reach, firstName }
  const codeHash = hashOfCode(house.keys, code)
  const sealed = seal(key, requestAt(id), JSON.stringify(words))
  const mails = sql`${now.id}, ${now.sealed}, ${later.id}, ${later.sealed}`
  const outcome = await house.db.transaction(async (tx) => {
    if (clerk && !(await enterStaff(tx, clerk))) return undefined
    const hash = await keepNotice(tx, house.keys, notice)
    const common = sql`${id}, ${bytesOf(hash)}, ${band}, ${key.subject}, ${stored.wrapped}, ${stored.kek},
      ${reachToken(house.keys, reach)}, ${sealed}, ${language}, ${codeHash}`
    const row = await tx.row<{ outcome: 'done' | 'again' | 'too-many' | 'not-there' }>(
      reach.address === undefined
        ? sql`select consent.ask(${common}, ${mails}) as outcome`
        : sql`select consent.ask_by_post(${common}, ${letterHash(house.keys, letterCode)}, ${mails}) as outcome`,
    )
    return row?.outcome
  })
  if (outcome === 'too-many') return { refused: 'too-many' }
  if (outcome !== 'done' && outcome !== 'again') throw new Error('asking a parent had no outcome')
  return { asked: id, code }
}

/** What was typed as the way to reach her. A postal address has a street and a place: two lines, or a comma between them. */
function readReach({ email, address }: Reach): Reach | Readonly<{ refused: AskRefusal }> {
  if (address === undefined) {
    const typed = email.trim()
    const isOne = /^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/.test(typed) && typed.length <= 254
    return isOne ? { email: typed } : { refused: 'no-address' }
  }
  const lines = address.split(/\r?\n/).flatMap((line) => line.trim().replace(/\s+/g, ' ') || []) // prettier-ignore
  const typed = lines.join('\n')
  const isOne = typed.length >= 10 && typed.length <= 400 && /[\n,]/.test(typed) && lines.length <= 6
  return isOne ? { address: typed } : { refused: 'no-postal' }
}

/** By this the questions that wait for one contact are counted, and, of an e-mail address, found by whoever has proved it. */
function reachToken(keys: Keys, { email, address }: Reach): Buffer {
  if (address === undefined) return addressToken(keys, email)
  const plain = address.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim() // prettier-ignore
  return keys.mac('resident-address', `by post|${plain}`)
}

const hashOfCode = (keys: Keys, code: ChildCode): Buffer =>
  createHash('sha256').update(childActor(keys, code).secret).digest()

/** What the database keeps of the code in a letter to a parent. */
export const letterHash = (keys: Keys, code: ChildCode): Buffer => keys.mac('child-code', `letter|${code}`)

type Drawn = Readonly<{ id: RequestId; code: ChildCode; letterCode: ChildCode }>

/** The request's identifier and its codes: by chance, or, from a page's token and what was typed on it, always the same. */
function drawn(keys: Keys, { token, notice, band }: Asking, firstName: string, reach: Reach): Drawn {
  if (token === undefined) return { id: randomUUID() as RequestId, code: newChildCode(), letterCode: newChildCode() }
  const typed = [token, notice.thing, band, firstName, (reach.email ?? reach.address).toLowerCase()]
  const from = (what: string) => keys.mac('child-code', JSON.stringify([what, ...typed]))
  return {
    id: uuidFrom(from('request')) as RequestId,
    code: childCodeFrom(from('code')),
    letterCode: childCodeFrom(from('letter')),
  }
}

/** A UUID of version 8 (RFC 9562), which is what its maker says. */
function uuidFrom(bytes: Buffer): string {
  const hex = bytes.subarray(0, 16).toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20)].join('-')
}
