import * as client from 'openid-client'
import type { DeskDoor } from '../desk.ts'
import { startAttempt, type Attempt } from './attempt.ts'
import { returnAddress, type Provider } from './provider.ts'

export type Begun =
  Readonly<{ browser: Buffer; address: URL }> | Readonly<{ refused: 'unreachable' | 'busy'; error?: unknown }>

/**
 * Begins a sign-in at the city's provider: authorization code with PKCE, state and nonce, bound to this browser. No
 * personal data is in the address. `again`: the provider is to ask for the password even where it still knows her.
 */
export async function beginCitySignIn(
  { db, sealer }: DeskDoor,
  provider: Provider,
  along: Omit<Attempt, 'state' | 'nonce' | 'verifier'>,
): Promise<Begun> {
  let configuration: client.Configuration
  try {
    configuration = await provider.ready()
  } catch (error) {
    return { refused: 'unreachable', error }
  }
  const attempt = {
    ...along,
    state: client.randomState(),
    nonce: client.randomNonce(),
    verifier: client.randomPKCECodeVerifier(),
  }
  const address = client.buildAuthorizationUrl(configuration, {
    redirect_uri: returnAddress(provider.settings),
    scope: scopesOf(configuration, provider),
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
    code_challenge_method: 'S256',
    ...(along.again && { prompt: 'login', max_age: '300' }),
  })
  const browser = await startAttempt(db, sealer, attempt)
  return browser ? { browser, address } : { refused: 'busy' }
}

/** What is asked for: the name, the groups where they are a scope of their own, and a token to ask again. No address. */
function scopesOf(configuration: client.Configuration, { settings }: Provider): string {
  const offered = configuration.serverMetadata().scopes_supported ?? []
  const wanted = [settings.groupsClaim, 'offline_access'].filter((scope) => offered.includes(scope))
  return ['openid', 'profile', ...wanted].join(' ')
}
