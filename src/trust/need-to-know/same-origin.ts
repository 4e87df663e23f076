import type { IncomingHttpHeaders } from 'node:http'

const safeMethods: readonly string[] = ['GET', 'HEAD', 'OPTIONS']

/**
 * Whether a request that changes something was sent by a page of ours. A browser says so in Sec-Fetch-Site, or, over
 * plain HTTP, in Origin; neither can be set by another site's script. A request with neither comes from no browser that
 * would carry a SameSite cookie along, such as an operator's script, and cannot have been forged by a page.
 */
export function isSameOrigin(method: string, headers: IncomingHttpHeaders): boolean {
  if (safeMethods.includes(method)) return true
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin'
  if (headers.origin === undefined) return true
  return URL.canParse(headers.origin) && new URL(headers.origin).host === headers.host
}
