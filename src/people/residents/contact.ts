import { randomUUID } from 'node:crypto'
import { newDataKey, seal, type DataKey, type Keys, type SubjectId } from '../../trust/vault/index.ts'
import type { ResidentId } from './actor.ts'

/**
 * A resident's own contact. The e-mail is proved: a code was mailed to it and typed in. It is empty for a guardian without
 * e-mail, who answered at the counter: she has no page, and is written to at her postal `address`.
 */
export type Contact = Readonly<{ name: string; email: string; telephone?: string; address?: string }>

export const contactAt = (resident: ResidentId) => ({
  table: 'residents.resident',
  column: 'sealed_contact',
  row: resident,
})

/** The keyed hash under which a resident signs in. No other room's tokens of the same address are equal to it. */
export function addressToken(keys: Keys, email: string): Buffer {
  return keys.mac('resident-address', email.trim().normalize('NFKC').toLowerCase())
}

/** A resident's row as `residents.make` takes it; used only where no resident has the address yet. */
export type NewResident = Readonly<{
  id: ResidentId
  key: DataKey
  subject: SubjectId
  wrapped: Buffer
  kek: string
  sealedContact: Buffer
  token: Buffer
}>

export function newResident(keys: Keys, contact: Contact): NewResident {
  const id = randomUUID() as ResidentId
  const subject = randomUUID() as SubjectId
  const { key, stored } = newDataKey(keys, subject)
  const sealedContact = seal(key, contactAt(id), JSON.stringify(contact))
  return { id, key, subject, ...stored, sealedContact, token: addressToken(keys, contact.email) }
}

/** What was typed as an e-mail address, or undefined where it is none. Whether mail reaches it only a code shows. */
export function readEmail(typed: string): string | undefined {
  const email = typed.trim().normalize('NFKC')
  return email.length <= 254 && /^[^\s@"<>,;:\\]{1,64}@[^\s@"<>,;:\\]+\.[^\s@"<>,;:\\.]{2,}$/.test(email)
    ? email
    : undefined
}
