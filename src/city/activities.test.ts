import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isRefusal, loadCity } from './index.ts'

const original = join(import.meta.dirname, '../../city')
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cityhall-activities-'))
  cpSync(original, folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true }))

const source = readFileSync(join(original, 'activities.yaml'), 'utf8')
const lineOf = (words: string) => source.split('\n').findIndex((line) => line.includes(words)) + 1

/** Changes words of activities.yaml, each pair, and gives everything that is told, as `line says [allowed]`. */
function changed(...pairs: readonly (readonly [from: string, to: string])[]): string[] {
  const next = pairs.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`activities.yaml does not say “${from}”`)
    return text.replace(from, to)
  }, source)
  writeFileSync(join(folder, 'activities.yaml'), next)
  const read = loadCity(folder)
  return isRefusal(read) ? read.mistakes.map(({ line, says, allowed }) => `${String(line)} ${says} [${allowed}]`) : []
}

describe('activities.yaml', () => {
  it('is read whole: the days a session meets, without the city’s holidays and what is left out', () => {
    const city = loadCity(folder)
    if (isRefusal(city)) throw new Error(JSON.stringify(city.mistakes))
    const { sessions, programmes } = city.activities
    const soccer = sessions.get('soccer-league-spring' as never)
    const days = soccer?.meetings.map(({ start }) => start.toZonedDateTimeISO(city.timeZone).toPlainDate().toString())
    expect(days?.slice(0, 3)).toEqual(['2027-04-03', '2027-04-07', '2027-04-10'])
    expect(days).not.toContain('2027-05-29')
    expect(soccer).toMatchObject({ lottery: true, places: 96 })
    const walk = sessions.get('walking-group-2027' as never)
    const starts = walk?.meetings.map(({ start }) => start.toString())
    expect(starts).toContain('2026-11-25T17:00:00Z')
    expect(starts?.some((one) => one.startsWith('2026-11-26'))).toBe(false)
    expect(programmes.get('swimming-2' as never)?.after).toEqual(['swimming-1'])
    expect(() => Object.assign(soccer ?? {}, { places: 999 })).toThrow(TypeError)
  })

  it('may be left out', () => {
    rmSync(join(folder, 'activities.yaml'))
    const city = loadCity(folder)
    expect(!isRefusal(city) && city.activities.sessions.size).toBe(0)
  })

  it('is told every mistake at once, each with its line and what is allowed', () => {
    const told = changed(
      ['after: [swimming-1]', 'after: [swiming-1]'],
      ['last: 2027-06-25', 'last: 2027-06-31'],
      ["wednesday: '18:30-21:00'", "wednesday: '21:00-18:30'"],
      ['leader: aquatics-leader', 'leader: recreation-coordinator'],
      ['closes: 2027-02-26 17:00, lottery: true', 'closes: 2027-04-10 17:00, lottery: true'],
      ['      chess-winter:', '      pottery-winter:'],
    )
    expect(told).toEqual([
      expect.stringMatching(new RegExp(`^${String(lineOf('last: 2027-06-25'))} There is no 2027-06-31`)),
      expect.stringMatching(
        new RegExp(`^${String(lineOf('leader: aquatics-leader'))} “recreation-coordinator” leads no`),
      ),
      expect.stringMatching(new RegExp(`^${String(lineOf('after: [swimming-1]'))} “swiming-1” is not .*“swimming-1”`)),
      expect.stringMatching(/Places are drawn before the first day\. \[a day before 2027-04-03\]$/),
      expect.stringMatching(/This ends before it begins\. \[later than 21:00\]$/),
      expect.stringMatching(/“pottery-winter” is the name of two sessions\./),
    ])
  })

  it('is told of a topic nobody runs, a price group nobody is asked for, a form only children would need, and days on which nothing can be', () => {
    expect(changed(['older-adults: { name', 'older-adult: { name'])).toEqual([
      expect.stringMatching(
        new RegExp(`^${String(lineOf('older-adults: { name'))} The form “class-registration” offers no “older-adult”.`),
      ),
    ])
    expect(changed(['topic: older-adults', 'topic: noise'])[0]).toMatch(/Nobody runs activities about “noise”\./)
    expect(changed(['    ages: { from: 18 }', '    ages: { from: 5, to: 9 }'])[0]).toMatch(/Only children take part/)
    expect(changed(['first: 2027-06-21', 'first: 2027-06-26'])[0]).toMatch(/This is before the first day/)
    const never = changed(
      ["days: { thursday: '17:30-19:00' }", "days: { friday: '17:30-19:00' }"],
      ['last: 2027-03-18', 'last: 2027-01-14'],
      ['closes: 2027-03-11 17:00', 'closes: 2027-01-11 17:00'],
    )
    expect(never[0]).toMatch(/never meets/)
  })
})
