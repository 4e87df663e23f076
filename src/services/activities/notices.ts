import type { Temporal } from 'temporal-polyfill'
import type { City, Programme, RefundRule, Session, SessionId } from '../../city/index.ts'
import { sql, type Language } from '../../plumbing/index.ts'
import type { Keys } from '../../trust/vault/index.ts'
import type { Notice, Notices } from '../correspondence/index.ts'
import type { EndReason, LapseReason } from './in-hand.ts'
import { readMessage } from './message.ts'
import { sayInMail } from './mail-messages.ts'
import { hoursWords, momentOf, spanWords } from './when.ts'

export type News =
  | 'enrolled'
  | 'held'
  | 'waiting'
  | 'lottery'
  | 'confirmed'
  | 'offered'
  | 'not-drawn'
  | 'lapsed'
  | 'cancelled-by-person'
  | 'cancelled-by-city'
  | 'message'
  | 'moved'

type Row = {
  mail: string
  news: News
  session: SessionId
  place_in_line: number | null
  until: Temporal.Instant | null
  because: EndReason | LapseReason | 'consent' | null
  refund: RefundRule | null
  message: string | null
  sealed: Buffer | null
  of_child: boolean
  to_show: boolean
  to_pay: boolean
}

/** The words of the mails that are about enrolments, made when they are delivered: a number in the line is that moment's. */
export function enrolmentNotices(city: City, keys: Keys): Notices {
  return async (keeper, mails) => {
    const rows = await keeper.once<Row>(sql`select * from activities.notices(${mails}::uuid[])`)
    return new Map(
      rows.map((row) => [row.mail, (language: Language) => noticeOf(city, language, row, wordsIn(keys, row))]),
    )
  }
}

/** What somebody at the city wrote to everybody in the session. */
const wordsIn = (keys: Keys, { message, sealed }: Row): string =>
  message !== null && sealed ? readMessage(keys, message, sealed) : ''

function noticeOf(city: City, language: Language, row: Row, message: string): Notice {
  const session = city.activities.sessions.get(row.session)
  const programme = session && city.activities.programmes.get(session.programme)
  const what = nameInMail(city, language, programme)
  const facts = {
    city: city.name[language],
    what,
    facts: (isSensitive(city, programme) ? [what] : factsOf(city, language, what, session)).join('\n'),
    number: String(row.place_in_line ?? ''),
    until: row.until ? momentOf(language, city.timeZone, row.until) : '',
    closes: session ? momentOf(language, city.timeZone, session.closes) : '',
    refund: row.refund && programme?.price ? sayInMail(language, `refund-${row.refund}`) : '',
    message,
    how: sayInMail(language, row.of_child ? 'how-child' : 'how'),
    because: row.because && row.because !== 'consent' ? sayInMail(language, `because-${row.because}`) : '',
  }
  // Somebody who is offered a place before the mail has gone out reads of the offer.
  const offered = row.news === 'waiting' && row.place_in_line === null && row.until
  const held = row.news === 'held' && row.to_show && (row.to_pay ? 'held-both' : 'held-show')
  const ended = row.news === 'cancelled-by-person' && row.because === 'consent' && 'consent-ended'
  const news = (offered && 'offered') || held || ended || row.news
  return {
    subject: sayInMail(language, `${news}Subject`, facts),
    title: sayInMail(language, `${news}Title`),
    words: sayInMail(language, news, facts).trim(),
  }
}

const isSensitive = (city: City, programme: Programme | undefined): boolean =>
  (programme && city.topics.get(programme.topic)?.sensitive) ?? false

/** Mail travels open: what is of a sensitive topic is named by its department only. */
function nameInMail(city: City, language: Language, programme: Programme | undefined): string {
  const topic = programme && city.topics.get(programme.topic)
  if (!topic?.sensitive) return programme?.name[language] ?? city.name[language]
  return city.departments.get(topic.department)?.name[language] ?? city.name[language]
}

function factsOf(city: City, language: Language, what: string, session: Session | undefined): string[] {
  if (!session) return [what]
  const venue = city.activities.venues.get(session.venue)
  return [what, spanWords(language, session), hoursWords(language, session), venue ? `${venue.name[language]}, ${venue.address}` : ''].filter((line) => line !== '') // prettier-ignore
}
