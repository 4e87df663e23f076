import type { Field } from '../define-field.ts'
import type { Answer, Row } from './answer.ts'
import type { ErrorCode } from './errors.ts'
import { cleanText, readDate, readMoney, readNumber, readTime } from './read-typed.ts'

/** What was posted, by name: a part of a person stands under `applicant.name`, a cell of a table under `items.0.what`. */
export type Posted = Readonly<Record<string, unknown>>

/** What one question was answered with; nothing written is no answer. `rows`: which posted row each row of a table was. */
export type Read = Readonly<{ answer?: Answer; errors: readonly Wrong[]; rows?: readonly number[] }>
/** `at`: the posted name that is wrong. */
export type Wrong = Readonly<{ at: string; code: ErrorCode }>

const none: Read = { errors: [] }

export function readField(field: Field, posted: Posted): Read {
  switch (field.kind) {
    // Files come beside the answers, and what is reckoned is not asked: what is posted under their names is not an answer.
    case 'files':
    case 'reckoned':
      return none
    case 'table':
      return readTable(field, posted)
    case 'person':
    case 'child': {
      const { row, errors } = readParts(field.parts ?? [], `${field.name}.`, posted)
      return Object.keys(row).length === 0 ? { errors } : { answer: row, errors }
    }
    case 'several':
      return readSeveral(field.name, posted)
    case 'slot':
      return readSlotField(field.name, posted)
    case 'session':
      return readSessionField(field.name, posted)
    case 'address':
      return readInstead(field, `${field.name}-pick`, posted)
    case 'map-place':
      return readInstead(field, `${field.name}-near`, posted)
    default:
      return readOne(field, field.name, posted)
  }
}

/** The time that was chosen; how many slots and places stand beside it, one where they are left out. */
function readSlotField(name: string, posted: Posted): Read {
  const read = (at: string) => writtenAt(at, posted, false)
  const [chosen, slots, places] = [read(name), read(`${name}-slots`), read(`${name}-places`)]
  if (!chosen || !slots || !places || chosen.length > 1) return { errors: [{ at: name, code: 'not-a-slot' }] }
  const [only] = chosen
  return only === undefined ? none : { answer: `${only}/${slots[0] ?? '1'}/${places[0] ?? '1'}`, errors: [] }
}

/** What is signed up for, and with it the mark of the words that were agreed to. */
function readSessionField(name: string, posted: Posted): Read {
  const read = (at: string) => writtenAt(at, posted, false)
  const [chosen, agreed, done] = [read(name), read(`${name}-agreed`), read(`${name}-done`)]
  if (!chosen || !agreed || !done || chosen.length > 1) return { errors: [{ at: name, code: 'not-a-session' }] }
  const [only] = chosen
  if (only === undefined) return none
  return { answer: [only, ...agreed.slice(0, 1), ...(done.length > 0 ? ['done'] : [])].join('/'), errors: [] }
}

/** What was chosen in place of what was typed or pointed at: an address that was offered, or a neighborhood. */
function readInstead(field: Field, name: string, posted: Posted): Read {
  const [chosen] = writtenAt(name, posted, false) ?? []
  return chosen === undefined ? readOne(field, field.name, posted) : { answer: chosen, errors: [] }
}

function readSeveral(name: string, posted: Posted): Read {
  const written = writtenAt(name, posted, false)
  if (written === undefined) return { errors: [{ at: name, code: 'unreadable' }] }
  return written.length === 0 ? none : { answer: [...new Set(written)], errors: [] }
}

/** Rows in which nothing was written are none. */
function readTable({ name, parts = [], maxItems = 0 }: Field, posted: Posted): Read {
  const read = rowNumbers(name, posted, maxItems).map((at) => ({
    at,
    ...readParts(parts, `${name}.${String(at)}.`, posted),
  }))
  const kept = read.filter(({ row, errors }) => Object.keys(row).length > 0 || errors.length > 0)
  const errors = kept.flatMap((one) => one.errors)
  if (kept.length === 0) return { errors }
  return { answer: kept.map(({ row }) => row), errors, rows: kept.map(({ at }) => at) }
}

/** Which rows were posted, in order; a few more than may be are read, so that they can be told about. */
export function rowNumbers(name: string, posted: Posted, most: number): readonly number[] {
  const found = Object.keys(posted).flatMap((key) => {
    if (!key.startsWith(`${name}.`)) return []
    const [, digits] = /^(\d{1,3})\./.exec(key.slice(name.length + 1)) ?? []
    return digits === undefined ? [] : [Number(digits)]
  })
  return [...new Set(found)].sort((a, b) => a - b).slice(0, most + 5)
}

function readParts(parts: readonly Field[], prefix: string, posted: Posted): { row: Row; errors: readonly Wrong[] } {
  const row: Record<string, Row[string]> = {}
  const errors = parts.flatMap((part) => {
    const read = readOne(part, prefix + part.name, posted)
    if (read.answer !== undefined) row[part.name] = read.answer as Row[string]
    return read.errors
  })
  return { row, errors }
}

function readOne({ kind }: Field, at: string, posted: Posted): Read {
  const wrong = (code: ErrorCode): Read => ({ errors: [{ at, code }] })
  const written = writtenAt(at, posted, kind === 'long-text')
  if (written === undefined) return wrong('unreadable')
  if (written.length > 1) return wrong('wrong')
  const [only] = written
  if (only === undefined) return none
  const taken = (answer: Answer | undefined, code: ErrorCode) =>
    answer === undefined ? wrong(code) : { answer, errors: [] }
  switch (kind) {
    case 'yes-no':
      return taken(!(only === 'no' || only === 'false'), 'wrong')
    case 'declaration':
      return taken(true, 'wrong')
    case 'number':
      return taken(readNumber(only), 'not-a-number')
    case 'money':
      return taken(readMoney(only), 'not-money')
    case 'date':
      return taken(readDate(only), 'not-a-date')
    case 'time':
      return taken(readTime(only), 'not-a-time')
    case 'map-place':
      return taken(only.replace(/\s+/g, ''), 'wrong')
    default:
      return taken(only, 'wrong')
  }
}

/** The texts posted under a name, cleaned, without the empty; undefined where one cannot be read. */
function writtenAt(name: string, posted: Posted, lines: boolean): readonly string[] | undefined {
  const value = Object.hasOwn(posted, name) ? posted[name] : undefined
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value]
  const written: string[] = []
  for (const one of texts) {
    if (one === undefined) continue
    const text = typeof one === 'string' ? cleanText(one, lines) : undefined
    if (text === undefined) return undefined
    if (text !== '') written.push(text)
  }
  return written
}
