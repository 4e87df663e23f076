import { createHash, randomBytes } from 'node:crypto'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import type { Temporal } from 'temporal-polyfill'
import { sql, type Db, type Reader } from '../../../plumbing/index.ts'
import {
  databaseClock,
  issueChallenge,
  parseAnswer,
  passkeyQuestion,
  proofOf,
  verifyAssertion,
  verifyRegistration,
  type CredentialMaterial,
  type RelyingParty,
} from '../../../trust/need-to-know/index.ts'
import type { Keys } from '../../../trust/vault/index.ts'
import type { Resident, ResidentActor, ResidentId } from '../actor.ts'
import { enterResident } from '../enter.ts'
import { authorityOf } from './ask-code.ts'

/** What a passkey was made on: her own words for it would name her in every dump. */
export const devices = ['phone', 'computer', 'key', 'other'] as const
export type Device = (typeof devices)[number]

export type Passkey = Readonly<{
  /** base64url */
  id: string
  device: Device
  transports: readonly string[]
  addedAt: Temporal.Instant
  usedAt: Temporal.Instant | null
}>

/** An employee's passkey answers another question than a resident's, and neither is good for the other. */
const asking = 'resident-sign-in'
export const residentQuestion = (db: Db, party: RelyingParty) => passkeyQuestion(db, party, asking)

/** Signs in with a passkey that a resident registered, on a challenge of ours that was not used yet. All else is 'no-match'. */
export async function signInWithPasskey(
  { db, keys }: Readonly<{ db: Db; keys: Keys }>,
  party: RelyingParty,
  posted: string,
): Promise<Readonly<{ actor: ResidentActor }> | Readonly<{ refused: 'no-match' }>> {
  const response = parseAnswer<AuthenticationResponseJSON>(posted)
  if (!response) return { refused: 'no-match' }
  const credential = Buffer.from(response.id, 'base64url')
  const [known] = await db.once<CredentialMaterial & { resident: ResidentId }>(
    sql`select * from residents.passkey_material(${credential})`,
  )
  const counter = known && (await verifyAssertion(db, party, asking, response, known))
  if (!known || counter === undefined) return { refused: 'no-match' }
  await db.once(sql`select residents.note_passkey_use(${credential}, ${counter}::bigint)`)
  const secret = randomBytes(32)
  const hash = createHash('sha256').update(secret).digest()
  const at = await databaseClock(db)
  const mac = proofOf(authorityOf(keys), `resident|${known.resident}|${hash.toString('hex')}`, at)
  const [row] = await db.once<{ started: boolean | null }>(
    sql`select residents.start_session(${known.resident}, ${hash}, ${at}::bigint, ${mac}) as started`,
  )
  return row?.started ? { actor: { kind: 'resident', secret } } : { refused: 'no-match' }
}

/** What a browser needs to make a passkey for her; it keeps `shown` beside it. Undefined: too many challenges were asked for. */
export async function passkeyOffer(
  db: Db,
  party: RelyingParty,
  resident: Resident,
  shown: string,
  present: readonly Passkey[],
): Promise<PublicKeyCredentialCreationOptionsJSON | undefined> {
  const challenge = await issueChallenge(db, registering(resident))
  if (!challenge) return undefined
  const { generateRegistrationOptions } = await import('@simplewebauthn/server')
  return generateRegistrationOptions({
    rpName: party.name,
    rpID: party.id,
    userName: shown,
    userDisplayName: shown,
    userID: new Uint8Array(createHash('sha256').update(`${party.id}|${resident.id}`).digest()),
    challenge: new Uint8Array(challenge),
    attestationType: 'none',
    excludeCredentials: present.map(({ id, transports }) => ({ id, transports: [...transports] })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
}

export type PasskeyAdded =
  Readonly<{ done: true }> | Readonly<{ refused: 'not-verified' | 'known-already' | 'not-fresh' | 'too-many' }>

/** Adds a passkey, where it answers the challenge of this very session and she signed in within ten minutes. */
export async function addPasskey(
  db: Db,
  party: RelyingParty,
  actor: ResidentActor,
  resident: Resident,
  { answer, device }: Readonly<{ answer: string; device: string }>,
): Promise<PasskeyAdded> {
  const response = parseAnswer<RegistrationResponseJSON>(answer)
  const credential = response && (await verifyRegistration(db, party, registering(resident), response))
  if (!credential) return { refused: 'not-verified' }
  const [id, key] = [Buffer.from(credential.id, 'base64url'), Buffer.from(credential.publicKey)]
  try {
    return await db.transaction(async (tx) => {
      await enterResident(tx, actor)
      const row = await tx.row<{ refused: 'not-fresh' | 'too-many' | null }>(
        sql`select residents.add_passkey(${id}, ${key}, ${credential.counter}::bigint,
          ${credential.transports ?? []}::text[], ${devices.find((known) => known === device) ?? 'other'}) as refused`,
      )
      return row?.refused ? { refused: row.refused } : { done: true }
    })
  } catch (fault) {
    if ((fault as { constraint?: string }).constraint === 'passkey_pkey') return { refused: 'known-already' }
    throw fault
  }
}

/** False where it is not hers, not there, or she did not just sign in. */
export function removePasskey(db: Db, actor: ResidentActor, id: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    await enterResident(tx, actor)
    const gone = sql`select residents.remove_passkey(${Buffer.from(id, 'base64url')}) as gone`
    return (await tx.row<{ gone: boolean }>(gone))?.gone === true
  })
}

/** The acting resident's passkeys; call it after `enterResident`. */
export async function ownPasskeys(tx: Reader): Promise<Passkey[]> {
  const rows = await tx.rows<
    Omit<Passkey, 'id'> & { credential_id: Buffer }
  >(sql`select credential_id, label as device, transports,
    added_at as "addedAt", used_at as "usedAt" from residents.own_passkeys()`)
  return rows.map(({ credential_id, ...passkey }) => ({ id: credential_id.toString('base64url'), ...passkey }))
}

const registering = (resident: Resident) => `resident-register|${resident.session}`
