import type { City, FormId, SessionId } from '../city/index.ts'
import type { ConsentRoutesHouse, ThingId } from '../people/consent/index.ts'
import { activityConsequenceWords, activityNotice, signUpPath } from '../services/activities/index.ts'
import { consequenceWords, noticeOf, type Forms } from '../services/forms/index.ts'
import { referralConsequenceWords } from '../services/referral/index.ts'

/** What the rooms above say of consents: words for what they do when one ends, and what they ask today. */
export function consentWords({
  city,
  forms,
}: Readonly<{ city: City; forms: Forms }>): Pick<
  ConsentRoutesHouse,
  'consequenceWords' | 'noticeFor' | 'goOn' | 'asksMinors'
> {
  return {
    consequenceWords: [
      (line, language) => consequenceWords(line.code, language),
      activityConsequenceWords,
      referralConsequenceWords(city),
    ],
    noticeFor: (thing: ThingId) => {
      const [kind, id] = thing.split(':')
      if (kind === 'activity') return city.consent && activityNotice(city, id as SessionId)
      const form = kind === 'form' ? forms.get(id as FormId) : undefined
      return form && city.consent && form.minors !== undefined ? noticeOf(city, form) : undefined
    },
    goOn: (thing, child) => {
      const [kind, id] = thing.split(':')
      return kind === 'activity' ? signUpPath(id as SessionId, child) : undefined
    },
    asksMinors: () =>
      city.consent ? [...forms.values()].flatMap((form) => (form.minors ? [noticeOf(city, form)] : [])) : [],
  }
}
