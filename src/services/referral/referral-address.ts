import type { City } from '../../city/index.ts'
import type { Keys } from '../../trust/vault/index.ts'
import { areLettersFor, lettersFor, mailDomain } from '../correspondence/index.ts'

type Ground = Readonly<{ keys: Keys; city: City }>

/**
 * Where an agency's answer finds the referral: `referral+{id}.{16 letters}@{the city's domain}`. Only that agency was ever
 * told it, and nobody can make it: 80 bits under the city's key.
 */
export function referralAddress({ keys, city }: Ground, id: string): string {
  return `referral+${id}.${lettersFor(keys, 'referral-address', id)}@${mailDomain(city)}`
}

/** The referral whose address this is; undefined for any other address, and for a made-up one. Case does not matter. */
export function readReferralAddress({ keys, city }: Ground, address: string): string | undefined {
  const [, id, given, domain] =
    /^referral\+([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([a-z2-7]{16})@(.+)$/.exec(
      address.trim().toLowerCase(),
    ) ?? []
  if (id === undefined || given === undefined || domain !== mailDomain(city).toLowerCase()) return undefined
  return areLettersFor(keys, 'referral-address', id, given) ? id : undefined
}
