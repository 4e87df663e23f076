import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import type { City } from '../../../city/index.ts'
import type { CaseLine } from '../tables.ts'
import { receivedWords } from './desk-words.ts'

const city = { timeZone: 'America/Los_Angeles' } as City
const words = (today: Temporal.PlainDate, at: Temporal.Instant) =>
  receivedWords({ city, today }, { receivedAt: at } as CaseLine)
const old = (days: number) => (days === 0 ? 'came today' : days === 1 ? '1 day old' : `${String(days)} days old`)

test('how old a letter is is counted in the city’s days, in the hours around each change of its clocks too', () => {
  for (const date of ['2026-03-08', '2026-11-01', '2026-06-15']) {
    const first = Temporal.PlainDate.from(date).subtract({ days: 2 }).toZonedDateTime(city.timeZone)
    for (let half = 0; half < 4 * 48; half++) {
      const came = first.add({ minutes: half * 30 })
      for (const later of [0, 1, 2, 9, 400])
        expect(words(came.toPlainDate().add({ days: later }), came.toInstant())).toBe(old(later))
    }
  }
  const ahead = Temporal.Instant.from('2026-03-12T07:00:00Z')
  expect(words(Temporal.PlainDate.from('2026-03-11'), ahead)).toBe(old(0))
})
