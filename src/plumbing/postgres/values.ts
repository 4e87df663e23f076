import pg from 'pg'
import { Temporal } from 'temporal-polyfill'

type Parse = (text: string) => unknown

function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number))
    throw new RangeError('a bigint from the database is outside the safe whole numbers')
  return number
}

const inUtc = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?\+00$/

/** As the server writes an instant in UTC, taken apart here: a page of hundreds has no time for every ISO 8601 form. */
const instant: Parse = (text) => {
  const [, year, month, day, hour, minute, second, part = ''] = inUtc.exec(text) ?? []
  if (year === undefined) return Temporal.Instant.from(text)
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  return Temporal.Instant.fromEpochNanoseconds(BigInt(ms) * 1_000_000n + BigInt(part.padEnd(6, '0')) * 1_000n)
}
const plainDate: Parse = (text) => {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? []
  return year === undefined
    ? Temporal.PlainDate.from(text)
    : new Temporal.PlainDate(Number(year), Number(month), Number(day))
}
const driversParser = pg.types.getTypeParser as (oid: number, format?: 'text' | 'binary') => Parse
const readTextArray = driversParser(1009)
const listOf = (parse: Parse): Parse => {
  const entry = (one: unknown): unknown =>
    Array.isArray(one) ? one.map(entry) : typeof one === 'string' ? parse(one) : null
  return (text) => entry(readTextArray(text))
}

/** int8, date, timestamptz and their arrays; a timestamp without zone stays text, for nothing of ours uses it. */
const parsers = new Map<number, Parse>([
  [20, wholeNumber],
  [1082, plainDate],
  [1184, instant],
  [1114, (text) => text],
  [1016, listOf(wholeNumber)],
  [1182, listOf(plainDate)],
  [1185, listOf(instant)],
])

/** The driver's reading of column types, with our own for whole numbers, dates and instants. */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format === 'binary' ? undefined : parsers.get(oid)) ?? driversParser(oid, format),
}

/** What the driver sends for a value: it would write an instant as a JSON string, quotes included. */
export function sent(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Temporal.Instant || value instanceof Temporal.PlainDate) return value.toString()
  if (!Array.isArray(value)) return value
  const list: readonly unknown[] = value
  return isListOfBytes(list) ? listOfBytes(list) : list.map(sent)
}

const byteaOid = 17

const isListOfBytes = (list: readonly unknown[]): list is readonly (Buffer | null)[] =>
  list.some((one) => one instanceof Buffer) && list.every((one) => one instanceof Buffer || one === null)

/** A `bytea[]` in PostgreSQL's binary form: half as long as its text, which both sides would go through sign by sign. */
function listOfBytes(list: readonly (Buffer | null)[]): Buffer {
  const whole = Buffer.allocUnsafe(list.reduce((sum, one) => sum + 4 + (one?.length ?? 0), 20))
  let at = 0
  for (const word of [1, list.includes(null) ? 1 : 0, byteaOid, list.length, 1]) at = whole.writeInt32BE(word, at)
  for (const one of list) {
    at = whole.writeInt32BE(one?.length ?? -1, at)
    at += one?.copy(whole, at) ?? 0
  }
  return whole
}
