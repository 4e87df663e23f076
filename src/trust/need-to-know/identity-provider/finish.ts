import { randomBytes } from 'node:crypto'
import * as client from 'openid-client'
import { sha256, sql } from '../../../plumbing/index.ts'
import type { DeskDoor } from '../desk.ts'
import { accountToken, handleFrom, nameFrom, providerSessionToken, type Claims } from './account.ts'
import type { Attempt } from './attempt.ts'
import { dutiesOfGroups, groupsIn } from './groups.ts'
import { databaseClock, hex, proofOf } from './proof.ts'
import { returnAddress, type Provider } from './provider.ts'
import { sealTokens, tokensOf, type Tokens } from './tokens.ts'

export type NotFinished = 'refused-there' | 'late' | 'unreachable' | 'not-checked' | 'no-group'
export type Finished = Readonly<{ secret: Buffer }> | Readonly<{ refused: NotFinished; error?: unknown }>

type Vouched = Readonly<{ issuer: string; claims: Claims; tokens: Tokens; typedAt: number; session?: string }>

/**
 * Finishes what `beginCitySignIn` began. The library checks state, issuer, audience, nonce, expiry, signature and at_hash.
 * The employee is found by issuer and subject; somebody new becomes one where a group of hers has a duty.
 */
export async function finishCitySignIn(
  door: DeskDoor,
  provider: Provider,
  attempt: Attempt,
  search: string,
): Promise<Finished> {
  const vouched = await vouchedFor(provider, attempt, search)
  return 'refused' in vouched ? vouched : admit(door, provider, vouched)
}

/** What the provider says of whoever came back from it. */
export async function vouchedFor(
  provider: Provider,
  attempt: Attempt,
  search: string,
): Promise<Vouched | Readonly<{ refused: Exclude<NotFinished, 'no-group'>; error?: unknown }>> {
  try {
    const configuration = await provider.ready()
    const given = await client.authorizationCodeGrant(
      configuration,
      new URL(returnAddress(provider.settings) + search),
      {
        expectedState: attempt.state,
        expectedNonce: attempt.nonce,
        pkceCodeVerifier: attempt.verifier,
        idTokenExpected: true,
        ...(attempt.again && { maxAge: 300 }),
      },
    )
    const tokens = tokensOf(given)
    const own = given.claims()
    if (!tokens || !own) return { refused: 'not-checked' }
    const told = await client.fetchUserInfo(configuration, tokens.access, tokens.subject)
    return {
      issuer: own.iss,
      claims: { ...own, ...told },
      tokens,
      typedAt: own.auth_time ?? 0,
      ...(typeof own['sid'] === 'string' && { session: own['sid'] }),
    }
  } catch (error) {
    return { refused: whyNot(error), error }
  }
}

function whyNot(error: unknown): Exclude<NotFinished, 'no-group'> {
  if (error instanceof client.AuthorizationResponseError) return 'refused-there'
  if (error instanceof client.ResponseBodyError) return error.error === 'invalid_grant' ? 'late' : 'not-checked'
  // What fetch throws where there is no connection.
  if (error instanceof TypeError && error.cause !== undefined) return 'unreachable'
  if (!(error instanceof client.ClientError)) return 'not-checked'
  const { code, cause } = error
  const failing = cause instanceof Response && cause.status >= 500
  return code === 'OAUTH_TIMEOUT' || failing ? 'unreachable' : 'not-checked'
}

async function admit(door: DeskDoor, provider: Provider, vouched: Vouched): Promise<Finished> {
  const { db, city, sealer, signIn } = door
  const { claims, issuer, tokens, typedAt } = vouched
  const authority = signIn.keys.authority
  const account = accountToken(provider, issuer, tokens.subject)
  const duties = dutiesOfGroups(city, groupsIn(claims, provider.settings.groupsClaim) ?? [])
  const [handle, name, at] = [handleFrom(claims), nameFrom(claims), await databaseClock(db)]
  const mac = proofOf(authority, `account|${hex(account)}|${handle}|${name}|${duties.join(',')}`, at)
  const [found] = await db.once<{
    employee: number | null
  }>(sql`select need_to_know.admit_account(${account}, ${handle},
    ${name}, ${duties}::text[], ${at}::bigint, ${mac}) as employee`)
  if (found?.employee == null) return { refused: 'no-group' }

  const secret = randomBytes(32)
  const [hash, sealed] = [sha256(secret), sealTokens(sealer, secret, tokens)]
  const session = vouched.session === undefined ? undefined : providerSessionToken(provider, issuer, vouched.session)
  const said = ['city-session', hex(account), hex(session), hex(hash), hex(sha256(sealed)), String(typedAt)].join('|')
  const [row] = await db.once<{ started: string | null }>(sql`select need_to_know.start_city_session(${account},
    ${session ?? null}::bytea, ${hash}, ${sealed}, ${typedAt}::bigint, ${at}::bigint, ${proofOf(authority, said, at)}) as started`)
  return row?.started == null ? { refused: 'no-group' } : { secret }
}
