import type { Temporal } from 'temporal-polyfill'
import { html, localeOf, type Html, type Language } from '../../plumbing/index.ts'

type Style = 'date' | 'weekday' | 'moment'

const styles: Record<Style, Intl.DateTimeFormatOptions> = {
  date: { dateStyle: 'long' },
  weekday: { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' },
  moment: { dateStyle: 'medium', timeStyle: 'short' },
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** The day stays with its month: "December 2" is not parted at the end of a line. */
const together = (words: string) => words.replace(/(?<=\p{L}) (?=\d{1,2},)|(?<=\b\d{1,2}) (?=de )/gu, '\u00a0')

/** A calendar date as it is written in a sentence: March 4, 2026; 4 de marzo de 2026. */
export function dateWords(language: Language, date: Temporal.PlainDate): string {
  return together(format('date', language, 'UTC').format(Date.UTC(date.year, date.month - 1, date.day)))
}

/** A date by which something is due, with its weekday. */
export function weekdayWords(language: Language, date: Temporal.PlainDate): string {
  return together(format('weekday', language, 'UTC').format(Date.UTC(date.year, date.month - 1, date.day)))
}

/** An instant as the clocks in the city showed it. */
export function momentWords(language: Language, at: Temporal.Instant, timeZone: string): string {
  return format('moment', language, timeZone).format(at.epochMilliseconds)
}

/** An instant for people and, in its attribute, for machines. */
export function moment(language: Language, at: Temporal.Instant, timeZone: string): Html {
  return html`<time datetime="${toTheSecond(at)}">${momentWords(language, at, timeZone)}</time>`
}

/** An instant for machines, as RFC 3339 writes it: 2026-11-25T18:30:30Z. */
export function toTheSecond(at: Temporal.Instant): string {
  return `${new Date(at.epochMilliseconds).toISOString().slice(0, -5)}Z`
}

function format(style: Style, language: Language, timeZone: string): Intl.DateTimeFormat {
  const key = `${style} ${language} ${timeZone}`
  const known = formats.get(key) ?? new Intl.DateTimeFormat(localeOf(language), { ...styles[style], timeZone })
  formats.set(key, known)
  return known
}
