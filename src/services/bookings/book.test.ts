import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../../test/support/house.ts'
import type { Facility } from '../../city/index.ts'
import { connect, sql } from '../../plumbing/index.ts'
import { newId, readReceipt, type House } from '../correspondence/index.ts'
import { freeSlots } from './free-slots.ts'
import { importFacilities } from './import-facilities.ts'
import { turnBookings } from './turn.ts'
import { everyDay, facilityOf, houseAt, lending, makeBooking } from './testing/scene.ts'

let house: TestHouse
/** Two o'clock in the afternoon of a Tuesday in winter, by the city's clocks. */
let then: House
const morning = '2026-12-08T22:00:00Z'
const hall = facilityOf('hall', { lead: 2, horizon: 30, mostSlots: 3 })
const tables = facilityOf('tables', { capacity: 3, mostPlaces: 2 })
const held = facilityOf('held', { payWithin: 24, price: { slot: 1000, groups: new Map() } })

beforeAll(async () => {
  house = await openTestHouse()
  house = await lending(house, house.database.owner, [hall, tables, held], '2026-12-08')
  then = houseAt(house, house.database.owner, morning)
})
afterAll(() => house.close())

const local = (time: string) => Temporal.PlainDateTime.from(time).toZonedDateTime(house.city.timeZone).toInstant()
const wish = (facility: Facility, time: string, slots = 1, places = 1) => ({
  facility: facility.id,
  start: local(time),
  slots,
  places,
})
const rows = (query: ReturnType<typeof sql>) => house.database.owner.once<Record<string, unknown>>(query)
const stateOf = async (facility: Facility, time: string, at = then) => {
  const day = Temporal.PlainDate.from(time.slice(0, 10))
  const slots = await freeSlots(at.db, facility, day, 1)
  return slots.find(({ start }) => start.equals(local(time)))
}

