import type { KeyObject } from 'node:crypto'
import type { AuthenticationResponseJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server'
import { sql, type Db } from '../../plumbing/index.ts'
import { issueChallenge, spendChallenge } from './passkey-challenge.ts'
import type { RelyingParty } from './relying-party.ts'
import { startSession, type SessionStarted } from './session.ts'

export type CredentialMaterial = { public_key: Buffer; counter: number; transports: string[] }
type Material = CredentialMaterial & { employee: number }

/** What a browser needs to ask for any passkey of this site: no name is typed, so none can be tried. */
export async function passkeyQuestion(
  db: Db,
  party: RelyingParty,
  purpose = 'sign-in',
): Promise<PublicKeyCredentialRequestOptionsJSON | undefined> {
  const challenge = await issueChallenge(db, purpose)
  if (challenge === undefined) return undefined
  const { generateAuthenticationOptions } = await import('@simplewebauthn/server')
  return generateAuthenticationOptions({
    rpID: party.id,
    challenge: new Uint8Array(challenge),
    userVerification: 'required',
  })
}

/**
 * Signs in with a passkey: a challenge of ours, not yet used, signed by a credential that an employee registered, with
 * the device's own check of who holds it. All else is 'no-match'.
 */
export async function signInWithPasskey(
  db: Db,
  party: RelyingParty,
  authority: KeyObject,
  answer: string,
): Promise<SessionStarted | Readonly<{ refused: 'no-match' }>> {
  const response = parseAnswer<AuthenticationResponseJSON>(answer)
  if (response === undefined) return { refused: 'no-match' }
  const credential = Buffer.from(response.id, 'base64url')
  const [known] = await db.once<Material>(sql`select * from need_to_know.passkey_material(${credential})`)
  if (known === undefined) return { refused: 'no-match' }
  const counter = await verifyAssertion(db, party, 'sign-in', response, known)
  if (counter === undefined) return { refused: 'no-match' }
  await db.once(sql`select need_to_know.note_passkey_use(${credential}, ${counter}::bigint)`)
  return (await startSession(db, authority, known.employee, 'passkey')) ?? { refused: 'no-match' }
}

/** The credential's new counter, where it signed a challenge that we gave out for this purpose; else undefined. */
export async function verifyAssertion(
  db: Db,
  party: RelyingParty,
  purpose: string,
  response: AuthenticationResponseJSON,
  known: CredentialMaterial,
): Promise<number | undefined> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server')
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: (challenge) => spendChallenge(db, purpose, challenge),
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      credential: {
        id: response.id,
        publicKey: new Uint8Array(known.public_key),
        counter: known.counter,
        transports: known.transports,
      },
    })
    return verified ? authenticationInfo.newCounter : undefined
  } catch {
    // The library throws on whatever a stranger may send; which of it was wrong is nobody's business.
    return undefined
  }
}

/** A browser's answer as it was posted, if it has the outline of one. What it claims is checked by the library. */
export function parseAnswer<Answer extends { id: string }>(posted: string): Answer | undefined {
  if (posted.length > 20_000) return undefined
  try {
    const answer: unknown = JSON.parse(posted)
    const id = typeof answer === 'object' && answer !== null && 'id' in answer ? answer.id : undefined
    return typeof id === 'string' && /^[\w-]{1,1400}$/.test(id) ? (answer as Answer) : undefined
  } catch {
    return undefined
  }
}
