import type { Temporal } from 'temporal-polyfill'
import { localeOf, type Language } from '../../plumbing/index.ts'
import { moneyOf, sayMoney } from '../payments/index.ts'

type Stretch = Readonly<{ start: Temporal.Instant; end: Temporal.Instant }>

const formats = new Map<string, Intl.DateTimeFormat>()

/** Thursday, December 10, 2026, 10:00 AM – 12:00 PM, as the clocks in the city show it. */
export function whenWords(language: Language, timeZone: string, { start, end }: Stretch): string {
  const style = { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' } as const
  return range(language, timeZone, { start, end }, style)
}

/** 10:00 AM – 12:00 PM. */
export function timeWords(language: Language, timeZone: string, stretch: Stretch): string {
  return range(language, timeZone, stretch, {})
}

/** Thursday, December 10, 10:00 AM: a moment by which something has to be done. */
export function untilWords(language: Language, timeZone: string, at: Temporal.Instant): string {
  const style = { weekday: 'long', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' } as const
  return plain(format(language, timeZone, style).format(at.epochMilliseconds))
}

function range(
  language: Language,
  timeZone: string,
  { start, end }: Stretch,
  style: Intl.DateTimeFormatOptions,
): string {
  const times = { hour: 'numeric', minute: '2-digit' } as const
  // On a day on which the clocks change an hour may come twice: the zone's name tells which is meant.
  const zone = isPlainDay(start, timeZone) && isPlainDay(end, timeZone) ? {} : ({ timeZoneName: 'short' } as const)
  const formatted = format(language, timeZone, { ...style, ...times, ...zone })
  return plain(formatted.formatRange(start.epochMilliseconds, end.epochMilliseconds))
}

const isPlainDay = (at: Temporal.Instant, timeZone: string) => at.toZonedDateTimeISO(timeZone).hoursInDay === 24

function format(language: Language, timeZone: string, style: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${timeZone} ${JSON.stringify(style)}`
  const known = formats.get(key) ?? new Intl.DateTimeFormat(localeOf(language), { ...style, timeZone })
  formats.set(key, known)
  return known
}

/** Mails and searches know the plain space and the no-break one. */
const plain = (words: string) => words.replaceAll('\u202f', '\u00a0').replaceAll('\u2009', ' ')

/** 10:00 AM; with the zone's name on a day on which the clocks change. */
export function clockWords(language: Language, timeZone: string, at: Temporal.Instant): string {
  const zone = isPlainDay(at, timeZone) ? {} : ({ timeZoneName: 'short' } as const)
  return plain(format(language, timeZone, { hour: 'numeric', minute: '2-digit', ...zone }).format(at.epochMilliseconds))
}

/** Monday, December 7; `short`: Mon, Dec 7. */
export function dayWords(language: Language, date: Temporal.PlainDate, length: 'long' | 'short' = 'long'): string {
  const style = { weekday: length, month: length, day: 'numeric' } as const
  return plain(format(language, 'UTC', style).format(Date.UTC(date.year, date.month - 1, date.day)))
}

/** November 23 – 29, 2026. */
export function weekWords(language: Language, monday: Temporal.PlainDate): string {
  const [from, to] = [monday, monday.add({ days: 6 })].map((date) => Date.UTC(date.year, date.month - 1, date.day))
  const style = { year: 'numeric', month: 'long', day: 'numeric' } as const
  return plain(format(language, 'UTC', style).formatRange(from ?? 0, to ?? 0))
}

/** $90.00, as the room of payments writes money. */
export const moneyWords = (language: Language, cents: number): string => sayMoney(language, moneyOf(cents))
