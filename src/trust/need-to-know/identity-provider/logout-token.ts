import type { createRemoteJWKSet, JWTPayload } from 'jose'
import { sha256, sql } from '../../../plumbing/index.ts'
import type { DeskDoor } from '../desk.ts'
import { accountToken, providerSessionToken } from './account.ts'
import { databaseClock, hex, proofOf } from './proof.ts'
import type { Provider } from './provider.ts'

const event = 'http://schemas.openid.net/event/backchannel-logout'
const keySets = new WeakMap<Provider, ReturnType<typeof createRemoteJWKSet>>()

/**
 * The provider says, to this site directly, that somebody was signed out (OpenID Connect Back-Channel Logout 1.0): her
 * sessions end. The token is checked as section 2.6 says: signature, issuer, audience, age, event, no nonce, subject or
 * session, and its number once. False: it is not such a token.
 */
export async function endedByProvider(door: DeskDoor, provider: Provider, token: string): Promise<boolean> {
  const claims = await checked(provider, token)
  if (!claims) return false
  const { sub, sid, jti = '', iss = '' } = claims
  const account = typeof sub === 'string' ? accountToken(provider, iss, sub) : undefined
  const session = typeof sid === 'string' ? providerSessionToken(provider, iss, sid) : undefined
  if (!account && !session) return false
  const [once, at] = [sha256(jti), await databaseClock(door.db)]
  const mac = proofOf(door.signIn.keys.authority, `logout|${hex(account)}|${hex(session)}|${hex(once)}`, at)
  const [row] = await door.db.once<{ ended: number | null }>(sql`select need_to_know.end_provider_sessions(
    ${account ?? null}::bytea, ${session ?? null}::bytea, ${once}, ${at}::bigint, ${mac}) as ended`)
  return row?.ended != null
}

async function checked(provider: Provider, token: string): Promise<JWTPayload | undefined> {
  const { issuer, jwks_uri: keysAt } = (await provider.ready()).serverMetadata()
  if (keysAt === undefined) return undefined
  const { createRemoteJWKSet, customFetch, jwtVerify } = await import('jose')
  const keys =
    keySets.get(provider) ?? createRemoteJWKSet(new URL(keysAt), { timeoutDuration: 5000, [customFetch]: fetch })
  keySets.set(provider, keys)
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience: provider.settings.clientId,
      algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      maxTokenAge: '2 minutes',
      clockTolerance: 30,
      requiredClaims: ['jti', 'iat'],
    })
    const events = payload['events']
    const said = typeof events === 'object' && events !== null && event in events
    return said && payload['nonce'] === undefined ? payload : undefined
  } catch {
    // Anybody can post here; what of it was wrong is nobody's business.
    return undefined
  }
}