describe('a booking', () => {
  it('takes its slots for one letter, is in the ledger, and nobody else gets them', async () => {
    const made = await makeBooking(then, wish(hall, '2026-12-10T10:00', 2), 'marisol@example.org')
    if ('refused' in made) throw new Error(made.refused)
    expect(await makeBooking(then, wish(hall, '2026-12-10T10:00'))).toEqual({ refused: 'taken' })
    expect(await makeBooking(then, wish(hall, '2026-12-10T11:00'))).toEqual({ refused: 'taken' })
    expect(await makeBooking(then, wish(hall, '2026-12-10T09:00', 2))).toEqual({ refused: 'taken' })
    expect(await stateOf(hall, '2026-12-10T11:00')).toMatchObject({ state: 'taken', free: 0, longest: 0 })
    expect(await stateOf(hall, '2026-12-10T09:00')).toMatchObject({ state: 'free', free: 1, longest: 1 })
    expect(await stateOf(hall, '2026-12-10T12:00')).toMatchObject({ state: 'free', free: 1, longest: 3 })
    const [entry] = await rows(
      sql`select actor_kind, detail from ledger.entry where case_id = ${made.caseId} and act = 'booking.made'`,
    )
    expect(entry).toEqual({ actor_kind: 'person', detail: 'facility=hall start=2026-12-10t18:00z slots=2 places=1' })
    const [line] = await rows(sql`select state from correspondence.casefile where id = ${made.caseId}`)
    expect(line).toEqual({ state: 'answered' })
  })

  it('says nothing about a person outside the sealed letter', async () => {
    const columns = await rows(sql`select string_agg(distinct column_name, ' ' order by column_name) as names
      from information_schema.columns where table_schema = 'bookings' and table_name in ('booking', 'seat', 'notice')`)
    expect(columns[0]?.['names']).toBe(
      'because booking case_id ended_at ends_at facility held_until id made_at mail news places refund slots span starts_at state unit version',
    )
  })

  it('of several places gives each its own, and refuses what is no longer there as a whole', async () => {
    const at = '2026-12-11T10:00'
    expect(await makeBooking(then, wish(tables, at, 1, 2))).toHaveProperty('id')
    expect(await stateOf(tables, at)).toMatchObject({ state: 'free', free: 1 })
    expect(await makeBooking(then, wish(tables, at, 1, 2))).toEqual({ refused: 'taken' })
    expect(await makeBooking(then, wish(tables, at, 1, 1))).toHaveProperty('id')
    expect(await stateOf(tables, at)).toMatchObject({ state: 'taken', free: 0 })
    expect(await makeBooking(then, wish(tables, '2026-12-11T09:00', 3))).toEqual({ refused: 'taken' })
  })

  it('is refused before the lead, past the horizon, outside the hours, between slots, and beyond what one may take', async () => {
    const refused = [
      [wish(hall, '2026-12-08T15:00'), 'too-late'],
      [wish(hall, '2026-12-07T10:00'), 'too-late'],
      [wish(hall, '2027-01-08T10:00'), 'too-far'],
      [wish(hall, '2026-12-10T17:00'), 'closed'],
      [wish(hall, '2026-12-10T16:00', 2), 'closed'],
      [wish(hall, '2026-12-10T13:30'), 'closed'],
      [wish(hall, '2026-12-10T13:00', 4), 'too-many'],
      [wish(hall, '2026-12-10T13:00', 0), 'too-many'],
      [wish(hall, '2026-12-10T13:00', -1), 'too-many'],
      [wish(hall, '2026-12-10T13:00', 1, 2), 'too-many'],
      [wish(hall, '2026-12-10T13:00', 1, -1), 'too-many'],
      [wish(facilityOf('moon-base'), '2026-12-10T13:00'), 'not-there'],
    ] as const
    const before = await rows(sql`select count(*) as n from correspondence.casefile`)
    for (const [asked, why] of refused) expect(await makeBooking(then, asked)).toEqual({ refused: why })
    expect(await rows(sql`select count(*) as n from correspondence.casefile`)).toEqual(before)
    expect(await makeBooking(then, wish(hall, '2026-12-08T16:00'))).toHaveProperty('id')
    expect(await makeBooking(then, wish(hall, '2027-01-07T16:00'))).toHaveProperty('id')
  })

  it('stands where it stood when hours, slots and capacity change, and is still in nobody’s way', async () => {
    const at = '2026-12-14T10:00'
    expect(await makeBooking(then, wish(tables, at, 2, 2))).toHaveProperty('id')
    const other = { ...tables, slot: 90, capacity: 2, open: everyDay('10:30', '18:00') }
    const changed = await lending(then, house.database.owner, [hall, other, held], '2026-12-08')
    expect(await stateOf(other, '2026-12-14T10:30', changed)).toMatchObject({ state: 'taken' })
    expect(await stateOf(other, '2026-12-14T12:00', changed)).toMatchObject({ state: 'free', free: 2 })
    expect(await makeBooking(changed, wish(other, '2026-12-14T10:30'))).toEqual({ refused: 'taken' })
    const without = new Map([...house.city.bookings].filter(([id]) => id !== tables.id))
    await house.database.owner.transaction((tx) => importFacilities(tx, { ...house.city, bookings: without }))
    expect(await makeBooking(then, wish(tables, '2026-12-14T13:00'))).toEqual({ refused: 'not-there' })
    expect(
      await rows(
        sql`select state, slots, places from bookings.booking where facility = 'tables' and starts_at = ${local(at)}`,
      ),
    ).toEqual([{ state: 'booked', slots: 2, places: 2 }])
    await lending(then, house.database.owner, [hall, tables, held], '2026-12-08')
  })

  it('that waits for payment is let go when its time is over, and the place is free again', async () => {
    const made = await makeBooking(then, wish(held, '2026-12-20T10:00'), 'marisol@example.org')
    expect(made).toMatchObject({ held: true })
    if ('refused' in made) throw new Error(made.refused)
    expect(await makeBooking(then, wish(held, '2026-12-20T10:00'))).toEqual({ refused: 'taken' })
    const later = houseAt(house, house.database.owner, '2026-12-09T22:00:01Z')
    expect(await turnBookings(later.db)).toBe(1)
    expect(await turnBookings(later.db)).toBe(0)
    expect(await stateOf(held, '2026-12-20T10:00', later)).toMatchObject({ state: 'free' })
    expect(await rows(sql`select state, because, refund from bookings.booking where id = ${made.id}`)).toEqual([
      { state: 'cancelled-by-city', because: 'not-paid', refund: 'none' },
    ])
    const receipt = await readReceipt(house, made.code)
    expect('history' in receipt && receipt.history.map(({ act }) => act)).toEqual(
      expect.arrayContaining(['booking.held', 'booking.let-go', 'case.closed']),
    )
  })

  it('that is over has taken place, and its case is closed', async () => {
    const made = await makeBooking(then, wish(tables, '2026-12-09T10:00'))
    if ('refused' in made) throw new Error(made.refused)
    const standing = () =>
      rows(sql`select b.state, c.state as its_case from bookings.booking b
        join correspondence.casefile c on c.id = b.case_id where b.id = ${made.id}`)
    await turnBookings(houseAt(house, house.database.owner, '2026-12-10T18:59:00Z').db)
    expect(await standing()).toEqual([{ state: 'booked', its_case: 'answered' }])
    await turnBookings(houseAt(house, house.database.owner, '2026-12-10T19:00:00Z').db)
    expect(await standing()).toEqual([{ state: 'taken-place', its_case: 'closed' }])
  })
})

