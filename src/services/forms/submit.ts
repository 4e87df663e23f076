import type { City } from '../../city/index.ts'
import type { Language } from '../../plumbing/index.ts'
import {
  receive,
  tokenOf,
  type Answer,
  type House,
  type IncomingLetter,
  type ReceiptCode,
  type SubmissionToken,
} from '../correspondence/index.ts'
import type { TakenFile } from '../attachments/index.ts'
import { inWords } from './answer-in-words.ts'
import type { Answers } from './answering/answer.ts'
import type { Field } from './define-field.ts'
import { placeInLetter } from './map/place-words.ts'
import { comesAlong, receiveWithAll } from './submit-along.ts'
import type { AnswersRefused, ReadAnswers } from './define-answers.ts'
import type { FormDefinition } from './define.ts'
import { bookedTopic, wishInWords } from './what-it-costs.ts'

export type Submitted =
  Readonly<{ outcome: 'received' | 'again'; code: ReceiptCode }> | AnswersRefused | Readonly<{ refused: 'different' }>

/** What comes beside the answers, where it is known already. */
export type Sent = Readonly<{ files?: readonly TakenFile[]; token?: SubmissionToken }>

/**
 * Takes what was posted to a form. What the form books and charges comes with the letter, in one transaction, or nothing
 * of the three does. Refusals: `answers`, with each error and its question (a time that somebody else booked first is
 * one); `different`, where this token already brought another letter. Nothing is written on refusal.
 */
export async function submit(
  house: House,
  form: FormDefinition,
  posted: Readonly<Record<string, unknown>>,
  language: Language,
  { files = [], token = tokenOf(house.keys, posted) }: Sent = {},
): Promise<Submitted> {
  const read = form.read(posted)
  if ('refused' in read) return read
  const plain = letterOf(house.city, form, read, language)
  const letter = files.length > 0 ? { ...plain, files } : plain
  const along = comesAlong(house.city, form, read.answers)
  if ('refused' in along) return along
  if (!along.wish && !along.joining && along.lines.length === 0) return receive(house, letter, token)
  return receiveWithAll(house, letter, token, along)
}

/** Beside its words an answer is kept as it was given where the words do not say it all. */
const keepsRaw = ({ kind }: Field, said: Answers[string]): boolean => typeof said !== 'string' || kind === 'map-place'

/** The letter as it will be read: each question that was answered, in the person's language; contact apart. */
export function letterOf(city: City, form: FormDefinition, read: ReadAnswers, language: Language): IncomingLetter {
  const apart = new Set(Object.values(form.contact))
  const wordsOf = (field: Field, said: Answers[string]): string => {
    if (field.kind === 'slot' || field.kind === 'session') return wishInWords(city, form, read.answers, language)
    if (field.kind === 'map-place' && typeof said === 'string') return placeInLetter(city, language, said)
    return inWords(field, said, language, apart)
  }
  const answers = form.fields.flatMap((field): Answer[] => {
    const said = read.answers[field.name]
    if (said === undefined || apart.has(field.name)) return []
    const value = wordsOf(field, said)
    if (value === '') return []
    return [{ field: field.name, label: field.label[language], value, ...(keepsRaw(field, said) && { said }) }]
  })
  return {
    channel: 'form',
    form: form.id,
    formVersion: form.version,
    topic: bookedTopic(city, form, read.answers) ?? read.topic,
    ...(read.place !== undefined && { place: read.place }),
    language,
    answers,
    contact: read.contact,
  }
}
