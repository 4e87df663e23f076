import { isDate } from './formats.ts'

// NUL and its like break databases and mail; a lone surrogate is half a character and cannot be stored as UTF-8.
const control = /[^\P{Cc}\n\t]/u

/** Composed (NFC), line ends as \n, trimmed; undefined where it holds what no keyboard writes, or a line end in a single line. */
export function cleanText(value: string, lines: boolean): string | undefined {
  if (!value.isWellFormed()) return undefined
  const text = value.replace(/\r\n?/g, '\n').normalize('NFC').trim()
  if (control.test(text) || (!lines && text.includes('\n'))) return undefined
  return lines ? text : text.replaceAll('\t', ' ')
}

/** A number as it is typed here: `1,250` and `-0.5`. */
export function readNumber(text: string): number | undefined {
  const plain = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text
  return /^-?\d{1,15}(\.\d{1,6})?$/.test(plain) ? Number(plain) : undefined
}

/** An amount in dollars as whole cents: `$1,250.50`, `12`, `.5` is not one. */
export function readMoney(text: string): number | undefined {
  const amount = text.replace(/^(\$|US\$|USD)\s*/i, '').replace(/\s*(dollars?|dólares|USD)$/i, '')
  const plain = /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(amount) ? amount.replaceAll(',', '') : amount
  const [, dollars, cents = ''] = /^(\d{1,10})(?:\.(\d{1,2}))?$/.exec(plain) ?? []
  return dollars === undefined ? undefined : Number(dollars) * 100 + Number(cents.padEnd(2, '0'))
}

/** A time of day as HH:MM: `15:30`, `3:30 pm`, `3 p. m.` */
export function readTime(text: string): string | undefined {
  const [, hours, minutes = '00', half] = /^(\d{1,2})(?:[:.](\d{2}))?\s*([ap])?\.?\s*m?\.?$/i.exec(text) ?? []
  if (hours === undefined || Number(minutes) > 59) return undefined
  const hour = Number(hours)
  if (half === undefined) return hour > 23 || !/[:.]\d/.test(text) ? undefined : clock(hour, minutes)
  if (hour < 1 || hour > 12) return undefined
  return clock((hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0), minutes)
}

const clock = (hour: number, minutes: string) => `${String(hour).padStart(2, '0')}:${minutes}`

const months: Readonly<Record<string, number>> = Object.fromEntries(
  [
    ['january', 'jan', 'enero', 'ene'],
    ['february', 'feb', 'febrero'],
    ['march', 'mar', 'marzo'],
    ['april', 'apr', 'abril', 'abr'],
    ['may', 'mayo'],
    ['june', 'jun', 'junio'],
    ['july', 'jul', 'julio'],
    ['august', 'aug', 'agosto', 'ago'],
    ['september', 'sep', 'sept', 'septiembre'],
    ['october', 'oct', 'octubre'],
    ['november', 'nov', 'noviembre'],
    ['december', 'dec', 'diciembre', 'dic'],
  ].flatMap((names, at) => names.map((name) => [name, at + 1])),
)

/**
 * A date as people here write it, as YYYY-MM-DD: `3/14/2026` (the month first), `2026-03-14`, `March 14, 2026`,
 * `14 de marzo de 2026`. The year has four digits: nobody guesses a century.
 */
export function readDate(text: string): string | undefined {
  const words = text.toLowerCase().replace(/[.,]/g, ' ').replace(/\s+/g, ' ').trim()
  const found =
    named(/^(?<y>\d{4})-(?<m>\d{1,2})-(?<d>\d{1,2})$/.exec(words)) ??
    named(/^(?<m>\d{1,2})[/ -](?<d>\d{1,2})[/ -](?<y>\d{4})$/.exec(words)) ??
    named(/^(?<name>\p{L}+) (?<d>\d{1,2})(?:st|nd|rd|th)? (?:de )?(?<y>\d{4})$/u.exec(words)) ??
    named(/^(?<d>\d{1,2})(?:st|nd|rd|th|º)? (?:de )?(?<name>\p{L}+) (?:de |del )?(?<y>\d{4})$/u.exec(words))
  return found !== undefined && isDate(found) ? found : undefined
}

function named(match: RegExpExecArray | null): string | undefined {
  if (!match?.groups) return undefined
  const { y = '', m, d = '', name } = match.groups
  const month = name === undefined ? Number(m) : months[name]
  return month === undefined ? undefined : `${y}-${String(month).padStart(2, '0')}-${d.padStart(2, '0')}`
}
