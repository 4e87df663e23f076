import type { Text } from '../../city/index.ts'
import { dateWords } from '../../city/look/index.ts'
import { inLanguage, type Language } from '../../plumbing/index.ts'
import type { MailWords } from '../residents/index.ts'
import type { ConsentHouse } from './house.ts'
import { say } from './letter-messages.ts'
import type { Notice, Purpose } from './notice.ts'

/** To an e-mail address; or on paper, with a code that stands for the link. */
type To = Readonly<{ email: string }> | Readonly<{ address: string; code: string }>
type Addressed = Readonly<{
  notice: Notice
  language: Language
  to: To
  firstName: string
  kind: 'first' | 'reminder'
}>

type House = Pick<ConsentHouse, 'city' | 'publicUrl' | 'clock'>

/** The letter to a parent: what is asked, why, who sees it, for how long, and that doing nothing is a no. */
export function requestLetter(house: House, letter: Addressed): MailWords {
  const { city } = house
  const { notice, language, to, firstName, kind } = letter
  const title = notice.title[language]
  const intro = {
    words: say(language, kind === 'first' ? 'ask' : 'remind', { firstName, title, city: city.name[language] }),
  }
  return {
    to: 'email' in to ? to.email : `${say(language, 'toParent', { firstName })}\n${to.address}`,
    title: say(language, kind === 'first' ? 'askTitle' : 'remindTitle', { firstName, title }),
    parts: [
      intro,
      ...notice.purposes.map((purpose) => ({ words: purposeWords(language, purpose) })),
      ...('email' in to ? byMail(house, letter) : byPost(house, letter, to.code)),
    ],
  }
}

function byMail({ city, publicUrl }: House, { language, kind }: Addressed): MailWords['parts'] {
  const days = city.consent?.answerDays ?? 14
  const left = kind === 'first' ? days : days - (city.consent?.remindAfter ?? 7)
  const link = `${publicUrl.replace(/\/$/, '')}${inLanguage(language, '/me')}`
  return [
    { words: say(language, 'answer', { link }), link },
    { words: say(language, 'nothing', { days: left }) },
    { words: say(language, 'revoke') },
    { words: say(language, 'whyThisMail', { phone: city.contact.phone }) },
  ]
}

/** On paper: a day instead of a number of days, for it is on its way for some; and the counter, for who has no e-mail. */
function byPost({ city, publicUrl, clock }: House, { language }: Addressed, code: string): MailWords['parts'] {
  const day = clock
    .now()
    .toZonedDateTimeISO(city.timeZone)
    .toPlainDate()
    .add({ days: city.consent?.answerDays ?? 14 })
  const site = `${publicUrl.replace(/\/$/, '')}${inLanguage(language, '/me/consents/code')}`
  const { address, phone } = city.contact
  return [
    { words: say(language, 'codeIs', { code }) },
    { words: say(language, 'answerByPost', { site, address }) },
    { words: say(language, 'nothingByPost', { until: dateWords(language, day) }) },
    { words: say(language, 'revokeByPost', { address }) },
    { words: say(language, 'whyThisLetter', { phone }) },
  ]
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
