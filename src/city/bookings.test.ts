import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isRefusal, loadCity } from './index.ts'

const original = join(import.meta.dirname, '../../city')
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cityhall-bookings-'))
  cpSync(original, folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Changes words in bookings.yaml and gives what is told, as `line says [allowed]`. */
function change(from: string, to: string): string[] {
  const path = join(folder, 'bookings.yaml')
  const source = readFileSync(path, 'utf8')
  if (!source.includes(from)) throw new Error(`bookings.yaml does not say “${from}”`)
  writeFileSync(path, source.replace(from, to))
  const read = loadCity(folder)
  if (!isRefusal(read)) return []
  return read.mistakes.map(({ line, says, allowed }) => `${String(line)} ${says} [${allowed}]`)
}

const lineOf = (words: string) =>
  readFileSync(join(original, 'bookings.yaml'), 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(words)) + 1

describe('bookings.yaml', () => {
  it('is read whole: hours past midnight, holidays, prices by group', () => {
    const city = loadCity(folder)
    if (isRefusal(city)) throw new Error(JSON.stringify(city.mistakes))
    const [hall, ...others] = city.bookings.values()
    expect(hall).toMatchObject({ id: 'community-hall', slot: 120, buffer: 30, keepsHolidays: true, payWithin: 72 })
    expect(hall?.open.get(6)).toEqual([{ opens: 600, closes: 1440 }])
    expect(hall?.price?.groups.get('nonprofits' as never)).toMatchObject({ slot: 3000 })
    expect(others.map(({ kind }) => kind)).toContain('appointment')
    expect(() => Object.assign(hall ?? {}, { capacity: 99 })).toThrow(TypeError)
  })

  it('may be left out', () => {
    rmSync(join(folder, 'bookings.yaml'))
    // Its video call is booked.
    rmSync(join(folder, 'consent.yaml'))
    const city = loadCity(folder)
    expect(!isRefusal(city) && city.bookings.size).toBe(0)
  })

  it('is told of a topic that there is not, or whose bookings nobody keeps, with line and the nearest', () => {
    const [line, words] = [lineOf('topic: facility-rentals'), 'topic: facility-rentals']
    expect(change(words, 'topic: facility-rental')[0]).toMatch(
      new RegExp(`^${String(line)} “facility-rental” is not a topic. Did you mean “facility-rentals”`),
    )
    expect(change('topic: facility-rental\n', 'topic: noise\n')).toEqual([
      `${String(line)} Nobody keeps bookings about “noise”. [a topic of a duty in duties.yaml that may book]`,
    ])
  })

  it('is told of hours that overlap, are too short for a slot, or are none', () => {
    const line = lineOf("monday: ['08:30-12:00', '13:00-16:00']")
    const at = "monday: ['08:30-12:00', '13:00-16:00']"
    expect(change(at, "monday: ['08:30-12:00', '11:00-16:00']")).toEqual([
      `${String(line)} These hours begin before the ones above end. [hours in order]`,
    ])
    expect(change("['08:30-12:00', '11:00-16:00']", "['08:30-08:45']")).toEqual([
      `${String(line)} No slot fits into these hours. [30 minutes or more]`,
    ])
    expect(change("['08:30-08:45']", "['8.30 to 12']")[0]).toMatch(new RegExp(`^${String(line)} .*08:00-12:00`))
  })

  it('is told of a price group that its form does not offer, with line, the nearest and what is offered', () => {
    const line = String(lineOf('nonprofits: {'))
    const offered = 'anybody, residents, nonprofits'
    expect(change('nonprofits: {', 'nonprofit: {')).toEqual([
      `${line} The form “facility-booking” offers no “nonprofit”. Did you mean “nonprofits”? [${offered}]`,
    ])
    expect(change('nonprofit: {', 'veterans: {')).toEqual([
      `${line} The form “facility-booking” offers no “veterans”. [${offered}]`,
    ])
    // A form on which nobody can say what group she is of.
    change('veterans: {', 'nonprofits: {')
    const form = join(folder, 'forms/facility-booking.yaml')
    writeFileSync(form, readFileSync(form, 'utf8').replace('    price-group: group\n', ''))
    const told = change('residents: {', 'residents:  {')
    expect(told).toHaveLength(3)
    expect(told.join('\n')).toContain(
      `${line} The form “facility-booking” offers no “nonprofits”. [no groups:, or price-group: with its choices in forms/facility-booking.yaml]`,
    )
  })

  it('is told of a form that is not there, of several without a word for one, and of a deadline behind the last moment', () => {
    const told = [
      ...change('form: facility-booking', 'form: facilty-booking'),
      ...change('unit: { en: table, es: mesa }', 'closed: []'),
      ...change('cancel: { until: 2, free-until: 168', 'cancel: { until: 2, free-until: 1'),
      ...change('    pay-within: 72\n    price:\n      slot: 9000', '    pay-within: 72\n    price:\n      slot: -1'),
    ].join('\n')
    expect(told).toContain('There is no form “facilty-booking”.')
    expect(told).toContain('“picnic-tables” has several, and no word for one of them.')
    expect(told).toContain('This ends after the last moment to cancel. [2 or more]')
    expect(told).toMatch(/-1.*|cents, 0 to/)
  })
})
