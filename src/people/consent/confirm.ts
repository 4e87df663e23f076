import { inLanguage, sql, type Language, type Tx } from '../../plumbing/index.ts'
import type { DataKey } from '../../trust/vault/index.ts'
import { sealMail, type MailWords } from '../residents/index.ts'
import type { ConsentId } from './actor.ts'
import type { ConsentHouse } from './house.ts'
import { say } from './letter-messages.ts'
import type { KeptNotice } from './notice.ts'

type Given = Readonly<{
  notice: KeptNotice
  language: Language
  email: string
  firstName: string
  made: readonly Readonly<{ purpose: string; id: ConsentId; key: DataKey }>[]
}>

/**
 * The letter that confirms a consent and says how to take it back. It is about the consent: sealed under its key, so what
 * still waits when the consent ends is never sent.
 */
export async function confirm(tx: Tx, house: Pick<ConsentHouse, 'city' | 'publicUrl'>, given: Given): Promise<void> {
  const [first] = given.made
  if (!first) return
  const mail = sealMail(first.key, 'consent-given', given.language, letter(house, given))
  await tx.rows(sql`select consent.post(${first.id}, ${mail.id}, ${mail.kind}, ${mail.sealed}, ${mail.language})`)
}

function letter({ city, publicUrl }: Pick<ConsentHouse, 'city' | 'publicUrl'>, given: Given): MailWords {
  const { language, firstName, email, notice } = given
  const title = notice.notice.title[language]
  const yes = notice.notice.purposes.filter(({ id }) => given.made.some(({ purpose }) => purpose === id))
  const link = `${publicUrl.replace(/\/$/, '')}${inLanguage(language, '/me')}`
  return {
    to: email,
    title: say(language, 'givenTitle', { firstName, title }),
    parts: [
      { words: say(language, 'given', { firstName, title, city: city.name[language] }) },
      { words: yes.map((purpose) => `• ${purpose.title[language]}`).join('\n') },
      { words: say(language, 'givenRevoke', { link }), link },
      { words: say(language, 'givenNotYou', { phone: city.contact.phone }) },
    ],
  }
}
