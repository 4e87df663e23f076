import { createHash, randomUUID } from 'node:crypto'
import { sql, type Language } from '../../plumbing/index.ts'
import { newDataKey, seal, type SubjectId } from '../../trust/vault/index.ts'
import { addressToken, sealMail } from '../residents/index.ts'
import { childActor, newChildCode, type ChildCode, type RequestId } from './actor.ts'
import { requestLetter } from './request-letter.ts'
import type { ConsentHouse } from './house.ts'
import { bytesOf, keepNotice, type Notice } from './notice.ts'
import type { Band } from './rules.ts'

/** All that is taken of a child before a parent has consented. */
export type Asking = Readonly<{ notice: Notice; band: Band; email: string; firstName: string; language: Language }>

export type Asked =
  Readonly<{ asked: RequestId; code: ChildCode }> | Readonly<{ refused: 'no-address' | 'no-name' | 'too-many' }>

/** What is sealed of a request; `guardian` once she answered, so that a clerk can compare it with what she is shown. */
export type RequestWords = Readonly<{ email?: string; firstName: string; guardian?: string }>

export const requestAt = (id: RequestId) => ({ table: 'consent.request', column: 'sealed', row: id })

/**
 * A child asks a parent. A contact and a first name are taken, sealed, used for this letter and its one reminder, and
 * destroyed after the published days without an answer (16 CFR 312.5(c)(1)). Refusals: that is no e-mail address; no name to
 * address the letter; five questions wait for this address already.
 */
export async function ask(house: ConsentHouse, asking: Asking): Promise<Asked> {
  const email = asking.email.trim()
  const firstName = asking.firstName.trim().replace(/\s+/g, ' ').slice(0, 60)
  if (!/^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/.test(email) || email.length > 254) return { refused: 'no-address' }
  if (firstName === '') return { refused: 'no-name' }
  const id = randomUUID() as RequestId
  const code = newChildCode()
  const { key, stored } = newDataKey(house.keys, randomUUID() as SubjectId)
  const { notice, language, band } = asking
  const letter = (kind: 'first' | 'reminder') => requestLetter(house, { notice, language, email, firstName, kind })
  const now = sealMail(key, 'consent-request', language, letter('first'))
  const later = sealMail(key, 'consent-reminder', language, letter('reminder'))
  const words: RequestWords = { email, firstName }
  const codeHash = createHash('sha256').update(childActor(house.keys, code).secret).digest()
  const outcome = await house.db.transaction(async (tx) => {
    const hash = await keepNotice(tx, house.keys, notice)
    const row = await tx.row<{
      outcome: 'done' | 'too-many' | 'not-there'
    }>(sql`select consent.ask(${id}, ${bytesOf(hash)},
      ${band}, ${key.subject}, ${stored.wrapped}, ${stored.kek}, ${addressToken(house.keys, email)},
      ${seal(key, requestAt(id), JSON.stringify(words))}, ${language}, ${codeHash}, ${now.id}, ${now.sealed}, ${later.id},
      ${later.sealed}) as outcome`)
    return row?.outcome
  })
  if (outcome === 'too-many') return { refused: 'too-many' }
  if (outcome !== 'done') throw new Error('asking a parent had no outcome')
  return { asked: id, code }
}
