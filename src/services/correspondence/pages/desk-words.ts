import { Temporal } from 'temporal-polyfill'
import type { City, DutyId, TopicId } from '../../../city/index.ts'
import { toTheSecond } from '../../../city/look/index.ts'
import { html, localeOf, type Html } from '../../../plumbing/index.ts'
import type { Channel } from '../letter.ts'
import { say } from '../messages.ts'
import type { CaseLine } from '../tables.ts'

export type Day = Readonly<{ city: City; today: Temporal.PlainDate }>

/** By when, as a clerk thinks of it; settled cases say since when they are settled. */
export function dueWords({ city, today }: Day, line: CaseLine): Html {
  if (line.state === 'answered' || line.state === 'closed') {
    return html`<span class="due">${say('en', 'settledDays', { days: daysSince({ city, today }, line.stateSince) })}</span>`
  }
  const days = dayNumber(line.dueOn) - dayNumber(today)
  if (days < 0) return html`<span class="due late">${say('en', 'dueLate', { days: -days })}</span>`
  if (days === 0) return html`<span class="due late">${say('en', 'dueToday')}</span>`
  return html`<span class="due${days <= 2 && ' soon'}">${say('en', 'dueIn', { days })}</span>`
}

/** When something was, short: the year only where it is another one. */
export function shortMoment({ city, today }: Day, at: Temporal.Instant): Html {
  const { from, until } = yearOf(today, city.timeZone)
  const sameYear = from <= at.epochMilliseconds && at.epochMilliseconds < until
  const words = format(sameYear ? 'moment' : 'moment-and-year', city.timeZone).format(at.epochMilliseconds)
  return html`<time datetime="${toTheSecond(at)}">${words}</time>`
}

const years = new Map<string, Readonly<{ from: number; until: number }>>()

/** When this year began and ends on the city's clocks. */
function yearOf({ year }: Temporal.PlainDate, timeZone: string): Readonly<{ from: number; until: number }> {
  const begins = (of: number) => Temporal.PlainDate.from({ year: of, month: 1, day: 1 }).toZonedDateTime(timeZone)
  const key = `${String(year)} ${timeZone}`
  const known = years.get(key) ?? { from: begins(year).epochMilliseconds, until: begins(year + 1).epochMilliseconds }
  years.set(key, known)
  return known
}

/** A time of today's, on the city's clocks. */
export function timeOfDay({ city }: Day, at: Temporal.Instant): string {
  return format('time', city.timeZone).format(at.epochMilliseconds)
}

/** A date, short, as it stands beside how many days it is from today. */
export function shortDate(date: Temporal.PlainDate): string {
  return format('date', 'UTC').format(Date.UTC(date.year, date.month - 1, date.day))
}

const time = { hour: 'numeric', minute: '2-digit' } as const
const date = { month: 'short', day: 'numeric' } as const
const styles = {
  time,
  date,
  moment: { ...date, ...time },
  'moment-and-year': { ...date, ...time, year: 'numeric' },
} as const
const formats = new Map<string, Intl.DateTimeFormat>()

/** Made once for each style and time zone: making one costs more than all else on a page. */
function format(style: keyof typeof styles, timeZone: string): Intl.DateTimeFormat {
  const key = `${style} ${timeZone}`
  const known = formats.get(key) ?? new Intl.DateTimeFormat(localeOf('en'), { ...styles[style], timeZone })
  formats.set(key, known)
  return known
}

export function receivedWords(day: Day, line: CaseLine): string {
  return say('en', 'receivedDays', { days: daysSince(day, line.receivedAt) })
}

const dayMs = 86_400_000
const dayNumber = ({ year, month, day }: Temporal.PlainDate): number => Date.UTC(year, month - 1, day) / dayMs

/**
 * How many days ago that was, on the city's calendar. A moment may stand a little ahead of today where a process's clock
 * is: then it is today. Fifty lines of a list ask: they are compared with midnights, which are made once a day.
 */
function daysSince({ city, today }: Day, at: Temporal.Instant): number {
  const ms = at.epochMilliseconds
  const begins = midnights(today, city.timeZone)
  const about = Math.max(0, Math.ceil((begins(0) - ms) / dayMs))
  // A day on which the clocks change is an hour shorter or longer than others.
  if (ms < begins(about)) return about + 1
  return about > 0 && ms >= begins(about - 1) ? about - 1 : about
}

const calendars = new Map<string, Readonly<{ day: number; begins: (daysAgo: number) => number }>>()

/** When today began on the city's clocks, and each day before it. */
function midnights(today: Temporal.PlainDate, timeZone: string): (daysAgo: number) => number {
  const known = calendars.get(timeZone)
  const day = dayNumber(today)
  if (known?.day === day) return known.begins
  const found = new Map<number, number>()
  const begins = (daysAgo: number): number => {
    const at = found.get(daysAgo) ?? today.subtract({ days: daysAgo }).toZonedDateTime(timeZone).epochMilliseconds
    found.set(daysAgo, at)
    return at
  }
  calendars.set(timeZone, { day, begins })
  return begins
}

export function topicName(city: City, id: string): string {
  return city.topics.get(id as TopicId)?.name.en ?? id
}

/** What a list says of a case's topic: of a sensitive one the department only. */
export function topicInList(city: City, id: TopicId): { words: string; sensitive: boolean } {
  const topic = city.topics.get(id)
  if (!topic?.sensitive) return { words: topic?.name.en ?? id, sensitive: false }
  return { words: city.departments.get(topic.department)?.name.en ?? topic.department, sensitive: true }
}

/** Through which door a letter came, in a word for a list; the form is the usual one. */
export const channelWord = (channel: Channel): string => say('en', `channel_${channel}`)
/** The same as a sentence. */
export const cameBy = (channel: Channel): string => say('en', `cameBy_${channel}`)

/** A duty with its department, as the person reads it too. */
export function dutyWords(city: City, id: DutyId): string {
  const duty = city.duties.get(id)
  if (!duty) return id
  return `${duty.title.en}, ${city.departments.get(duty.department)?.name.en ?? duty.department}`
}
