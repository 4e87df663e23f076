import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator'
import type { Temporal } from 'temporal-polyfill'
import type { City, Session, SessionId } from '../../city/index.ts'
import type { Language } from '../../plumbing/index.ts'
import { mailDomain } from '../correspondence/index.ts'
import { say } from './messages.ts'
import type { Standing } from './standing.ts'

/**
 * Sessions as an iCalendar feed (RFC 5545): one event a time they meet, under a UID that stays, so that a calendar which
 * follows the feed changes with it. It says what, when and where, the same for everybody, and names nobody. A session that
 * was called off stays in it, cancelled: a calendar that had it shows that.
 */
export function calendarFeed(
  city: City,
  language: Language,
  sessions: readonly Session[],
  { standing, at, url }: Readonly<{ standing: ReadonlyMap<SessionId, Standing>; at: Temporal.Instant; url: string }>,
): string {
  const calendar = ical({
    prodId: { company: 'Cityhall', product: 'activities', language: language.toUpperCase() },
    method: ICalCalendarMethod.PUBLISH,
    name: say(language, 'calendarName', { city: city.name[language] }),
    ttl: 6 * 3600,
  })
  for (const session of sessions) {
    const programme = city.activities.programmes.get(session.programme)
    const venue = city.activities.venues.get(session.venue)
    const isOff = standing.get(session.id)?.calledOff !== undefined
    for (const [index, { start, end }] of session.meetings.entries()) {
      calendar.createEvent({
        id: `${session.id}-${String(index + 1)}@${mailDomain(city)}`,
        stamp: dateOf(at),
        start: dateOf(start),
        end: dateOf(end),
        summary: programme?.name[language] ?? session.id,
        location: venue ? `${venue.name[language]}, ${venue.address}` : '',
        description: say(language, 'calendarTime', { number: index + 1, count: session.meetings.length }),
        url: `${url}/${session.programme}/${session.id}`,
        status: isOff ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
      })
    }
  }
  return calendar.toString()
}

const dateOf = (at: Temporal.Instant) => new Date(at.epochMilliseconds)
