import type { Clock } from '../../plumbing/index.ts'
import type { City } from '../../city/index.ts'

/** What search engines are asked to leave alone: pages that are one person's, and the desk. Nothing is hidden by this. */
export const robotsTxt = `User-agent: *
${['/desk', '/me', '/receipt', '/es/me', '/es/receipt'].map((path) => `Disallow: ${path}`).join('\n')}
`

/** Whom to tell of a weakness (RFC 9116). It expires a year after it was made: a page that nobody keeps up says so. */
export function securityTxt(city: City, clock: Clock): string {
  const expires = clock
    .now()
    .add({ hours: 365 * 24 })
    .round('second')
  return `Contact: mailto:${city.contact.email}
Expires: ${expires.toString()}
Preferred-Languages: en, es
`
}
