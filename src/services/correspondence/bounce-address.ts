import { sql, type Db } from '../../plumbing/index.ts'
import type { City } from '../../city/index.ts'
import type { Keys } from '../../trust/vault/index.ts'
import { mailDomain } from './reply-address.ts'
import { areLettersFor, lettersFor } from './unguessable-letters.ts'

/**
 * The envelope's sender of one mail: `bounce+{mail}.{16 letters}@{the city's domain}`, 60 characters before the at sign
 * (RFC 5321 allows 64). A server that cannot deliver writes there, and the mail it means is known without reading what it
 * says. The letters are 80 bits under the city's key: nobody can tell of a failure that was none.
 */
export function bounceAddress({ keys, city }: { keys: Keys; city: City }, mailId: string): string {
  return `bounce+${mailId}.${lettersFor(keys, 'bounce-address', mailId)}@${mailDomain(city)}`
}

/** The mail whose address this is; undefined for any other address, and for a made-up one. Case does not matter. */
export function readBounceAddress({ keys, city }: { keys: Keys; city: City }, address: string): string | undefined {
  const [, mail, given, domain] =
    /^bounce\+([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([a-z2-7]{16})@(.+)$/.exec(address.trim().toLowerCase()) ??
    []
  if (mail === undefined || given === undefined || domain !== mailDomain(city).toLowerCase()) return undefined
  return areLettersFor(keys, 'bounce-address', mail, given) ? mail : undefined
}

/**
 * Writes down that a mail came back for good, on its case and in the ledger. `code` is the report's status (`5.1.1`), never
 * its words. Call it for the address the report came to (`readBounceAddress`), and not for a report of mere delay.
 * False where there is no such mail under way, or it was told before.
 */
export async function recordBounce(keeper: Db, mailId: string, code: string): Promise<boolean> {
  const [row] = await keeper.once<{ told: boolean }>(
    sql`select correspondence.bounce_mail(${mailId}, ${code.slice(0, 40)}) as told`,
  )
  return row?.told === true
}
