import type { Temporal } from 'temporal-polyfill'
import type { City } from '../../city/index.ts'
import { dateWords } from '../../city/look/index.ts'
import { inLanguage, keepDoing, sql, type Db, type Language } from '../../plumbing/index.ts'
import { unseal, unwrap, type Keys, type SubjectId } from '../../trust/vault/index.ts'
import {
  aboutAt,
  contactAt,
  sealMail,
  type About,
  type ChildId,
  type Contact,
  type MailWords,
  type ResidentId,
} from '../residents/index.ts'
import { say } from './letter-messages.ts'
import type { Notice, ThingId } from './notice.ts'

/** What telling guardians of an end needs. `publicUrl`: where the link in the letter leads. */
export type EndingOffice = Readonly<{ keeper: Db; keys: Keys; city: City; publicUrl: string }>

type Ending = {
  child: ChildId
  thing: ThingId
  until: Temporal.PlainDate
  resident: ResidentId
  notice: string
  purposes: string[]
  renews: boolean
  openings: string[]
}
type Handed = {
  subject: SubjectId
  wrapped_key: Buffer
  kek: string
  sealed: Buffer
  language: Language | null
  is_child: boolean
}

const atOnce = 20

/** The worker's share: looks every minute, until it is told to stop. */
export function runEndings(
  office: EndingOffice,
  signal: AbortSignal,
  onFault: (error: unknown) => void,
): Promise<void> {
  return keepDoing({ work: () => tellEndings(office), every: 60_000, onFault, signal })
}

/**
 * Tells whoever gave a consent that it ends soon, once: one letter for one thing and one day. A crash before it is posted leaves
 * it to the next round, in five minutes; that it was told is written in the transaction that posts it. True: more may wait.
 */
export async function tellEndings(office: EndingOffice): Promise<boolean> {
  const leased = await office.keeper.once<Ending>(
    sql`select child, thing, until, resident, notice, purposes, renews, openings from consent.lease_endings(${atOnce})`,
  )
  for (const one of leased) await tell(office, one)
  return leased.length === atOnce
}

async function tell(office: EndingOffice, ending: Ending): Promise<void> {
  const { keeper, keys } = office
  const { child, thing, until, resident, purposes, openings } = ending
  const handed = await keeper.once<Handed>(
    sql`select * from consent.ending_in_hand(${child}, ${resident}, ${openings}::uuid[])`,
  )
  const opened = handed.map((one) => ({
    ...one,
    key: unwrap(keys, one.subject, { wrapped: one.wrapped_key, kek: one.kek }),
  }))
  const [her, guardian] = [opened.find((one) => one.is_child), opened.find((one) => !one.is_child)]
  if (!her || !guardian?.language) return
  const { firstName } = JSON.parse(unseal(her.key, aboutAt(child), her.sealed)) as About
  const contact = JSON.parse(unseal(guardian.key, contactAt(resident), guardian.sealed)) as Contact
  const mail = sealMail(
    guardian.key,
    'consent-ending',
    guardian.language,
    words(office, ending, { firstName, contact, language: guardian.language }),
  )
  await keeper.once(sql`select consent.post_ending(${child}, ${thing}, ${until.toString()}::date, ${resident}, ${purposes}::text[],
    ${mail.id}, ${mail.sealed}, ${byPost(contact)})`)
}

const byPost = ({ email }: Contact): boolean => email === ''

type Told = Readonly<{ firstName: string; contact: Contact; language: Language }>

function words({ city, publicUrl }: EndingOffice, ending: Ending, { firstName, contact, language }: Told): MailWords {
  const notice = JSON.parse(ending.notice) as Notice
  const values = {
    firstName,
    title: notice.title[language],
    until: dateWords(language, ending.until),
    city: city.name[language],
    address: city.contact.address,
    phone: city.contact.phone,
    link: `${publicUrl.replace(/\/$/, '')}${inLanguage(language, `/me/consents/${ending.child}`)}`,
  }
  const titles = ending.purposes.map((id) => notice.purposes.find((one) => one.id === id)?.title[language] ?? id)
  const renewing = !ending.renews
    ? { words: say(language, 'endingSeason', values) }
    : byPost(contact)
      ? { words: say(language, 'endingRenewByPost', values) }
      : { words: say(language, 'endingRenew', values), link: values.link }
  return {
    to: byPost(contact) ? [contact.name, contact.address ?? ''].join('\n') : contact.email,
    title: say(language, 'endingTitle', values),
    parts: [
      { words: say(language, 'ending', values) },
      { words: titles.map((title) => `• ${title}`).join('\n') },
      renewing,
      { words: say(language, 'endingNothing') },
    ],
  }
}
