import type { City } from '../../city/index.ts'
import type { Keys } from '../../trust/vault/index.ts'
import { areLettersFor, lettersFor } from './unguessable-letters.ts'

/** The domain of the city's mail. */
export const mailDomain = (city: City): string => city.contact.email.split('@', 2)[1] ?? ''

/**
 * Where a person's answer by mail finds her case: `reply+{number}.{16 letters}@{the city's domain}`. The letters are 80 bits
 * under the city's key: who has seen a case number cannot make its address. It is not the receipt's code: it leads
 * words in, and nothing out.
 */
export function replyAddress({ keys, city }: { keys: Keys; city: City }, number: number): string {
  return `reply+${String(number)}.${lettersFor(keys, 'reply-address', String(number))}@${mailDomain(city)}`
}

/** The number of the case whose address this is; undefined for any other address, and for a made-up one. Case does not matter. */
export function readReplyAddress({ keys, city }: { keys: Keys; city: City }, address: string): number | undefined {
  const [, number, given, domain] = /^reply\+(\d{1,12})\.([a-z2-7]{16})@(.+)$/.exec(address.trim().toLowerCase()) ?? []
  if (number === undefined || given === undefined || domain !== mailDomain(city).toLowerCase()) return undefined
  return areLettersFor(keys, 'reply-address', String(Number(number)), given) ? Number(number) : undefined
}
