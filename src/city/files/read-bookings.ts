import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { isMistaken, readYaml } from '../../plumbing/index.ts'
import type { Mistake, Mistaken, OpenYaml, Path, Yaml } from '../../plumbing/index.ts'
import type { Facilities, Facility, Hours } from '../bookings.ts'
import type { FacilityId, FormId, PriceGroupId, TopicId } from '../ids.ts'
import type { Facts } from './assemble.ts'
import { bookingsFile, type FacilityEntry } from './bookings-file.ts'
import { weekdays } from './calendar-file.ts'
import { mustBeKnown } from './check-references.ts'
import { groupsOfferedIn, mustBeOffered } from './price-groups.ts'

/** What can be booked, from `bookings.yaml`; a city may do without. Checked against its topics, duties and forms. */
export function readBookings(folder: string, city: Facts, open?: OpenYaml): Facilities | Mistaken {
  const path = join(folder, 'bookings.yaml')
  if (!existsSync(path)) return new Map()
  const file = readYaml(path, bookingsFile)
  if (isMistaken(file)) return file
  const entries = Object.entries(file.value.bookings)
  const hasForm = (form: string) => existsSync(join(folder, 'forms', `${form}.yaml`))
  const offered = groupsOfferedIn(folder, open)
  const mistakes = entries.flatMap(([name, entry]) => [
    ...checkFacility(file, name, entry, city, hasForm),
    ...mustBeOffered(file, ['bookings', name, 'price', 'groups'], entry.price?.groups, entry.form, offered),
  ])
  if (mistakes.length > 0) return { mistakes }
  return new Map(entries.map(([name, entry]) => [name as FacilityId, facilityOf(name as FacilityId, entry)]))
}

function checkFacility(
  file: Yaml<unknown>,
  name: string,
  entry: FacilityEntry,
  city: Facts,
  hasForm: (form: string) => boolean,
): Mistake[] {
  const path: Path = ['bookings', name]
  const mistakes = mustBeKnown(file, [...path, 'topic'], entry.topic, Object.fromEntries(city.topics), 'a topic')
  const tell = (key: Path, says: string, allowed: string) =>
    mistakes.push(file.mistake([...path, ...key], says, allowed, key.length === 0 ? 'key' : 'value'))
  const kept = [...city.duties.values()].some(
    ({ topics, may }) => may.includes('book') && topics.some((topic) => topic === entry.topic),
  )
  if (mistakes.length === 0 && !kept)
    tell(['topic'], `Nobody keeps bookings about “${entry.topic}”.`, 'a topic of a duty in duties.yaml that may book')
  if (!hasForm(entry.form)) tell(['form'], `There is no form “${entry.form}”.`, 'the name of a file in forms/')
  for (const [weekday, spans] of Object.entries(entry.open) as [string, string[]][])
    mistakes.push(...checkHours(file, [...path, 'open', weekday], spans, entry.slot))
  if ((entry['most-places'] ?? 1) > entry.capacity)
    tell(['most-places'], 'One booking may take more than there is.', `1 to ${String(entry.capacity)}`)
  if (entry.capacity > 1 && !entry.unit)
    tell([], `“${name}” has several, and no word for one of them.`, 'unit: with en and es, for example table, mesa')
  if (entry.cancel['free-until'] < entry.cancel.until)
    tell(
      ['cancel', 'free-until'],
      'This ends after the last moment to cancel.',
      `${String(entry.cancel.until)} or more`,
    )
  if (entry['pay-within'] !== undefined && !entry.price)
    tell(['pay-within'], `“${name}” costs nothing, so it need not be paid.`, 'price:, or no pay-within:')
  for (const [index, { date }] of (entry.closed ?? []).entries())
    if (!isDay(date)) tell(['closed', index, 'date'], `There is no ${date}.`, 'a day of the calendar')
  return mistakes
}

/** Hours in order, apart from one another, each long enough for a slot. */
function checkHours(file: Yaml<unknown>, path: Path, spans: readonly string[], slot: number): Mistake[] {
  const hours = spans.map(hoursOf)
  return hours.flatMap(({ opens, closes }, index) => {
    const before = hours[index - 1]
    if (before && opens < before.closes)
      return [file.mistake([...path, index], 'These hours begin before the ones above end.', 'hours in order')]
    if (closes - opens < slot)
      return [file.mistake([...path, index], 'No slot fits into these hours.', `${String(slot)} minutes or more`)]
    return []
  })
}

function facilityOf(id: FacilityId, entry: FacilityEntry): Facility {
  const { 'most-slots': mostSlots, 'most-places': mostPlaces = 1, 'pay-within': payWithin, price, unit } = entry
  const open = Object.entries(entry.open) as [(typeof weekdays)[number], string[]][]
  return {
    id,
    kind: entry.kind,
    name: entry.name,
    about: entry.about,
    address: entry.address,
    topic: entry.topic as TopicId,
    form: entry.form as FormId,
    slot: entry.slot,
    buffer: entry.buffer ?? 0,
    mostSlots,
    capacity: entry.capacity,
    mostPlaces,
    ...(unit && { unit }),
    open: new Map(open.map(([weekday, spans]) => [weekdays.indexOf(weekday) + 1, spans.map(hoursOf)])),
    keepsHolidays: entry.holidays === 'closed',
    closed: (entry.closed ?? []).map(({ date, name }) => ({ date: Temporal.PlainDate.from(date), name })),
    lead: entry.lead,
    horizon: entry.horizon,
    cancel: {
      until: entry.cancel.until,
      freeUntil: entry.cancel['free-until'],
      refund: entry.cancel.refund,
      lateRefund: entry.cancel['late-refund'],
    },
    ...(payWithin !== undefined && { payWithin }),
    ...(price && {
      price: {
        slot: price.slot,
        groups: new Map(Object.entries(price.groups ?? {}).map(([group, one]) => [group as PriceGroupId, one])),
      },
    }),
  }
}

/** `18:00-02:00` closes after midnight: at minute 1560 of its day. */
function hoursOf(span: string): Hours {
  const [opens = 0, closes = 0] = span.split('-').map((time) => {
    const [hour = 0, minute = 0] = time.split(':').map(Number)
    return hour * 60 + minute
  })
  return { opens, closes: closes > opens ? closes : closes + 1440 }
}

function isDay(date: string): boolean {
  try {
    return Temporal.PlainDate.from(date, { overflow: 'reject' }).year > 0
  } catch {
    return false
  }
}
