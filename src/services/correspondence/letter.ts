import type { FormId, PlaceId, TopicId } from '../../city/index.ts'
import type { Language } from '../../plumbing/index.ts'

/** What a person asked to be reached by. Each part is absent unless she gave it. */
export type ContactDetails = Readonly<{ name?: string; email?: string; telephone?: string }>

/** One question as it was put and what was answered, in the person's language: a letter explains itself for ever. */
export type Answer = Readonly<{ field: string; label: string; value: string }>

/** A letter on its way in, checked by the form it came through. */
export type IncomingLetter = Readonly<{
  form: FormId
  formVersion: number
  topic: TopicId
  place?: PlaceId
  language: Language
  answers: readonly Answer[]
  contact: ContactDetails
}>

/** What is sealed of a message: the answers of a form, or words. */
export type Words = Readonly<{ answers: readonly Answer[] }> | Readonly<{ words: string }>

/** The longest text a person or a clerk may write at once, in code points. */
export const longestWords = 20_000
