import { createHmac } from 'node:crypto'
import type { Provider } from './provider.ts'

/** The token of an account: issuer and subject, which the provider never gives to somebody else. Never an address. */
export function accountToken({ accountKey }: Provider, issuer: string, subject: string): Buffer {
  return createHmac('sha256', accountKey)
    .update(JSON.stringify(['account', issuer, subject]))
    .digest()
}

/** The token of one session at the provider. */
export function providerSessionToken({ accountKey }: Provider, issuer: string, session: string): Buffer {
  return createHmac('sha256', accountKey)
    .update(JSON.stringify(['session', issuer, session]))
    .digest()
}

export type Claims = Readonly<Record<string, unknown>>

/** A handle out of the name she has at the provider: 2 to 40 of a-z, 0-9, dot and hyphen, a letter first. */
export function handleFrom(claims: Claims): string {
  const name = text(claims['preferred_username']) ?? text(claims['name']) ?? ''
  const plain = (name.split('@')[0] ?? '').normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  const fitted = plain
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[^a-z]+|[.-]+$/g, '')
    .slice(0, 34)
  return fitted.length >= 2 ? fitted : 'staff'
}

/** Her name as colleagues read it. */
export function nameFrom(claims: Claims): string {
  const parts = [text(claims['given_name']), text(claims['family_name'])].filter((part) => part !== undefined)
  const name = text(claims['name']) ?? (parts.length > 0 ? parts.join(' ') : handleFrom(claims))
  return [...name].slice(0, 120).join('').trim()
}

function text(claim: unknown): string | undefined {
  if (typeof claim !== 'string') return undefined
  const clean = claim
    .toWellFormed()
    .replace(/[\u0000-\u001f\u007f]/g, ' ')
    .trim()
    .slice(0, 400)
  return clean === '' ? undefined : clean
}
