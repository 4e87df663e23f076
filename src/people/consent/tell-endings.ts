import type { Temporal } from 'temporal-polyfill'
import type { City } from '../../city/index.ts'
import { dateWords } from '../../city/look/index.ts'
import { inLanguage, keepDoing, sql, type Db } from '../../plumbing/index.ts'
import type { Keys } from '../../trust/vault/index.ts'
import {
  openHanded,
  sealMail,
  type ChildId,
  type Handed,
  type InHand,
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
  const inHand = openHanded(keys, handed, ending)
  if (!inHand) return
  const mail = sealMail(inHand.key, 'consent-ending', inHand.language, words(office, ending, inHand))
  await keeper.once(sql`select consent.post_ending(${child}, ${thing}, ${until.toString()}::date, ${resident}, ${purposes}::text[],
    ${mail.id}, ${mail.sealed}, ${inHand.byPost})`)
}

function words(
  { city, publicUrl }: EndingOffice,
  ending: Ending,
  { firstName, to, byPost, language }: InHand,
): MailWords {
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
    : byPost
      ? { words: say(language, 'endingRenewByPost', values) }
      : { words: say(language, 'endingRenew', values), link: values.link }
  return {
    to,
    title: say(language, 'endingTitle', values),
    parts: [
      { words: say(language, 'ending', values) },
      { words: titles.map((title) => `• ${title}`).join('\n') },
      renewing,
      { words: say(language, 'endingNothing') },
    ],
  }
}
