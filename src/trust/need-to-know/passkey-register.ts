import type { PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Temporal } from 'temporal-polyfill'
import { sha256, sql, type Db, type Reader } from '../../plumbing/index.ts'
import type { Staff, StaffActor } from './actor.ts'
import { enterStaff } from './enter.ts'
import { issueChallenge, spendChallenge } from './passkey-challenge.ts'
import { parseAnswer } from './passkey-sign-in.ts'
import type { RelyingParty } from './relying-party.ts'

export type Passkey = Readonly<{
  /** base64url */
  id: string
  label: string
  transports: readonly string[]
  addedAt: Temporal.Instant
  usedAt: Temporal.Instant | null
}>

/** What a browser needs to make a passkey for this employee; undefined when too many challenges were asked for. */
export async function passkeyOffer(
  db: Db,
  party: RelyingParty,
  staff: Staff,
  present: readonly Passkey[],
): Promise<PublicKeyCredentialCreationOptionsJSON | undefined> {
  const challenge = await issueChallenge(db, `register|${staff.session}`)
  if (challenge === undefined) return undefined
  const { generateRegistrationOptions } = await import('@simplewebauthn/server')
  return generateRegistrationOptions({
    rpName: party.name,
    rpID: party.id,
    userName: staff.handle,
    userDisplayName: staff.name,
    userID: new Uint8Array(sha256(`${party.id}|${staff.handle}`)),
    challenge: new Uint8Array(challenge),
    attestationType: 'none',
    excludeCredentials: present.map(({ id, transports }) => ({ id, transports: [...transports] })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
}

export type PasskeyAdded =
  Readonly<{ done: true }> | Readonly<{ refused: 'not-verified' | 'known-already' | 'no-session' | 'not-proved' }>

/**
 * Adds a passkey to the acting employee's account, where it answers the challenge that this very session was given and
 * she proved who she is within five minutes (the database asks).
 */
export async function addPasskey(
  db: Db,
  party: RelyingParty,
  actor: StaffActor,
  staff: Staff,
  { answer, label }: { answer: string; label: string },
): Promise<PasskeyAdded> {
  const response = parseAnswer<RegistrationResponseJSON>(answer)
  const credential = response && (await verifyRegistration(db, party, `register|${staff.session}`, response))
  if (credential === undefined) return { refused: 'not-verified' }
  const named = label.trim().slice(0, 60) || 'Passkey'
  try {
    return await db.transaction(async (tx) => {
      if ((await enterStaff(tx, actor)) === undefined) return { refused: 'no-session' }
      const row = await tx.row<{
        added: boolean
      }>(sql`select need_to_know.add_passkey(${Buffer.from(credential.id, 'base64url')},
        ${Buffer.from(credential.publicKey)}, ${credential.counter}::bigint, ${credential.transports ?? []}::text[], ${named}) as added`)
      return row?.added ? { done: true } : { refused: 'not-proved' }
    })
  } catch (fault) {
    if ((fault as { constraint?: string }).constraint === 'passkey_pkey') return { refused: 'known-already' }
    throw fault
  }
}

/** The new credential, where it answers a challenge that we gave out for this purpose; else undefined. */
export async function verifyRegistration(
  db: Db,
  party: RelyingParty,
  purpose: string,
  response: RegistrationResponseJSON,
) {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server')
  try {
    const { registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: (challenge) => spendChallenge(db, purpose, challenge),
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
    })
    return registrationInfo?.credential
  } catch {
    return undefined
  }
}

/** Removes one of the acting employee's own passkeys; false where it is not hers, not there, or she has not just proved who she is. */
export function removePasskey(db: Db, actor: StaffActor, id: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    if ((await enterStaff(tx, actor)) === undefined) return false
    const row = await tx.row<{ removed: boolean }>(
      sql`select need_to_know.remove_passkey(${Buffer.from(id, 'base64url')}) as removed`,
    )
    return row?.removed === true
  })
}

/** The acting employee's passkeys, for her account page; call it after `enterStaff`. */
export async function ownPasskeys(tx: Reader): Promise<Passkey[]> {
  const rows = await tx.rows<Omit<Passkey, 'id'> & { credential_id: Buffer }>(sql`
    select credential_id, label, transports, added_at as "addedAt", used_at as "usedAt" from need_to_know.own_passkeys()`)
  return rows.map(({ credential_id, ...passkey }) => ({ id: credential_id.toString('base64url'), ...passkey }))
}

/** Whether the acting employee proved who she is within five minutes; call it after `enterStaff`. */
export async function isProved(tx: Reader): Promise<boolean> {
  return (await tx.row<{ proved: boolean }>(sql`select need_to_know.proved() as proved`))?.proved === true
}
