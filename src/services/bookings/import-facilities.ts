import { Temporal } from 'temporal-polyfill'
import type { City, Facility, FacilityId } from '../../city/index.ts'
import { sql, type Tx } from '../../plumbing/index.ts'

/** The days of closing are told to the database this far past a facility's horizon: at each start, and at each import. */
const daysKnownPast = 366

/**
 * Tells the database what can be booked and when, after the city's files are in. As the owner. What the files no longer
 * hold is closed, and removed where it was never booked; no booking is touched, whatever hours and slots are now.
 */
export async function importFacilities(tx: Tx, city: City, today = todayIn(city)): Promise<{ changed: boolean }> {
  const before = await fingerprint(tx)
  const facilities = [...city.bookings.values()]
  await tx.rows(sql`insert into bookings.facility (id, topic, time_zone, slot, buffer, most_slots, most_places, capacity, lead,
      horizon, cancel_until, free_until, refund, late_refund, pay_within, known_until)
    select id, topic, ${city.timeZone}, slot, buffer, most_slots, most_places, capacity, make_interval(hours => lead), horizon,
      make_interval(hours => cancel_until), make_interval(hours => free_until), refund, late_refund,
      make_interval(hours => pay_within), known_until
    from jsonb_to_recordset(${JSON.stringify(facilities.map((one) => rowOf(one, today)))}::jsonb) as x (id text, topic text,
      slot int, buffer int, most_slots int, most_places int, capacity int, lead int, horizon int, cancel_until int,
      free_until int, refund text, late_refund text, pay_within int, known_until date)
    on conflict (id) do update set (topic, time_zone, slot, buffer, most_slots, most_places, capacity, lead, horizon,
      cancel_until, free_until, refund, late_refund, pay_within, known_until, open) = (excluded.topic, excluded.time_zone,
      excluded.slot, excluded.buffer, excluded.most_slots, excluded.most_places, excluded.capacity, excluded.lead,
      excluded.horizon, excluded.cancel_until, excluded.free_until, excluded.refund, excluded.late_refund,
      excluded.pay_within, excluded.known_until, true)`)
  const ids = facilities.map(({ id }) => id)
  await tx.rows(sql`update bookings.facility set open = false where open and id <> all (${ids}::text[])`)
  await tx.rows(sql`delete from bookings.facility f where not f.open
    and not exists (select from bookings.booking b where b.facility = f.id)
    and not exists (select from bookings.block b where b.facility = f.id)`)
  await importHours(tx, city, today)
  return { changed: (await fingerprint(tx)) !== before }
}

function rowOf(one: Facility, today: Temporal.PlainDate) {
  return {
    id: one.id,
    topic: one.topic,
    slot: one.slot,
    buffer: one.buffer,
    most_slots: one.mostSlots,
    most_places: one.mostPlaces,
    capacity: one.capacity,
    lead: one.lead,
    horizon: one.horizon,
    cancel_until: one.cancel.until,
    free_until: one.cancel.freeUntil,
    refund: one.cancel.refund,
    late_refund: one.cancel.lateRefund,
    pay_within: one.payWithin ?? null,
    known_until: knownUntil(one, today).toString(),
  }
}

const todayIn = (city: City) => Temporal.Now.plainDateISO(city.timeZone)
const knownUntil = ({ horizon }: Pick<Facility, 'horizon'>, today: Temporal.PlainDate) =>
  today.add({ days: horizon + daysKnownPast })

async function importHours(tx: Tx, city: City, today: Temporal.PlainDate): Promise<void> {
  const facilities = [...city.bookings.values()]
  const hours = facilities.flatMap(({ id, open }) =>
    [...open].flatMap(([weekday, spans]) => spans.map((span) => ({ facility: id, weekday, ...span }))),
  )
  const closed = closedDays(city, today)
  const units = facilities.map(({ id, capacity }) => ({ facility: id, capacity }))
  await tx.rows(sql`delete from bookings.opening`)
  await tx.rows(sql`insert into bookings.opening select facility, weekday, opens, closes
    from jsonb_to_recordset(${JSON.stringify(hours)}::jsonb) as x (facility text, weekday int, opens int, closes int)`)
  await tx.rows(sql`delete from bookings.closed_day`)
  await tx.rows(sql`insert into bookings.closed_day select facility, day
    from jsonb_to_recordset(${JSON.stringify(closed)}::jsonb) as x (facility text, day date)`)
  await tx.rows(sql`insert into bookings.unit (facility, number) select facility, n
    from jsonb_to_recordset(${JSON.stringify(units)}::jsonb) as x (facility text, capacity int), generate_series(1, capacity) n
    on conflict do nothing`)
}

const isUpTo = (day: Temporal.PlainDate, last: Temporal.PlainDate) => Temporal.PlainDate.compare(day, last) <= 0

/** From yesterday on: a night that began yesterday may still be going. The calendar is asked about each day once. */
function closedDays(city: City, today: Temporal.PlainDate): { facility: FacilityId; day: string }[] {
  const facilities = [...city.bookings.values()].map((one) => ({ ...one, last: knownUntil(one, today) }))
  const first = today.subtract({ days: 2 })
  const last = knownUntil({ horizon: Math.max(0, ...facilities.map(({ horizon }) => horizon)) }, today)
  const holidays: Temporal.PlainDate[] = []
  for (let day = first; isUpTo(day, last); day = day.add({ days: 1 }))
    if (city.calendar.holidayOn(day)) holidays.push(day)
  return facilities.flatMap((one) => {
    const days = [...one.closed.map(({ date }) => date), ...(one.keepsHolidays ? holidays : [])]
    const known = days.filter((day) => isUpTo(first, day) && isUpTo(day, one.last))
    return [...new Set(known.map(String))].map((day) => ({ facility: one.id, day }))
  })
}

/** Without the days, which move on by themselves. */
async function fingerprint(tx: Tx): Promise<string> {
  const row = await tx.row<{ all: string }>(sql`select md5(
    (select coalesce(string_agg(((to_jsonb(f) - 'known_until')::text), ',' order by f.id), '') from bookings.facility f)
    || (select coalesce(string_agg(o::text, ',' order by o.facility, o.weekday, o.opens), '') from bookings.opening o)) as all`)
  return row?.all ?? ''
}
