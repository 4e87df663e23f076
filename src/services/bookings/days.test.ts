import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../../test/support/house.ts'
import type { Facility } from '../../city/index.ts'
import { sql } from '../../plumbing/index.ts'
import type { House } from '../correspondence/index.ts'
import { cancel } from './cancel.ts'
import { freeSlots } from './free-slots.ts'
import { PlainBook, slotsOn } from './testing/model.ts'
import { facilityOf, houseAt, lending, makeBooking } from './testing/scene.ts'

let house: TestHouse
let then: House
const start = '2027-03-01T18:00:00Z'
const horizon = 730
const hours = (opens: number, closes: number) => new Map([1, 2, 3, 4, 5, 6, 7].map((day) => [day, [{ opens, closes }]]))
const round = facilityOf('round-the-clock', { slot: 45, buffer: 15, open: hours(0, 1440), horizon })
const night = facilityOf('night', { slot: 50, buffer: 5, open: hours(18 * 60, 26 * 60), horizon, mostSlots: 8 })
const early = facilityOf('early', { slot: 30, open: hours(60, 150), horizon })
const counter = facilityOf('counter', {
  slot: 20,
  buffer: 5,
  horizon,
  keepsHolidays: true,
  open: new Map([
    [
      1,
      [
        { opens: 540, closes: 720 },
        { opens: 780, closes: 960 },
      ],
    ],
    [4, [{ opens: 540, closes: 700 }]],
    [5, [{ opens: 540, closes: 1020 }]],
  ]),
  closed: [{ date: Temporal.PlainDate.from('2028-02-28'), name: { en: 'Inventory', es: 'Inventario' } }],
})
const busy = facilityOf('busy', { capacity: 4, mostPlaces: 3, mostSlots: 3, horizon })

beforeAll(async () => {
  house = await openTestHouse()
  house = await lending(house, house.database.owner, [round, night, early, counter, busy], '2027-03-01')
  then = houseAt(house, house.database.owner, start)
})
afterAll(() => house.close())

const day = (text: string) => Temporal.PlainDate.from(text)
const found = async (facility: Facility, on: string, days = 1) =>
  (await freeSlots(then.db, facility, day(on), days)).map((slot) => ({
    start: slot.start.epochMilliseconds,
    end: slot.end.epochMilliseconds,
  }))
const reckoned = (facility: Facility, on: string) =>
  slotsOn(facility, house.city, day(on)).map(({ start, end }) => ({ start, end }))
const clock = (slots: readonly { start: number }[]) =>
  slots.map(({ start }) =>
    Temporal.Instant.fromEpochMilliseconds(start)
      .toZonedDateTimeISO(house.city.timeZone)
      .toPlainTime()
      .toString()
      .slice(0, 5),
  )

