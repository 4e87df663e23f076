import { IntlMessageFormat, type Formatters } from 'intl-messageformat'
import { html, isHtml, type Html } from './html.ts'

/** The languages of the site. English stands at `/`, Spanish at `/es`. */
export type Language = 'en' | 'es'
export const languages: readonly Language[] = ['en', 'es']

const locales: Record<Language, string> = { en: 'en-US', es: 'es-US' }

/** The BCP 47 tag under which numbers and dates of a language are written. */
export function localeOf(language: Language): string {
  return locales[language]
}

export type Values = Readonly<Record<string, string | number | boolean>>
/** Beside plain values: markup, and for a tag in the message (`<link>here</link>`) what wraps its text. */
export type RichValues = Readonly<Record<string, string | number | Html | ((text: Html) => Html)>>

/** The words of one room, by key, in ICU MessageFormat. Spanish, where it is given, has every key of English. */
export interface Words<Key extends string> {
  readonly en: Readonly<Record<Key, string>>
  readonly es?: Readonly<Record<NoInfer<Key>, string>>
}

export interface Say<Key extends string> {
  /** The message as plain text. A language without words of its own is answered in English. */
  (language: Language, key: Key, values?: Values): string
  /** The message as markup: its text and plain values are escaped, values that are markup stay markup. */
  rich(language: Language, key: Key, values?: RichValues): Html
  readonly words: Words<Key>
}

const registered: Words<string>[] = []

/** Every catalogue that has been loaded, for the test that all languages say the same things. */
export function catalogues(): readonly Words<string>[] {
  return registered
}

const made = new Map<Language, Formatters>()

/** A language's numbers and plurals, made once: the library would look them up for every message by their options as JSON. */
function formattersOf(language: Language): Formatters {
  const known = made.get(language)
  if (known) return known
  const locale = locales[language]
  const numbers = new Intl.NumberFormat(locale)
  const plurals = { cardinal: new Intl.PluralRules(locale), ordinal: new Intl.PluralRules(locale, { type: 'ordinal' }) }
  const formatters: Formatters = {
    getNumberFormat: (_locale, style) => (style ? new Intl.NumberFormat(locale, style) : numbers),
    getPluralRules: (_locale, { type = 'cardinal' } = {}) => plurals[type],
    getDateTimeFormat: (...style) => new Intl.DateTimeFormat(...style),
  }
  made.set(language, formatters)
  return formatters
}

/** Gives a room its voice. A message is compiled when first said and kept. */
export function catalogue<Key extends string>(words: Words<Key>): Say<Key> {
  registered.push(words)
  const compiled: Record<Language, Map<Key, IntlMessageFormat | string>> = { en: new Map(), es: new Map() }
  const counted: Record<Language, Map<string, string>> = { en: new Map(), es: new Map() }

  function message(language: Language, key: Key): IntlMessageFormat | string {
    const known = compiled[language].get(key)
    if (known !== undefined) return known
    const text = language === 'es' ? (words.es?.[key] ?? words.en[key]) : words.en[key]
    const spoken = words[language] ? language : 'en'
    const format = new IntlMessageFormat(text, locales[spoken], undefined, { formatters: formattersOf(spoken) })
    const [only, ...others] = format.getAst()
    const kept = only?.type === 0 && others.length === 0 ? only.value : format
    compiled[language].set(key, kept)
    return kept
  }

  function say(language: Language, key: Key, values?: Values): string {
    const found = message(language, key)
    if (typeof found === 'string') return found
    const count = onlyCount(values)
    if (count === undefined) return String(found.format(values))
    const known = counted[language].get(`${key} ${count}`)
    if (known !== undefined) return known
    const said = String(found.format(values))
    counted[language].set(`${key} ${count}`, said)
    return said
  }

  say.rich = (language: Language, key: Key, values: RichValues = {}): Html => {
    const found = message(language, key)
    if (typeof found === 'string') return html`${found}`
    return markup(found.formatToParts(wrapTags(values)).map((part) => part.value))
  }
  say.words = words
  return say
}

/** Where all that a message is told is one small number, as a list says by the hundred (“3 days late”): it is said once. */
function onlyCount(values: Values = {}): string | undefined {
  const [only, ...others] = Object.entries(values)
  if (!only || others.length > 0) return undefined
  const [name, value] = only
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 1000
    ? `${name} ${String(value)}`
    : undefined
}

type FormatValues = NonNullable<Parameters<IntlMessageFormat['formatToParts']>[0]>

function wrapTags(values: RichValues): FormatValues {
  const wrapped: FormatValues = {}
  for (const [name, value] of Object.entries(values)) {
    wrapped[name] = typeof value === 'function' ? (chunks: unknown) => value(markup([chunks].flat())) : value
  }
  return wrapped
}

function markup(chunks: readonly unknown[]): Html {
  return html`${chunks.map((chunk) => (isHtml(chunk) ? chunk : String(chunk)))}`
}
