import type { KeyObject } from 'node:crypto'
import * as client from 'openid-client'

export type ProviderSettings = Readonly<{
  issuer: string
  clientId: string
  clientSecret: string
  groupsClaim: string
  /** Passwords and passkeys of this site sign nobody in. */
  only: boolean
  /** Seconds for which an earlier answer holds while the provider cannot be reached. */
  grace: number
  /** Where residents and staff reach this site. */
  publicUrl: string
}>

/** The city's identity provider, found out about when it is first needed: the city's site starts without it. */
export type Provider = Readonly<{
  settings: ProviderSettings
  /** Hashes issuer and subject into the token under which an account is known here. */
  accountKey: KeyObject
  /** Throws what says that it cannot be reached, and then is asked anew. */
  ready(): Promise<client.Configuration>
}>

/** An answer within five seconds, or none: somebody waits for the page behind it. */
const patience = 5

export function openProvider(settings: ProviderSettings, accountKey: KeyObject): Provider {
  let found: Promise<client.Configuration> | undefined
  return {
    settings,
    accountKey,
    ready() {
      found ??= discover(settings).catch((error: unknown) => {
        found = undefined
        throw error
      })
      return found
    },
  }
}

/** Every ID token's signature is checked with the provider's published keys, also of those that came straight from it. */
async function discover({ issuer, clientId, clientSecret }: ProviderSettings): Promise<client.Configuration> {
  // The settings allow plain HTTP to this very machine only; the library marks it to warn of anything else.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const near = issuer.startsWith('http:') ? [client.allowInsecureRequests] : []
  return client.discovery(new URL(issuer), clientId, undefined, client.ClientSecretBasic(clientSecret), {
    timeout: patience,
    execute: [...near, client.enableNonRepudiationChecks],
  })
}

export const returnAddress = ({ publicUrl }: ProviderSettings) => `${publicUrl}/desk/sign-in/city/return`

/** How a call to the provider failed: it said no, or there was no answer that can be relied on. */
export function refusedByProvider(error: unknown): boolean {
  if (error instanceof client.WWWAuthenticateChallengeError) return error.status === 401
  if (error instanceof client.ResponseBodyError) return error.status < 500 && error.error === 'invalid_grant'
  return error instanceof client.ClientError && error.cause instanceof Response && error.cause.status === 401
}
