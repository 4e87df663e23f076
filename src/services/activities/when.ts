import type { Temporal } from 'temporal-polyfill'
import type { Hours, Session } from '../../city/index.ts'
import { localeOf, type Language } from '../../plumbing/index.ts'

const formats = new Map<string, Intl.DateTimeFormat>()

function format(language: Language, style: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${JSON.stringify(style)}`
  const known = formats.get(key) ?? new Intl.DateTimeFormat(localeOf(language), style)
  formats.set(key, known)
  return known
}

/** Mails and searches know the plain space and the no-break one. */
const plain = (words: string) => words.replaceAll('\u202f', '\u00a0').replaceAll(/[\u2009 ]–[\u2009 ]/g, '\u00a0– ')

const utc = (date: Temporal.PlainDate) => Date.UTC(date.year, date.month - 1, date.day)
const minuteOf = (minutes: number) => Date.UTC(2027, 0, 1, 0, minutes)

/** January 12 – February 18, 2027. */
export function spanWords(language: Language, { first, last }: Pick<Session, 'first' | 'last'>): string {
  const style = { month: 'long', day: 'numeric', year: 'numeric', timeZone: 'UTC' } as const
  return plain(format(language, style).formatRange(utc(first), utc(last)))
}

/** Tuesday and Thursday, 4:00 – 4:45 PM; days with other hours follow. Three and more days in a row are “Monday to Friday”. */
export function hoursWords(language: Language, { hours }: Pick<Session, 'hours'>): string {
  const byHours = new Map<string, { span: Hours; days: number[] }>()
  for (const [day, span] of [...hours].sort(([a], [b]) => a - b)) {
    const key = `${String(span.opens)} ${String(span.closes)}`
    const known = byHours.get(key) ?? { span, days: [] }
    known.days.push(day)
    byHours.set(key, known)
  }
  const parts = [...byHours.values()].map(
    ({ span, days }) => `${daysWords(language, days)}, ${clockRange(language, span)}`,
  )
  const [start = '', ...others] = parts
  return [start.charAt(0).toUpperCase() + start.slice(1), ...others].join('; ')
}

function daysWords(language: Language, days: readonly number[]): string {
  const names = days.map((day) =>
    format(language, { weekday: 'long', timeZone: 'UTC' }).format(Date.UTC(2027, 0, 3 + day)),
  )
  const inRow = days.length > 2 && days.every((day, at) => at === 0 || day === (days[at - 1] ?? 0) + 1)
  if (inRow) return `${names[0] ?? ''} ${language === 'en' ? 'to' : 'a'} ${names.at(-1) ?? ''}`
  return new Intl.ListFormat(localeOf(language), { type: 'conjunction' }).format(names)
}

function clockRange(language: Language, { opens, closes }: Hours): string {
  const style = { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' } as const
  return plain(format(language, style).formatRange(minuteOf(opens), minuteOf(closes)))
}

type Stretch = Readonly<{ start: Temporal.Instant; end: Temporal.Instant }>

/** Wednesday, January 13, 6:30 – 9:00 PM. */
export function meetingWords(language: Language, timeZone: string, { start, end }: Stretch): string {
  const style = {
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone,
  } as const
  return plain(format(language, style).formatRange(start.epochMilliseconds, end.epochMilliseconds))
}

/** 6:30 – 9:00 PM. */
export function timesWords(language: Language, timeZone: string, { start, end }: Stretch): string {
  const style = { hour: 'numeric', minute: '2-digit', timeZone } as const
  return plain(format(language, style).formatRange(start.epochMilliseconds, end.epochMilliseconds))
}

/** Monday, February 8, 2027, 9:00 AM: a moment by which, or from which on, something can be done. */
export function momentOf(language: Language, timeZone: string, at: Temporal.Instant): string {
  const style = {
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone,
  } as const
  return plain(format(language, style).format(at.epochMilliseconds))
}
