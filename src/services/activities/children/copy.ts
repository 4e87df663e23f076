import type { City } from '../../../city/index.ts'
import type { ChildId } from '../../../people/residents/index.ts'
import type { Language, Tx } from '../../../plumbing/index.ts'
import type { Keys } from '../../../trust/vault/index.ts'
import { daysInHand, enrolmentsInHand } from '../in-hand.ts'
import { messagesInHand } from '../message.ts'
import { standingWords } from '../pages/standing.ts'
import { whatWords } from './what-words.ts'

type Named = Readonly<{ id: ChildId; about: Readonly<{ firstName: string }> }>

/**
 * What her children take part in, and took, for the copy that she downloads: with the words that were agreed to, what the city
 * wrote, the days on which the child came. What is held under each consent is in that consent's own copy.
 */
export async function enrolmentsCopied(
  tx: Tx,
  keys: Keys,
  children: readonly Named[],
  { city, language }: Readonly<{ city: City; language: Language }>,
) {
  const [its, messages, days] = [await enrolmentsInHand(tx), await messagesInHand(tx, keys), await daysInHand(tx)]
  return its.map((one) => {
    const { standing, refundNow: _refundNow, back: _back, version: _version, waiver, ...plain } = one
    return {
      ...plain,
      firstName: children.find(({ id }) => id === one.child)?.about.firstName,
      what: whatWords(city, language, one.session),
      says: standingWords(city, language, one),
      ...standing,
      ...(waiver && { agreedTo: waiver[language] }),
      messages: messages.flatMap(({ enrolment, words, at }) => (enrolment === one.id ? [{ at, words }] : [])),
      days: days.flatMap(({ enrolment, day, came }) => (enrolment === one.id ? [{ day, came }] : [])),
    }
  })
}
