import { isIP } from 'node:net'

/** The site that passkeys are bound to. */
export type RelyingParty = Readonly<{ id: string; origin: string; name: string }>

/**
 * From PUBLIC_URL. Undefined where browsers allow no passkey: an address of numbers, or plain HTTP on a name that is not
 * this machine's. A developer's 127.0.0.1 has its passkeys under `localhost`.
 */
export function relyingParty(publicUrl: string, name: string): RelyingParty | undefined {
  const url = new URL(publicUrl)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (host === '127.0.0.1' || host === '::1') return { id: 'localhost', origin: withHost(url, 'localhost'), name }
  if (isIP(host) !== 0) return undefined
  const local = host === 'localhost' || host.endsWith('.localhost')
  return url.protocol === 'https:' || local ? { id: host, origin: url.origin, name } : undefined
}

function withHost(url: URL, host: string): string {
  return `${url.protocol}//${host}${url.port && `:${url.port}`}`
}
