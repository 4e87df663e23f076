import { Temporal } from 'temporal-polyfill'
import type { Clock, Language } from '../../plumbing/index.ts'
import { say } from './messages.ts'
import { only, type Parameters } from './parameters.ts'
import type { Asked } from './published.ts'
import { isRefused, refuse, type Refused } from './refused.ts'

/** What `GET requests` asks for: numbers, which override everything else, or a time with filters. */
export type Question = Readonly<{ numbers: readonly number[] }> | Asked

export function questionIn(parameters: Parameters, clock: Clock, language: Language): Question | Refused {
  const numbers = numbersIn(parameters)
  if (numbers === 'wrong') return refuse(400, say(language, 'errIds'))
  if (numbers) return { numbers }
  const between = spanIn(parameters, clock, language)
  if (isRefused(between)) return between
  const topics = wordsIn(parameters, 'service_code')
  const states = wordsIn(parameters, 'status')?.map((state) => state.toLowerCase())
  if (states?.some((state) => state !== 'open' && state !== 'closed')) return refuse(400, say(language, 'errStatus'))
  const open = states && new Set(states).size === 1 ? states[0] === 'open' : undefined
  return { ...between, ...(topics && { topics }), ...(open !== undefined && { open }) }
}

const ninetyDays = { hours: 90 * 24 }

/** From when until when; where one end is open, 90 days, and where both are, the last 90. Refused: no moment, or ends exchanged. */
export function spanIn(
  parameters: Parameters,
  clock: Clock,
  language: Language,
): Readonly<{ from: string; until: string }> | Refused {
  const start = momentIn(parameters, 'start_date', language)
  const end = momentIn(parameters, 'end_date', language)
  if (isRefused(start)) return start
  if (isRefused(end)) return end
  const until = end ?? (start ? start.add(ninetyDays) : clock.now())
  const from = start ?? until.subtract(ninetyDays)
  if (Temporal.Instant.compare(from, until) > 0) return refuse(400, say(language, 'errDates'))
  return { from: from.toString(), until: until.toString() }
}

/** W3C date and time: a date alone, or a time without its zone, is nobody's moment. */
function momentIn(parameters: Parameters, name: string, language: Language): Temporal.Instant | undefined | Refused {
  const text = only(parameters, name, language)
  if (text === undefined || typeof text !== 'string') return text
  const wrong = refuse(400, say(language, 'errDate', { name }))
  // A plus sign in an address that was not encoded has become a space.
  const written = text.replace(/ (\d\d:?\d\d)$/, '+$1')
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/i.test(written)) return wrong
  try {
    const moment = Temporal.Instant.from(written)
    const year = moment.epochMilliseconds / 31_556_952_000 + 1970
    return year > 1900 && year < 2200 ? moment : wrong
  } catch {
    return wrong
  }
}

function numbersIn(parameters: Parameters): readonly number[] | 'wrong' | undefined {
  const ids = wordsIn(parameters, 'service_request_id')
  if (!ids) return undefined
  return ids.length <= 1_000 && ids.every((id) => /^\d{1,15}$/.test(id)) ? ids.map(Number) : 'wrong'
}

/** A list with commas, or the parameter repeated. */
function wordsIn(parameters: Parameters, name: string): readonly string[] | undefined {
  const words = (parameters.get(name) ?? []).flatMap((value) => value.split(',').map((word) => word.trim()))
  const said = words.filter((word) => word !== '')
  return said.length === 0 ? undefined : said
}
