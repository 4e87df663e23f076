import { createHash } from 'node:crypto'
import { sql, type Db } from '../../plumbing/index.ts'
import { unsealBytes, type Keys } from '../../trust/vault/index.ts'
import { codeHash, readInvitationCode } from './invitation-code.ts'
import { blindSign, modulusBytes } from './signer.ts'
import { signingKeyAt, surveyKey } from './survey-key.ts'

export type Signed =
  Readonly<{ signature: Buffer }> | Readonly<{ refused: 'not-there' | 'closed' | 'other' | 'traded' | 'unreadable' }>

/**
 * Signs a blinded ticket for whoever holds an invitation: once. The same blinded ticket is signed again, with the same
 * signature, so an answer lost on its way costs nobody her voice. What is signed cannot be recognized later: the browser
 * multiplied it with a random number that never leaves the device. Nothing here is logged, and nothing written tells when.
 */
export async function signTicket(
  { db, keys }: Readonly<{ db: Db; keys: Keys }>,
  survey: string,
  written: string,
  blinded: Buffer,
): Promise<Signed> {
  const code = readInvitationCode(written)
  if (code === undefined) return { refused: 'not-there' }
  if (blinded.length !== modulusBytes) return { refused: 'unreadable' }
  const [stored] = await db.once<{ wrapped_key: Buffer; kek: string; sealed_signing_key: Buffer }>(
    sql`select * from surveys.signing_key(${survey})`,
  )
  if (!stored) return { refused: 'closed' }
  const key = surveyKey(keys, survey, stored)
  // Signed before it is allowed, so that what cannot be signed costs nobody an invitation. It leaves only when allowed.
  const signature = blindSign(unsealBytes(key, signingKeyAt(survey), stored.sealed_signing_key), blinded)
  if (!signature) return { refused: 'unreadable' }
  const [row] = await db.once<{ said: string }>(
    sql`select surveys.sign(${survey}, ${codeHash(survey, code)}, ${createHash('sha256').update(blinded).digest()}) as said`,
  )
  return row?.said === 'sign' ? { signature } : { refused: refusalOf(row?.said) }
}

function refusalOf(said: string | undefined): 'not-there' | 'closed' | 'other' | 'traded' {
  return said === 'closed' || said === 'other' || said === 'traded' ? said : 'not-there'
}
