import { sha256 } from '../../../plumbing/index.ts'
import type { TokenEndpointResponse, TokenEndpointResponseHelpers } from 'openid-client'
import type { Sealer } from '../sealer.ts'

/** What the provider gave for one session. It stays in the database sealed, and in this process while a request lasts. */
export type Tokens = Readonly<{
  subject: string
  access: string
  /** Milliseconds since 1970 at which the access token runs out, where the provider said so. */
  until?: number
  refresh?: string
  /** The ID token, as the hint at signing out. */
  id: string
}>

type Given = TokenEndpointResponse & TokenEndpointResponseHelpers

/** The tokens of an answer; what a renewal leaves out stays as it was. */
export function tokensOf(given: Given, before?: Tokens): Tokens | undefined {
  const claims = given.claims()
  const subject = before?.subject ?? claims?.sub
  const id = given.id_token ?? before?.id
  if (subject === undefined || id === undefined || (claims && claims.sub !== subject)) return undefined
  const refresh = given.refresh_token ?? before?.refresh
  const seconds = given.expiresIn()
  return {
    subject,
    id,
    access: given.access_token,
    ...(refresh !== undefined && { refresh }),
    ...(seconds !== undefined && { until: Date.now() + seconds * 1000 }),
  }
}

const standing = (secret: Buffer) => ({
  table: 'session',
  column: 'sealed_tokens',
  row: sha256(secret).toString('hex'),
})

export function sealTokens(sealer: Sealer, secret: Buffer, tokens: Tokens): Buffer {
  return sealer.seal(standing(secret), JSON.stringify(tokens))
}

export function unsealTokens(sealer: Sealer, secret: Buffer, sealed: Buffer): Tokens {
  return JSON.parse(sealer.unseal(standing(secret), sealed)) as Tokens
}
