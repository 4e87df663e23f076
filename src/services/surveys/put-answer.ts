import { createHash } from 'node:crypto'
import { sql, type Db } from '../../plumbing/index.ts'
import type { City } from '../../city/index.ts'
import type { Keys } from '../../trust/vault/index.ts'
import { readToken } from '../correspondence/index.ts'
import type { AnswersRefused } from '../forms/index.ts'
import { slipOf } from './answer-of.ts'
import { isSigned } from './signer.ts'
import { readSlipCode, slipHash } from './slip-code.ts'
import type { Survey } from './survey.ts'
import { surveyKey } from './survey-key.ts'

/** What proves that an answer may be there. Never who gives it. */
export type Pass =
  | Readonly<{ kind: 'ticket'; ticket: Buffer; signature: Buffer }>
  | Readonly<{ kind: 'slip'; code: string }>
  | Readonly<{ kind: 'page'; token: string }>

export type PutRefusal = 'closed' | 'no-pass' | 'not-signed' | 'no-such-slip' | 'not-there'
export type Put = Readonly<{ put: 'done' | 'again' }> | AnswersRefused | Readonly<{ refused: PutRefusal }>

type Posted = Readonly<Record<string, unknown>>

/**
 * Puts one answer into the box. It is checked, its free words are masked and sealed, and it goes in with a ticket that was
 * signed blindly, with the code of a printed slip, or, where everybody may answer, with the page's own token, which only
 * tells a repeat. `again`: the same pass brought an answer before, and that one counts. Nothing is written on refusal.
 */
export async function putAnswer(
  house: Readonly<{ db: Db; keys: Keys; city: City }>,
  survey: Survey,
  pass: Pass | undefined,
  posted: Posted,
): Promise<Put> {
  const read = survey.questions.form.read(posted)
  if ('refused' in read) return read
  if (survey.state === 'closed') return { refused: 'closed' }
  const proof = proofOf(house.keys, survey, pass)
  if ('refused' in proof) return proof
  const [stored] = await house.db.once<{ wrapped_key: Buffer; kek: string }>(
    sql`select * from surveys.sealing_key(${survey.id})`,
  )
  if (!stored) return { refused: 'closed' }
  const slip = slipOf(house.city, surveyKey(house.keys, survey.id, stored), survey.id, survey.questions, read)
  const [row] = await house.db.once<{ said: string }>(
    sql`select surveys.put(${survey.id}, ${proof.kind}, ${proof.hash}, ${JSON.stringify(slip)}::jsonb) as said`,
  )
  switch (row?.said) {
    case 'done':
    case 'again':
      return { put: row.said }
    case 'closed':
    case 'no-such-slip':
      return { refused: row.said }
    case 'too-many':
      return { refused: 'not-signed' }
    default:
      return { refused: 'not-there' }
  }
}

type Proof = Readonly<{ kind: 'ticket' | 'slip' | 'open'; hash: Buffer }>

function proofOf(keys: Keys, survey: Survey, pass: Pass | undefined): Proof | Readonly<{ refused: PutRefusal }> {
  if (survey.way === 'open') {
    const token = pass?.kind === 'page' ? readToken(keys, pass.token) : undefined
    return token === undefined ? { refused: 'no-pass' } : { kind: 'open', hash: hashOf(survey, 'page', token) }
  }
  switch (pass?.kind) {
    case 'ticket':
      return survey.publicKey && isSigned(survey.publicKey, pass.ticket, pass.signature)
        ? { kind: 'ticket', hash: hashOf(survey, 'ticket', pass.ticket) }
        : { refused: 'not-signed' }
    case 'slip': {
      const code = readSlipCode(pass.code)
      return code === undefined ? { refused: 'no-such-slip' } : { kind: 'slip', hash: slipHash(survey.id, code) }
    }
    case 'page':
    case undefined:
      return { refused: 'no-pass' }
    default:
      return pass satisfies never
  }
}

const hashOf = ({ id }: Survey, kind: string, pass: string | Buffer) =>
  createHash('sha256').update(`cityhall/${kind}/v1|${id}|`).update(pass).digest()