describe('the slots of a day', () => {
  it('are an hour fewer on the night on which the clocks go forward, an hour more when they go back', async () => {
    const [forward, plain, back] = ['2027-03-14', '2027-06-01', '2027-11-07'] as const
    expect(await found(round, forward)).toHaveLength(23)
    expect(await found(round, plain)).toHaveLength(24)
    expect(await found(round, back)).toHaveLength(25)
    expect(clock(await found(round, forward)).slice(0, 4)).toEqual(['00:00', '01:00', '03:00', '04:00'])
    expect(clock(await found(round, back)).slice(0, 4)).toEqual(['00:00', '01:00', '01:00', '02:00'])
  })

  it('go on past midnight, each on the day on which it begins', async () => {
    expect(clock(await found(night, '2027-06-01')).at(0)).toBe('00:25')
    expect(clock(await found(night, '2027-06-01')).filter((time) => time >= '23:')).toEqual(['23:30'])
    const before = day('2027-06-01').toZonedDateTime({ timeZone: house.city.timeZone, plainTime: '23:30' }).toInstant()
    const made = await makeBooking(then, { facility: night.id, start: before, slots: 2, places: 1 })
    expect(made).toHaveProperty('id')
    const [after] = await freeSlots(then.db, night, day('2027-06-02'), 1)
    expect(after).toMatchObject({ state: 'taken' })
  })

  it('are those that Temporal reckons, on leap day, at the turn of the year, on holidays and on every day of changing clocks', async () => {
    const days = [
      '2027-03-13',
      '2027-03-14',
      '2027-03-15',
      '2027-11-06',
      '2027-11-07',
      '2027-11-08',
      '2028-02-28',
      '2028-02-29',
    ]
    const others = ['2027-12-31', '2028-01-01', '2027-11-11', '2027-11-25', '2027-11-26', '2027-09-06', '2028-03-12']
    for (const facility of [round, night, early, counter])
      for (const on of [...days, ...others])
        expect(await found(facility, on), `${facility.id} on ${on}`).toEqual(reckoned(facility, on))
    expect(clock(await found(early, '2027-03-14'))).toEqual(['01:00', '01:30', '03:00'])
    expect(await found(counter, '2028-02-28')).toEqual([])
    expect(await found(round, '2028-02-29')).toHaveLength(24)
  })

  it('are those that Temporal reckons for any hours on any day', async () => {
    const opening = fc.record({
      slot: fc.integer({ min: 5, max: 400 }),
      buffer: fc.integer({ min: 0, max: 90 }),
      opens: fc.integer({ min: 0, max: 1439 }),
      long: fc.integer({ min: 5, max: 1440 }),
    })
    const when = fc.oneof(fc.constantFrom(12, 13, 14, 250, 251, 252, 365), fc.integer({ min: 3, max: 600 }))
    let n = 0
    await fc.assert(
      fc.asyncProperty(opening, when, async ({ slot, buffer, opens, long }, days) => {
        const any = facilityOf(`any-${String(n++)}`, { slot, buffer, horizon, open: hours(opens, opens + long) })
        const city = await lending(then, house.database.owner, [any], '2027-03-01')
        const on = day('2027-03-01').add({ days }).toString()
        const slots = await freeSlots(city.db, any, day(on), 1)
        expect(slots.map(({ start: s, end }) => ({ start: s.epochMilliseconds, end: end.epochMilliseconds }))).toEqual(
          reckoned(any, on),
        )
      }),
      { numRuns: 12 },
    )
  })
})

describe('any bookings and cancellations, in any order', () => {
  it('leave taken and free what a plain list of places leaves', async () => {
    const step = fc.oneof(
      fc.record({
        at: fc.integer({ min: 0, max: 7 }),
        slots: fc.integer({ min: 1, max: 3 }),
        places: fc.integer({ min: 1, max: 3 }),
      }),
      fc.record({ undo: fc.nat(20) }),
    )
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 14 }), async (steps) => {
        const on = day('2027-04-01').add({ days: run++ })
        const slots = slotsOn(busy, house.city, on)
        const book = new PlainBook(busy.capacity)
        const made: Extract<Awaited<ReturnType<typeof makeBooking>>, { id: string }>[] = []
        for (const one of steps) {
          if ('undo' in one) {
            const undone = made.splice(one.undo % Math.max(made.length, 1), 1)[0]
            if (!undone) continue
            book.giveBack(undone.id)
            expect(await cancel(then, undone.code, { id: undone.id, refund: 'full' })).toEqual({ done: true })
            continue
          }
          const [first, last] = [slots[one.at], slots[one.at + one.slots - 1]]
          if (!first) throw new Error('no such slot')
          const begin = Temporal.Instant.fromEpochMilliseconds(first.start)
          const outcome = await makeBooking(then, {
            facility: busy.id,
            start: begin,
            slots: one.slots,
            places: one.places,
          })
          if (!last) expect(outcome).toEqual({ refused: 'closed' })
          else if ('id' in outcome) {
            expect(book.take(outcome.id, first.start, last.end, one.places)).toBe(true)
            made.push(outcome)
          } else {
            expect(outcome).toEqual({ refused: 'taken' })
            expect(book.freeIn(first.start, last.end).length).toBeLessThan(one.places)
          }
        }
        const shown = await freeSlots(then.db, busy, on, 1)
        expect(shown.map(({ free }) => free)).toEqual(slots.map((slot) => book.freeIn(slot.start, slot.end).length))
        const [seats] = await house.database.owner.once<{ lost: number }>(sql`select count(*)::int as lost
          from bookings.seat s join bookings.booking b on b.id = s.booking where b.state not in ('held', 'booked')`)
        expect(seats).toEqual({ lost: 0 })
      }),
      { numRuns: 15 },
    )
  })
})
