import type { Text } from '../../city/index.ts'
import { inLanguage, type Language } from '../../plumbing/index.ts'
import type { MailWords } from '../residents/index.ts'
import type { ConsentHouse } from './house.ts'
import { say } from './letter-messages.ts'
import type { Notice, Purpose } from './notice.ts'

type Addressed = Readonly<{
  notice: Notice
  language: Language
  email: string
  firstName: string
  kind: 'first' | 'reminder'
}>

/** The letter to a parent: what is asked, why, who sees it, for how long, and that doing nothing is a no. */
export function requestLetter(house: Pick<ConsentHouse, 'city' | 'publicUrl'>, letter: Addressed): MailWords {
  const { city, publicUrl } = house
  const { notice, language, email, firstName, kind } = letter
  const days = city.consent?.answerDays ?? 14
  const left = kind === 'first' ? days : days - (city.consent?.remindAfter ?? 7)
  const link = `${publicUrl.replace(/\/$/, '')}${inLanguage(language, '/me')}`
  const title = notice.title[language]
  const intro = {
    words: say(language, kind === 'first' ? 'ask' : 'remind', { firstName, title, city: city.name[language] }),
  }
  return {
    to: email,
    title: say(language, kind === 'first' ? 'askTitle' : 'remindTitle', { firstName, title }),
    parts: [
      intro,
      ...notice.purposes.map((purpose) => ({ words: purposeWords(language, purpose) })),
      { words: say(language, 'answer', { link }), link },
      { words: say(language, 'nothing', { days: left }) },
      { words: say(language, 'revoke') },
      { words: say(language, 'whyThisMail', { phone: city.contact.phone }) },
    ],
  }
}

function purposeWords(language: Language, purpose: Purpose): string {
  const of = (text: Text) => text[language]
  const asks = purpose.asks.map(({ label }) => of(label)).join('; ')
  return say(language, 'purpose', {
    title: of(purpose.title),
    need: say(language, purpose.needed ? 'needed' : 'optional'),
    why: of(purpose.why),
    asks: asks === '' ? say(language, 'asksNothing') : asks,
    sees: of(purpose.sees),
    kept: of(purpose.kept),
  })
}
