import type { Language } from '../../plumbing/index.ts'
import { unseal, unwrap, type DataKey, type Keys, type SubjectId } from '../../trust/vault/index.ts'
import type { ChildId, ResidentId } from './actor.ts'
import { aboutAt, type About } from './add-child.ts'
import { contactAt, type Contact } from './contact.ts'

/** A child's row or her guardian's, as the database hands both to the worker once their openings stand in the ledger. */
export type Handed = {
  subject: SubjectId
  wrapped_key: Buffer
  kek: string
  sealed: Buffer
  language: Language | null
  is_child: boolean
}

/** What a letter to a guardian about her child is written from. `to`: as `byPost` says, an envelope's lines or an e-mail address. */
export type InHand = Readonly<{
  /** What the letter is sealed under. */
  key: DataKey
  language: Language
  firstName: string
  to: string
  byPost: boolean
}>

/** Nothing where one of the two is gone. */
export function openHanded(
  keys: Keys,
  handed: readonly Handed[],
  { child, resident }: Readonly<{ child: ChildId; resident: ResidentId }>,
): InHand | undefined {
  const opened = handed.map((one) => ({
    ...one,
    key: unwrap(keys, one.subject, { wrapped: one.wrapped_key, kek: one.kek }),
  }))
  const [her, guardian] = [opened.find((one) => one.is_child), opened.find((one) => !one.is_child)]
  if (!her || !guardian?.language) return undefined
  const { firstName } = JSON.parse(unseal(her.key, aboutAt(child), her.sealed)) as About
  const { name, email, address } = JSON.parse(unseal(guardian.key, contactAt(resident), guardian.sealed)) as Contact
  const byPost = email === ''
  const to = byPost ? [name, address ?? ''].join('\n') : email
  return { key: guardian.key, language: guardian.language, firstName, to, byPost }
}
