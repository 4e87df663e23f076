import * as client from 'openid-client'
import { sha256, sql, type Db, type Reader } from '../../../plumbing/index.ts'
import type { DeskDoor } from '../desk.ts'
import { dutiesOfGroups, groupsIn } from './groups.ts'
import { hex, proofOf } from './proof.ts'
import { refusedByProvider, type Provider } from './provider.ts'
import { sealTokens, tokensOf, unsealTokens, type Tokens } from './tokens.ts'

/** `other`: no session of the provider's. `confirmed`: her duties are now what her groups say. */
export type Asked = 'other' | 'confirmed' | 'ended' | 'unreachable'

type Held = Readonly<{ id: string; sealed: Buffer; age: number; clock: string }>
type Told = Readonly<{ groups: readonly string[]; renewed?: Tokens }>

/**
 * Asks the provider, at every request, what the holder of this session is now, and makes her duties exactly that before
 * anything is read in her name: who left a group has lost its sight at her next request, in the database. Without an
 * answer the desk stays shut, unless the settings allow an earlier answer to hold for some seconds.
 */
export async function askProvider(door: DeskDoor, provider: Provider, secret: Buffer): Promise<Asked> {
  const held = await heldBy(door.db.once.bind(door.db), secret)
  if (!held) return 'other'
  const tokens = unsealTokens(door.sealer, secret, held.sealed)
  try {
    const configuration = await provider.ready()
    const told = runsOut(tokens) ? undefined : await currentGroups(configuration, provider, tokens)
    if (told === undefined) return await renew(door, provider, secret, tokens)
    return (await confirm(door, door.db.once.bind(door.db), secret, held, { groups: told })) ? 'confirmed' : 'ended'
  } catch (error) {
    if (refusedByProvider(error)) return 'ended'
    return held.age <= provider.settings.grace ? 'confirmed' : 'unreachable'
  }
}

const runsOut = ({ until }: Tokens) => until !== undefined && until < Date.now() + 5000

/** What the provider says of her at this moment; undefined where it wants a newer token, or tells groups in ID tokens only. */
async function currentGroups(
  configuration: client.Configuration,
  { settings }: Provider,
  tokens: Tokens,
): Promise<readonly string[] | undefined> {
  try {
    const told = await client.fetchUserInfo(configuration, tokens.access, tokens.subject)
    return groupsIn(told, settings.groupsClaim) ?? (tokens.refresh === undefined ? [] : undefined)
  } catch (error) {
    if (refusedByProvider(error) && tokens.refresh !== undefined) return undefined
    throw error
  }
}

/**
 * Renews the tokens, one request of a session at a time: a refresh token that is used twice looks stolen to a provider.
 * A crash between the renewal and the commit loses the new token; she then signs in again.
 */
async function renew(door: DeskDoor, provider: Provider, secret: Buffer, before: Tokens): Promise<Asked> {
  return door.db.transaction(async (tx) => {
    await tx.rows(sql`select pg_advisory_xact_lock(${sha256(secret).readInt32BE()})`)
    const ask = tx.rows.bind(tx)
    const held = await heldBy(ask, secret)
    if (!held) return 'ended'
    const stored = unsealTokens(door.sealer, secret, held.sealed)
    const told = await renewed(provider, stored, stored.access !== before.access)
    return (await confirm(door, ask, secret, held, told)) ? 'confirmed' : 'ended'
  })
}

/** `already`: another request of hers has just renewed them. */
async function renewed(provider: Provider, tokens: Tokens, already: boolean): Promise<Told> {
  const { groupsClaim } = provider.settings
  const configuration = await provider.ready()
  if (already) {
    const groups = await currentGroups(configuration, provider, tokens)
    if (groups) return { groups }
  }
  if (tokens.refresh === undefined) throw new Error('the provider gave no token to ask again with')
  const given = await client.refreshTokenGrant(configuration, tokens.refresh)
  const next = tokensOf(given, tokens)
  if (!next) throw new Error('the provider renewed the tokens of somebody else')
  const told = await client.fetchUserInfo(configuration, next.access, next.subject)
  return { groups: groupsIn(told, groupsClaim) ?? groupsIn(given.claims() ?? {}, groupsClaim) ?? [], renewed: next }
}

async function heldBy(ask: Reader['rows'] | Db['once'], secret: Buffer): Promise<Held | undefined> {
  const [row] = await ask<Held>(
    sql`select id, sealed, age, clock::text from need_to_know.city_session(${secret}::bytea)`,
  )
  return row
}

async function confirm(
  { city, sealer, signIn }: DeskDoor,
  ask: Reader['rows'] | Db['once'],
  secret: Buffer,
  { clock }: Held,
  { groups, renewed }: Told,
): Promise<boolean> {
  const duties = dutiesOfGroups(city, groups)
  const sealed = renewed && sealTokens(sealer, secret, renewed)
  const said = ['duties', hex(sha256(secret)), duties.join(','), hex(sealed && sha256(sealed))].join('|')
  const [row] = await ask<{ good: boolean }>(sql`select need_to_know.confirm_duties(${secret}::bytea,
    ${duties}::text[], ${sealed ?? null}::bytea, ${clock}::bigint, ${proofOf(signIn.keys.authority, said, clock)}) as good`)
  return row?.good === true
}
