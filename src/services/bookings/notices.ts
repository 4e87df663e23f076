import type { Temporal } from 'temporal-polyfill'
import type { City, Facility, FacilityId, RefundRule } from '../../city/index.ts'
import { sql, type Language } from '../../plumbing/index.ts'
import type { Notice, Notices } from '../correspondence/index.ts'
import type { CancelReason } from './in-hand.ts'
import { sayInMail } from './mail-messages.ts'
import { untilWords, whenWords } from './when.ts'

type News = 'booked' | 'held' | 'confirmed' | 'cancelled-by-person' | 'cancelled-by-city'

type Row = {
  mail: string
  news: News
  facility: FacilityId
  starts_at: Temporal.Instant
  ends_at: Temporal.Instant
  places: number
  because: CancelReason | null
  refund: RefundRule | null
  held_until: Temporal.Instant | null
}

/** The words of the mails that are about bookings, made when they are delivered. */
export function bookingNotices(city: City): Notices {
  return async (keeper, mails) => {
    const rows = await keeper.once<Row>(sql`select * from bookings.notices(${mails}::uuid[])`)
    return new Map(rows.map((row) => [row.mail, (language: Language) => noticeOf(city, language, row)]))
  }
}

function noticeOf(city: City, language: Language, row: Row): Notice {
  const facility = city.bookings.get(row.facility)
  const what = nameInMail(city, language, facility)
  const facts = {
    city: city.name[language],
    what,
    facts: factsOf(city, language, row, what, facility).join('\n'),
    until: row.held_until ? untilWords(language, city.timeZone, row.held_until) : '',
    refund: row.refund && facility?.price ? sayInMail(language, `refund-${row.refund}`) : '',
    because: row.because ? sayInMail(language, `because-${row.because}`) : '',
  }
  return {
    subject: sayInMail(language, `${row.news}Subject`, facts),
    title: sayInMail(language, `${row.news}Title`),
    words: sayInMail(language, row.news, facts).trim(),
  }
}

/** Mail travels open: what is of a sensitive topic is named by its department only. */
function nameInMail(city: City, language: Language, facility: Facility | undefined): string {
  const topic = facility && city.topics.get(facility.topic)
  if (!facility || !topic?.sensitive) return facility?.name[language] ?? city.name[language]
  return city.departments.get(topic.department)?.name[language] ?? city.name[language]
}

function factsOf(city: City, language: Language, row: Row, what: string, facility: Facility | undefined): string[] {
  const { starts_at: start, ends_at: end, places } = row
  return [
    what,
    whenWords(language, city.timeZone, { start, end }),
    facility?.address ?? '',
    facility?.unit ? sayInMail(language, 'places', { count: places, unit: facility.unit[language] }) : '',
  ].filter((line) => line !== '')
}
