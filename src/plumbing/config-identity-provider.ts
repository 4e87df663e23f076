import { resolve } from 'node:path'
import type { ConfigMistake } from './config.ts'
import type { Parsed, VariableName } from './variables.ts'

/** The city's OpenID provider, and how this site is known there. */
export type IdentityProviderConfig = Readonly<{
  issuer: string
  clientId: string
  /** The file with the client's secret, absolute; nobody else may read it. */
  clientSecretFile: string
  /** The claim in which the provider tells an employee's groups. */
  groupsClaim: string
  /** Passwords and passkeys of this site sign nobody in. */
  only: boolean
  /** Seconds for which an earlier answer holds while the provider cannot be reached. */
  grace: number
}>

type Values = ReadonlyMap<VariableName, Parsed>

const needed = ['CITYHALL_OIDC_CLIENT_ID', 'CITYHALL_OIDC_CLIENT_SECRET_FILE'] as const

export function identityProviderMistakes(values: Values): ConfigMistake[] {
  const asked = values.get('CITYHALL_OIDC_ISSUER') !== undefined
  const says = asked ? 'is not set, but CITYHALL_OIDC_ISSUER is' : 'is set, but CITYHALL_OIDC_ISSUER is not'
  const wrong: VariableName[] = needed.filter((name) => (values.get(name) !== undefined) !== asked)
  if (!asked && values.get('CITYHALL_OIDC_ONLY') === true) wrong.push('CITYHALL_OIDC_ONLY')
  return wrong.map((name) => ({ name, says, allowed: 'set all of them, or none' }))
}

export function identityProviderOf(values: Values, data: string): { identityProvider?: IdentityProviderConfig } {
  const issuer = values.get('CITYHALL_OIDC_ISSUER')
  if (issuer === undefined) return {}
  return {
    identityProvider: {
      issuer: String(issuer),
      clientId: String(values.get('CITYHALL_OIDC_CLIENT_ID')),
      clientSecretFile: resolve(data, String(values.get('CITYHALL_OIDC_CLIENT_SECRET_FILE'))),
      groupsClaim: String(values.get('CITYHALL_OIDC_GROUPS_CLAIM')),
      only: values.get('CITYHALL_OIDC_ONLY') === true,
      grace: Number(values.get('CITYHALL_OIDC_GRACE')),
    },
  }
}
