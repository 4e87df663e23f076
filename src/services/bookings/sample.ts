import { createHash, randomBytes } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import type { Facility, FacilityId } from '../../city/index.ts'
import { sql } from '../../plumbing/index.ts'
import type { StaffActor } from '../../trust/need-to-know/index.ts'
import { issueToken, newId, receiveWith, today, type House } from '../correspondence/index.ts'
import { book } from './book.ts'
import { freeSlots, type Slot } from './free-slots.ts'
import { blockOut, confirm, keptBookings, mark } from './keep-bookings.ts'
import { turnBookings } from './turn.ts'

/** The same house at another time; the wiring hands it in. */
type At = (house: House, time: Temporal.Instant) => House

const people = [
  { name: 'Marta Ibarra', language: 'es', asks: 'Sillas para cuarenta personas, por favor.' },
  { name: 'Owen Blackwood', language: 'en', asks: 'A ramp for one wheelchair.' },
  { name: 'Linh Pham', language: 'en', asks: '' },
  { name: 'Rafael Ortiz', language: 'es', asks: '' },
  { name: 'Grace Adeyemi', language: 'en', asks: 'The kitchen, and two long tables.' },
  { name: 'Piotr Zielinski', language: 'en', asks: '' },
  { name: 'Hannah Sorensen', language: 'en', asks: 'Nothing, thank you.' },
] as const

/** How full each thing of the sample city is: bookings from ten days back to so many days ahead. */
const lived = [
  { id: 'community-hall', bookings: 8, ahead: 40 },
  { id: 'picnic-tables', bookings: 9, ahead: 28 },
  { id: 'tennis-courts', bookings: 14, ahead: 13 },
  { id: 'building-permits-counter', bookings: 8, ahead: 18 },
  { id: 'passport-desk', bookings: 7, ahead: 21 },
] as const

/**
 * Lets the sample city's bookings happen, as the owner, through the acts by which any booking happens, dated back: some are
 * over, some are held until they are paid, at one nobody came, and one afternoon the city keeps for itself.
 */
export async function loadSampleBookings(house: House, at: At): Promise<{ bookings: number }> {
  const number = numbersFrom(41)
  let made = 0
  for (const { id, bookings, ahead } of lived) {
    const facility = house.city.bookings.get(id as FacilityId)
    if (!facility) continue
    for (let n = 0; n < bookings; n++) {
      const day = today(house).add({ days: Math.round((n / bookings) * (ahead + 10)) - 10 })
      if (await bookOn(house, at, facility, day, number)) made++
    }
  }
  if (made > 0) await keepSome(house, at)
  return { bookings: made }
}

/** The same past at every start: numbers that look like chance (Lehmer, 1951). */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return below > 0 ? state % below : 0
  }
}

/** On this day or the next that has something free, made some days before, as it would have been. */
async function bookOn(
  house: House,
  at: At,
  facility: Facility,
  from: Temporal.PlainDate,
  number: (below: number) => number,
): Promise<boolean> {
  const before = from
    .toZonedDateTime(house.city.timeZone)
    .toInstant()
    .subtract({ hours: facility.lead + 30 })
  const now = house.clock.now()
  const then = at(house, Temporal.Instant.compare(before, now) < 0 ? before : now)
  const free = (await freeSlots(then.db, facility, from, 3)).filter(({ state }) => state === 'free')
  const slot = free[number(Math.min(free.length, 12))]
  const who = people[number(people.length)]
  return slot !== undefined && who !== undefined && bookFor(then, facility, slot, who, number)
}

async function bookFor(
  then: House,
  facility: Facility,
  slot: Slot,
  who: (typeof people)[number],
  number: (below: number) => number,
): Promise<boolean> {
  const slots = 1 + number(Math.min(slot.longest, 2))
  const places = 1 + number(Math.min(slot.free, facility.mostPlaces, 2))
  const { name, language, asks } = who
  const label = { en: 'Is there something we should prepare?', es: '¿Debemos preparar algo?' }[language]
  const letter = {
    channel: 'form' as const,
    form: facility.form,
    formVersion: 1,
    topic: facility.topic,
    language,
    answers: asks === '' ? [] : [{ field: 'purpose', label, value: asks }],
    contact: { name },
  }
  return then.db.transaction(async (tx) => {
    const { caseId } = await receiveWith(then, tx, letter, issueToken(then.keys))
    const booked = await book(tx, { caseId, facility: facility.id, start: slot.start, slots, places })
    if ('refused' in booked) throw new Error(`sample: ${facility.id} could not be booked: ${booked.refused}`)
    return true
  })
}

/** What the desk did with them: held ones were paid, one was missed, the hall is being repaired for an afternoon. */
async function keepSome(house: House, at: At): Promise<void> {
  const actor = await borrow(house, 'aisha')
  const hall = 'community-hall' as FacilityId
  const now = house.clock.now()
  const span = { from: now.subtract({ hours: 24 * 20 }), until: now.add({ hours: 24 * 60 }) }
  const found = await house.db.transaction(async (tx) => {
    await tx.rows(sql`select from need_to_know.enter_staff(${actor.secret}::bytea)`)
    return keptBookings(tx, hall, span)
  })
  const held = found.filter(({ standing }) => standing.state === 'held')
  for (const { id, version, start } of held.slice(0, -2)) {
    const paid = start.subtract({ hours: 50 })
    await confirm(at(house, Temporal.Instant.compare(paid, now) < 0 ? paid : now), actor, { id, version })
  }
  await turnBookings(house.db)
  const [missed] = found.filter(({ end }) => Temporal.Instant.compare(end, now) < 0).slice(-1)
  if (missed) await mark(house, actor, { id: missed.id, version: missed.version + 2, what: 'no-show' })
  const day = today(house).add({ days: 9 }).toZonedDateTime({ timeZone: house.city.timeZone, plainTime: '13:00' })
  const block = { from: day.toInstant(), until: day.add({ hours: 5 }).toInstant(), because: 'repair' } as const
  await blockOut(house, actor, { id: newId(), facility: hall, ...block })
  await house.db.once(sql`delete from need_to_know.session`)
}

/** A session for an employee of the sample, which ends with the loading. */
async function borrow(house: House, handle: string): Promise<StaffActor> {
  const secret = randomBytes(32)
  await house.db.once(sql`insert into need_to_know.session (secret_hash, employee, method, ends_at)
    select ${createHash('sha256').update(secret).digest()}, id, 'password', clock_timestamp() + interval '1 hour'
    from need_to_know.employee where handle = ${handle}`)
  return { kind: 'staff', secret }
}
