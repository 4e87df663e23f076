import { Temporal } from 'temporal-polyfill'
import type { City, Facility, FacilityId, TopicId } from '../../../city/index.ts'
import { sql, type Clock, type Db } from '../../../plumbing/index.ts'
import type { Keys } from '../../../trust/vault/index.ts'
import { issueToken, receiveWith, type House, type ReceiptCode } from '../../correspondence/index.ts'
import { book, type BookRefusal } from '../book.ts'
import { importFacilities } from '../import-facilities.ts'
import type { SlotWish } from '../slot.ts'

/** A house whose clock stands. Only the owner's login can pretend a time. */
export function houseAt(house: Readonly<{ keys: Keys; city: City }>, owner: Db, time: string): House {
  const now = Temporal.Instant.from(time)
  const clock: Clock = { now: () => now }
  const db: Db = {
    transaction: (work) =>
      owner.transaction(async (tx) => {
        await tx.rows(sql`select set_config('cityhall.clock', ${now.toString()}, true)`)
        return work(tx)
      }),
    once: (query) => db.transaction((tx) => tx.rows(query)),
    close: () => Promise.resolve(),
  }
  return { keys: house.keys, city: house.city, db, clock }
}

/** A plain facility, changed as a test needs it: one place, slots of an hour, nine to five every day. */
export function facilityOf(id: string, more: Partial<Facility> = {}): Facility {
  const text = { en: id, es: id }
  return {
    id: id as FacilityId,
    kind: 'facility',
    name: text,
    about: text,
    address: 'Somewhere',
    topic: 'facility-rentals' as TopicId,
    form: 'facility-booking' as Facility['form'],
    slot: 60,
    buffer: 0,
    mostSlots: 4,
    capacity: 1,
    mostPlaces: more.capacity ?? 1,
    open: everyDay('09:00', '17:00'),
    keepsHolidays: false,
    closed: [],
    lead: 0,
    horizon: 700,
    cancel: { until: 0, freeUntil: 24, refund: 'full', lateRefund: 'half' },
    ...more,
  }
}

export function everyDay(opens: string, closes: string): Facility['open'] {
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
  const hours = { opens: minutes(opens), closes: minutes(closes) }
  return new Map([1, 2, 3, 4, 5, 6, 7].map((weekday) => [weekday, [hours]]))
}

/** The same city with these facilities besides its own, told to the database. */
export async function lending<H extends House>(
  house: H,
  owner: Db,
  facilities: readonly Facility[],
  day?: string,
): Promise<H> {
  const bookings = new Map([...house.city.bookings, ...facilities.map((one) => [one.id, one] as const)])
  const city = { ...house.city, bookings }
  const known = day === undefined ? undefined : Temporal.PlainDate.from(day)
  await owner.transaction((tx) => importFacilities(tx, city, known))
  return { ...house, city }
}

export type Made =
  Readonly<{ code: ReceiptCode; caseId: string; id: string; held: boolean }> | Readonly<{ refused: BookRefusal }>

class Refused extends Error {
  readonly why: BookRefusal
  constructor(why: BookRefusal) {
    super('refused')
    this.why = why
  }
}

/** What a form does: the letter and its booking in one transaction, or neither. */
export async function makeBooking(
  house: House,
  wish: SlotWish,
  email?: string,
  language: 'en' | 'es' = 'en',
): Promise<Made> {
  const facility = house.city.bookings.get(wish.facility)
  const letter = {
    channel: 'form' as const,
    form: 'facility-booking' as Facility['form'],
    formVersion: 1,
    topic: facility?.topic ?? ('facility-rentals' as TopicId),
    language,
    answers: [{ field: 'purpose', label: 'Something to prepare', value: 'Chairs for thirty.' }],
    contact: { name: 'Marisol Vega', ...(email !== undefined && { email }) },
  }
  try {
    return await house.db.transaction(async (tx) => {
      const { caseId, code } = await receiveWith(house, tx, letter, issueToken(house.keys))
      const booked = await book(tx, { ...wish, caseId })
      if ('refused' in booked) throw new Refused(booked.refused)
      return { code, caseId, id: booked.booked, held: booked.held }
    })
  } catch (error) {
    if (error instanceof Refused) return { refused: error.why }
    throw error
  }
}
