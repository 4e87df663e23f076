import { createHash } from 'node:crypto'
import type { City, Programme, Session, Text } from '../../city/index.ts'
import { sql, type Tx } from '../../plumbing/index.ts'

/** The very words that somebody agrees to, as their hash: any change of a word is another. */
export const waiverHash = ({ en, es }: Text): Buffer =>
  createHash('sha256').update(`${en.trim()}\n${es.trim()}`).digest()

/** What stands for those words in a form: whoever agreed to others is asked again. */
export const waiverMark = (words: Text): string => waiverHash(words).toString('hex').slice(0, 16)

/**
 * Tells the database what people can take part in, after the city's files are in. As the owner. What the files no longer
 * hold is closed, and removed where nobody ever joined; who has a place keeps it, however many there are now.
 */
export async function importActivities(tx: Tx, city: City): Promise<{ changed: boolean }> {
  const before = await fingerprint(tx)
  const days = await daysOf(tx)
  const rows = [...city.activities.sessions.values()].map((session) => rowOf(city, session))
  const waivers = [...city.activities.programmes.values()].flatMap(({ waiver }) => (waiver ? [waiver] : []))
  await tx.rows(sql`insert into activities.waiver (hash, en, es)
    select * from unnest(${waivers.map(waiverHash)}::bytea[], ${waivers.map(({ en }) => en.trim())}::text[],
      ${waivers.map(({ es }) => es.trim())}::text[]) on conflict do nothing`)
  await importSessions(tx, rows)
  await importPlaces(tx, city)
  for (const [session, when] of await daysOf(tx))
    if (days.has(session) && days.get(session) !== when) await tx.rows(sql`select activities.tell_moved(${session})`)
  return { changed: (await fingerprint(tx)) !== before }
}

function rowOf({ timeZone, activities }: City, session: Session) {
  const programme = activities.programmes.get(session.programme) as Programme
  const [first, last] = [session.meetings[0], session.meetings.at(-1)]
  return {
    id: session.id,
    programme: programme.id,
    topic: programme.topic,
    leader: programme.leader,
    name_en: programme.name.en.slice(0, 120),
    name_es: programme.name.es.slice(0, 120),
    time_zone: timeZone,
    youngest: programme.ages.from,
    oldest: programme.ages.to ?? null,
    after: programme.after,
    waiver: programme.waiver ? waiverHash(programme.waiver).toString('hex') : null,
    first_day: session.first.toString(),
    starts_at: first?.start.toString(),
    ends_at: last?.end.toString(),
    capacity: session.places,
    reserve: session.reserve?.places ?? 0,
    reserve_until: session.reserve?.until.toString() ?? null,
    opens_at: session.opens.toString(),
    closes_at: session.closes.toString(),
    lottery: session.lottery,
    offer_for: programme.offer,
    pay_within: programme.payWithin ?? null,
    free_until: programme.cancel.freeUntil,
    refund: programme.cancel.refund,
    late_refund: programme.cancel.lateRefund,
  }
}

async function importSessions(tx: Tx, rows: readonly ReturnType<typeof rowOf>[]): Promise<void> {
  await tx.rows(sql`insert into activities.session (id, programme, topic, leader, name_en, name_es, time_zone, youngest, oldest,
      after, waiver, first_day, starts_at, ends_at, capacity, opens_at, closes_at, lottery, offer_for, pay_within, free_until,
      refund, late_refund, reserve, reserve_until)
    select id, programme, topic, leader, name_en, name_es, time_zone, youngest, oldest,
      array(select jsonb_array_elements_text(after)), decode(waiver, 'hex'), first_day, starts_at, ends_at, capacity, opens_at,
      closes_at, lottery, make_interval(hours => offer_for), make_interval(hours => pay_within),
      make_interval(hours => free_until), refund, late_refund, reserve, reserve_until
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x (id text, programme text, topic text, leader text, name_en text,
      name_es text, time_zone text, youngest int, oldest int, after jsonb, waiver text, first_day date, starts_at timestamptz,
      ends_at timestamptz, capacity int, opens_at timestamptz, closes_at timestamptz, lottery boolean, offer_for int,
      pay_within int, free_until int, refund text, late_refund text, reserve int, reserve_until timestamptz)
    on conflict (id) do update set (programme, topic, leader, name_en, name_es, time_zone, youngest, oldest, after, waiver,
      first_day, starts_at, ends_at, capacity, opens_at, closes_at, lottery, offer_for, pay_within, free_until, refund,
      late_refund, reserve, reserve_until, open) = (excluded.programme, excluded.topic, excluded.leader, excluded.name_en, excluded.name_es,
      excluded.time_zone, excluded.youngest, excluded.oldest, excluded.after, excluded.waiver, excluded.first_day,
      excluded.starts_at, excluded.ends_at, excluded.capacity, excluded.opens_at, excluded.closes_at, excluded.lottery,
      excluded.offer_for, excluded.pay_within, excluded.free_until, excluded.refund, excluded.late_refund, excluded.reserve,
      excluded.reserve_until, true)`)
  const ids = rows.map(({ id }) => id)
  await tx.rows(sql`update activities.session set open = false where open and id <> all (${ids}::text[])`)
  await tx.rows(sql`delete from activities.session s where not s.open
    and not exists (select from activities.enrolment e where e.session = s.id)`)
}

/** Its days and its places. Where there are fewer places than before, those above are given to nobody any more. */
async function importPlaces(tx: Tx, { activities }: City): Promise<void> {
  const days = [...activities.sessions.values()].flatMap(({ id, meetings }) =>
    meetings.map(({ start, end }) => ({ session: id, starts_at: start.toString(), ends_at: end.toString() })),
  )
  await tx.rows(sql`delete from activities.meeting m using activities.session s where s.id = m.session and s.open`)
  await tx.rows(sql`insert into activities.meeting (session, starts_at, ends_at)
    select * from jsonb_to_recordset(${JSON.stringify(days)}::jsonb) as x (session text, starts_at timestamptz, ends_at timestamptz)`)
  await tx.rows(sql`insert into activities.place (session, number)
    select s.id, n from activities.session s cross join lateral generate_series(1, s.capacity) as n where s.open
    on conflict do nothing`)
  // The last of the open ones are those that only a clerk gives.
  await tx.rows(sql`update activities.place p set kept_until = case when p.number > s.capacity - s.reserve then s.reserve_until end
    from activities.session s where s.id = p.session and s.open
      and p.kept_until is distinct from case when p.number > s.capacity - s.reserve then s.reserve_until end`)
  await tx.rows(sql`update activities.place p set open = p.number <= s.capacity from activities.session s
    where s.id = p.session and p.open <> (p.number <= s.capacity)`)
}

/** The days and hours of each session that somebody is in and that is still to come. */
async function daysOf(tx: Tx): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.rows<{ session: string; days: string }>(sql`select m.session,
      md5(string_agg(concat(m.starts_at, m.ends_at), ' ' order by m.starts_at)) as days
    from activities.meeting m join activities.session s on s.id = m.session and s.ends_at > city.now()
    where exists (select from activities.enrolment e where e.session = m.session) group by m.session`)
  return new Map(rows.map(({ session, days }) => [session, days]))
}

async function fingerprint(tx: Tx): Promise<string | undefined> {
  const row = await tx.row<{ seen: string }>(sql`select md5(concat(
    (select string_agg(s::text, '' order by s.id) from activities.session s),
    (select string_agg(m::text, '' order by m.session, m.starts_at) from activities.meeting m))) as seen`)
  return row?.seen
}
