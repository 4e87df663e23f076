import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator'
import type { Temporal } from 'temporal-polyfill'
import type { City } from '../../city/index.ts'
import type { Language } from '../../plumbing/index.ts'
import { mailDomain } from '../correspondence/index.ts'
import type { Booking } from './in-hand.ts'
import { say } from './messages.ts'

/**
 * The booking as an iCalendar file (RFC 5545, RFC 5546): the same UID and a rising SEQUENCE for ever, so that a later file
 * changes the entry that an earlier one made; cancelled, it takes it out. Times are in UTC, which every calendar shows by
 * its own clocks. It says what, when, where and a case number: nobody's name, and never the receipt's code.
 */
export function calendarFile(
  city: City,
  language: Language,
  booking: Booking,
  { number, at }: Readonly<{ number: number; at: Temporal.Instant }>,
): string {
  const facility = city.bookings.get(booking.facility)
  const topic = facility && city.topics.get(facility.topic)
  const department = topic && city.departments.get(topic.department)
  const isOff = booking.standing.state === 'cancelled-by-person' || booking.standing.state === 'cancelled-by-city'
  const calendar = ical({
    prodId: { company: 'Cityhall', product: 'bookings', language: language.toUpperCase() },
    method: isOff ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH,
  })
  calendar.createEvent({
    id: `booking-${booking.id}@${mailDomain(city)}`,
    sequence: booking.version - 1,
    stamp: dateOf(at),
    start: dateOf(booking.start),
    end: dateOf(booking.end),
    summary: say(language, 'calendarTitle', {
      what: facility?.name[language] ?? '',
      city: city.name[language],
    }),
    location: facility?.address ?? '',
    description: say(language, 'calendarNote', { number: String(number) }),
    organizer: { name: city.name[language], email: department?.email ?? city.contact.email },
    status: isOff
      ? ICalEventStatus.CANCELLED
      : booking.standing.state === 'held'
        ? ICalEventStatus.TENTATIVE
        : ICalEventStatus.CONFIRMED,
  })
  return calendar.toString()
}

const dateOf = (at: Temporal.Instant) => new Date(at.epochMilliseconds)
