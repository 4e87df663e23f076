import { randomUUID } from 'node:crypto'
import type { Language } from '../../plumbing/index.ts'
import { seal, type DataKey } from '../../trust/vault/index.ts'

/** What a mail to a person says. Made by the room that owns its kind, in her language, when the mail is written. */
export type MailWords = Readonly<{
  to: string
  title: string
  parts: readonly Readonly<{ words: string; link?: string }>[]
}>

/** A mail as `residents.post(p_id, p_subject, p_kind, p_sealed, p_language)` takes it, inside an act of the room that sends it. */
export type SealedMail = Readonly<{ id: string; subject: string; kind: string; sealed: Buffer; language: Language }>

export const mailAt = (id: string) => ({ table: 'residents.mail', column: 'sealed', row: id })

/** Seals a mail under the key of whoever or whatever it is about: when that key goes, what waits cannot be read or sent. */
export function sealMail(key: DataKey, kind: string, language: Language, words: MailWords): SealedMail {
  const id = randomUUID()
  return { id, subject: key.subject, kind, sealed: seal(key, mailAt(id), JSON.stringify(words)), language }
}
