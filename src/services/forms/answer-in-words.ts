import { localeOf, type Language } from '../../plumbing/index.ts'
import { isRow, rowsOf, type Answer, type Row } from './answering/answer.ts'
import type { Field } from './define-field.ts'
import { say } from './messages.ts'

/**
 * An answer as it will be read for ever, in the person's language: dates and amounts in words, choices by their labels, a
 * person and a table part by part. Parts in `apart` are left out: they are sealed elsewhere.
 */
export function inWords(
  field: Field,
  said: Answer,
  language: Language,
  apart: ReadonlySet<string> = new Set(),
): string {
  if (field.kind === 'table')
    return rowsOf(said)
      .map((row, at) => `${String(at + 1)}. ${parts(field, row, language, apart).join('; ')}`)
      .join('\n')
  if (isRow(said)) return parts(field, said, language, apart).join('\n')
  if (Array.isArray(said)) return said.map((one) => oneInWords(field, String(one), language)).join('; ')
  return oneInWords(field, said as string | number | boolean, language)
}

function parts(field: Field, row: Row, language: Language, apart: ReadonlySet<string>): string[] {
  return (field.parts ?? []).flatMap((part) => {
    const said = row[part.name]
    if (said === undefined || apart.has(`${field.name}.${part.name}`)) return []
    return [`${part.label[language]}: ${oneInWords(part, said, language)}`]
  })
}

function oneInWords(
  { kind, choices, shown, statement }: Field,
  said: string | number | boolean,
  language: Language,
): string {
  if (kind === 'declaration') return statement?.[language] ?? say(language, 'yes')
  if (typeof said === 'boolean') return say(language, said ? 'yes' : 'no')
  if (typeof said === 'number') return numberInWords(said, kind === 'money' || shown === 'money', language)
  if (kind === 'date') return dateInWords(said, language)
  return choices?.find(({ value }) => value === said)?.label[language] ?? said
}

type Formats = Readonly<{ money: Intl.NumberFormat; number: Intl.NumberFormat; date: Intl.DateTimeFormat }>

/** Made once for each language: making one takes longer than everything else that is done with an answer. */
const formats = new Map<Language, Formats>()

function formatsOf(language: Language): Formats {
  const known = formats.get(language)
  if (known) return known
  const locale = localeOf(language)
  const made = {
    money: new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD' }),
    number: new Intl.NumberFormat(locale, { maximumFractionDigits: 6 }),
    date: new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }),
  }
  formats.set(language, made)
  return made
}

export function numberInWords(value: number, money: boolean, language: Language): string {
  const { money: amount, number } = formatsOf(language)
  return money ? amount.format(value / 100) : number.format(value)
}

function dateInWords(iso: string, language: Language): string {
  const [year = 0, month = 1, day = 1] = iso.split('-').map(Number)
  const date = new Date(Date.UTC(year, month - 1, day))
  date.setUTCFullYear(year)
  return formatsOf(language).date.format(date)
}
