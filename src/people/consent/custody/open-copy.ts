import type { KeyObject } from 'node:crypto'
import { unseal, unwrapFromCustody, type SubjectId } from '../../../trust/vault/index.ts'
import type { ConsentId } from '../actor.ts'
import { heldAt } from '../held.ts'

/** What the desk hands out of custody: sealed values, and their key as it was wrapped for custody. */
export type CustodyCopy = Readonly<{
  custody: 1
  consent: ConsentId
  thing: string
  purpose: string
  subject: SubjectId
  key: string
  held: readonly Readonly<{ field: string; sealed: string }>[]
}>

/** A file that may be such a copy; undefined where it is none. */
export function readCustodyCopy(text: string): CustodyCopy | undefined {
  try {
    const read = JSON.parse(text) as Partial<CustodyCopy> | null
    return read?.custody === 1 && typeof read.key === 'string' && Array.isArray(read.held)
      ? (read as CustodyCopy)
      : undefined
  } catch {
    return undefined
  }
}

/** Opens a copy with the private custody key, wherever that key is kept: no database and no serving process takes part. */
export function openCustodyCopy(
  custody: KeyObject,
  copy: CustodyCopy,
): readonly Readonly<{ field: string; text: string }>[] {
  const key = unwrapFromCustody(custody, copy.subject, Buffer.from(copy.key, 'base64'))
  return copy.held.map(({ field, sealed }) => ({
    field,
    text: unseal(key, heldAt(copy.consent, field), Buffer.from(sealed, 'base64')),
  }))
}
