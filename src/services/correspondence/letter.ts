import type { FormId, PlaceId, TopicId } from '../../city/index.ts'
import type { Language } from '../../plumbing/index.ts'
import type { TakenFile } from '../attachments/index.ts'

/** The door through which a letter comes. Behind it every letter is the same. */
export const channels = ['form', 'email', 'letter', 'counter', 'telephone', 'open311'] as const
export type Channel = (typeof channels)[number]

/** What a person asked to be reached by. Each part is absent unless she gave it. */
export type ContactDetails = Readonly<{
  name?: string
  email?: string
  telephone?: string
  /** Where an answer on paper goes: taken only from a letter on paper, or when somebody at the counter wishes it. */
  address?: string
}>

/**
 * One question as it was put and what was answered, in the person's language: a letter explains itself for ever. `said` is
 * the same answer as data, where it is more than a text.
 */
export type Answer = Readonly<{ field: string; label: string; value: string; said?: unknown }>

/** A letter on its way in. `form` says whose purpose and retention hold for it, whatever channel it came through. */
export type IncomingLetter = Readonly<{
  channel: Channel
  form: FormId
  formVersion: number
  topic: TopicId
  place?: PlaceId
  language: Language
  answers: readonly Answer[]
  contact: ContactDetails
  /** What came with it; attached in the transaction that receives it. */
  files?: readonly TakenFile[]
  /** False: no acknowledgement is mailed, though there is an address. It may be somebody else's. */
  acknowledge?: boolean
}>

/** What is sealed of a message: the answers of a form, or words. */
export type Words = Readonly<{ answers: readonly Answer[] }> | Readonly<{ words: string }>

/** The longest text a person or a clerk may write at once, in code points. */
export const longestWords = 20_000
