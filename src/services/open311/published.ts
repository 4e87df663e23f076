import type { PlaceId, TopicId } from '../../city/index.ts'
import { sql, type Db, type Language } from '../../plumbing/index.ts'
import type { Answer, Thing } from './answer.ts'
import type { Open311House } from './house.ts'
import { say } from './messages.ts'

/** A case as everybody may see it: the database gives no more, to whomever it is asked for. Times are texts in UTC. */
export type Published = Readonly<{
  number: number
  topic: TopicId
  place: PlaceId | null
  requested: string
  updated: string
  expected: string
  closed_because: string | null
  words: string | null
}>

export type Asked = Readonly<{
  /** Texts that were checked to be moments. */
  from: string
  until: string
  topics?: readonly string[]
  open?: boolean
}>

/** The listed cases that came between two moments, newest first: 1,000 at most, of 90 days at most. */
export function published(db: Db, asked: Asked, zone: string): Promise<readonly Published[]> {
  return db.once<Published>(
    sql`select * from open311.requests(${asked.from}::timestamptz, ${asked.until}::timestamptz,
      ${asked.topics ?? null}::text[], ${asked.open ?? null}::boolean, ${zone})`,
  )
}

/** The listed cases with these numbers. */
export function publishedByNumber(db: Db, numbers: readonly number[], zone: string): Promise<readonly Published[]> {
  return db.once<Published>(sql`select * from open311.requests_by_number(${[...numbers]}::bigint[], ${zone})`)
}

export function requestsAnswer(house: Open311House, rows: readonly Published[], language: Language): Answer {
  return {
    root: 'service_requests',
    inside: { item: 'request', things: rows.map((row) => thing(house, row, language)) },
  }
}

/**
 * No point on the map and no street: where a report is about a person's own home, a point would lead to her door. The
 * neighbourhood is the place. Words only where a clerk wrote some for everybody.
 */
function thing({ city }: Open311House, row: Published, language: Language): Thing {
  const topic = city.topics.get(row.topic)
  const place = row.place === null ? undefined : city.places.get(row.place)
  return {
    service_request_id: String(row.number),
    status: row.closed_because === null ? 'open' : 'closed',
    status_notes: say(language, notes[row.closed_because ?? 'open'] ?? 'statusNoFurther'),
    service_name: topic?.name[language] ?? row.topic,
    service_code: row.topic,
    description: row.words,
    agency_responsible: (topic && city.departments.get(topic.department)?.name[language]) ?? null,
    service_notice: null,
    requested_datetime: row.requested,
    updated_datetime: row.updated,
    expected_datetime: row.expected,
    address: place?.name[language] ?? null,
    address_id: place?.id ?? null,
    zipcode: null,
    lat: null,
    long: null,
    media_url: null,
  }
}

const notes: Readonly<Partial<Record<string, Parameters<typeof say>[1]>>> = {
  open: 'statusOpen',
  done: 'statusDone',
  'not-ours': 'statusNotOurs',
  duplicate: 'statusDuplicate',
}
