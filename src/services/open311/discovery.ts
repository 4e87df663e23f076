import type { Answer } from './answer.ts'
import type { Open311House } from './house.ts'

/** The last change of what is served under this address, not of the program. */
const changeset = '2026-11-23T00:00:00Z'

/** Where to ask, in which formats, and who gives keys. */
export function discoveryAnswer({ city, publicUrl }: Open311House): Answer {
  const { email, phone } = city.contact
  const endpoint = {
    specification: 'http://wiki.open311.org/GeoReport_v2',
    url: `${publicUrl}/open311/v2`,
    changeset,
    type: 'production',
    formats: { item: 'format', things: ['text/xml', 'application/json'] },
  }
  const inside = {
    changeset,
    contact: `${city.name.en}, ${email}, ${phone}`,
    key_service: `${city.name.en} gives keys to those who ask at ${email}`,
    endpoints: { item: 'endpoint', things: [endpoint] },
  }
  return { root: 'discovery', inside }
}