describe('without a letter received in the same transaction', () => {
  it('nothing can be booked, with the app’s own password either', async () => {
    const made = await makeBooking(then, wish(tables, '2026-12-15T10:00'))
    if ('refused' in made) throw new Error(made.refused)
    const attempt = (caseId: string) =>
      house.db.once<{ outcome: string }>(
        sql`select bookings.book(${newId()}, ${caseId}, 'tables', ${local('2026-12-15T12:00')}, 1, 1) as outcome`,
      )
    expect(await attempt(made.caseId)).toEqual([{ outcome: 'not-there' }])
    expect(await attempt(newId())).toEqual([{ outcome: 'not-there' }])
  })
})

/** Opens so many connections and holds them all until the last one is there; says how many they were. */
async function connectedAtOnce(pool: ReturnType<typeof connect>, count: number): Promise<number> {
  const open = Promise.withResolvers<undefined>()
  const backends = new Set<number>()
  const hold = async () =>
    pool.transaction(async (tx) => {
      backends.add((await tx.row<{ pid: number }>(sql`select pg_backend_pid() as pid`))?.pid ?? 0)
      if (backends.size === count) open.resolve(undefined)
      await open.promise
    })
  await Promise.all(Array.from({ length: count }, hold))
  return backends.size
}

describe('two hundred people who want the last places at once, each on a connection of her own', () => {
  it('get exactly what there is; the others are told, and none is half done', async () => {
    const soon = Temporal.Now.zonedDateTimeISO(house.city.timeZone).add({ days: 3 }).toPlainDate()
    const rush = facilityOf('rush', { capacity: 3, mostPlaces: 1, mostSlots: 2 })
    const city = (await lending(house, house.database.owner, [hall, tables, held, rush])).city
    const [first] = await freeSlots(house.db, rush, soon, 1)
    if (!first) throw new Error('no slot')
    const pool = connect({ url: house.database.urls.app, role: 'cityhall_app', max: 200 })
    expect(await connectedAtOnce(pool, 200)).toBe(200)
    const app = { keys: house.keys, city, clock: house.clock, db: pool }
    const asked = Array.from({ length: 200 }, (_, n) => ({
      facility: rush.id,
      // Half of them want two slots: the rows they take overlap in every way.
      start: n % 3 === 2 ? first.start.add({ hours: 1 }) : first.start,
      slots: n % 3 === 0 ? 2 : 1,
      places: 1,
    }))
    const cases = async () => (await rows(sql`select count(*) as n from correspondence.casefile`))[0]?.['n']
    const before = Number(await cases())
    const outcomes = await Promise.all(asked.map((one) => makeBooking(app, one)))
    await pool.close()
    const made = outcomes.filter((one) => 'id' in one)
    expect(outcomes.filter((one) => 'refused' in one && one.refused !== 'taken')).toEqual([])
    const [count] = await rows(sql`select count(*) as bookings from bookings.booking where facility = 'rush'`)
    expect(count).toEqual({ bookings: made.length })
    expect(Number(await cases()) - before).toBe(made.length)
    for (const slot of (await freeSlots(house.db, rush, soon, 1)).slice(0, 2)) {
      const [taken] = await rows(sql`select sum(places)::int as places from bookings.booking
        where facility = 'rush' and starts_at <= ${slot.start} and ends_at >= ${slot.end}`)
      expect(slot).toMatchObject({ state: 'taken', free: 0 })
      expect(taken).toEqual({ places: 3 })
    }
  })

  it('could not even be given the same place twice by a broken program: the table refuses', async () => {
    const twice = sql`insert into bookings.seat select b.id, s.unit, s.span from bookings.seat s, bookings.booking b
      where b.id <> s.booking limit 1`
    await expect(house.database.owner.once(twice)).rejects.toThrow(/23P01/)
  })
})
