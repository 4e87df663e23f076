import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { isMistaken, readYaml, type Mistaken, type OpenYaml, type Path } from '../../plumbing/index.ts'
import {
  noActivities,
  type Activities,
  type ActivityPurpose,
  type Meeting,
  type Programme,
  type Session,
} from '../activities.ts'
import type { Hours } from '../bookings.ts'
import type {
  DutyId,
  FormId,
  PriceGroupId,
  ProgrammeId,
  RetentionId,
  SeasonId,
  SessionId,
  TopicId,
  VenueId,
} from '../ids.ts'
import { activitiesFile, type ActivitiesEntry, type ProgrammeEntry, type SessionEntry } from './activities-file.ts'
import type { Facts } from './assemble.ts'
import { weekdays } from './calendar-file.ts'
import { checkActivities } from './check-activities.ts'
import { groupsOfferedIn, mustBeOffered } from './price-groups.ts'

/** The recreation programme, from `activities.yaml`; a city may do without. Checked against topics, duties and forms. */
export function readActivities(folder: string, city: Facts, open?: OpenYaml): Activities | Mistaken {
  const path = join(folder, 'activities.yaml')
  if (!existsSync(path)) return noActivities
  const file = readYaml(path, activitiesFile)
  if (isMistaken(file)) return file
  const hasForm = (form: string) => existsSync(join(folder, 'forms', `${form}.yaml`))
  const offered = groupsOfferedIn(folder, open)
  const groups = Object.entries(file.value.programmes).flatMap(([name, { form, price }]) =>
    mustBeOffered(file, ['programmes', name, 'price', 'groups'], price?.groups, form, offered),
  )
  const mistakes = [...checkActivities(file, city, hasForm), ...groups]
  if (mistakes.length > 0) return { mistakes }
  const read = activitiesOf(file.value, city)
  const never = [...read.sessions.values()].find(({ meetings }) => meetings.length === 0)
  if (!never) return read
  const at: Path = ['programmes', never.programme, 'sessions', never.id, 'days']
  const says = `“${never.id}” never meets: none of its days lies between first and last.`
  return { mistakes: [file.mistake(at, says, 'a weekday from first to last that is no holiday and not in except:')] }
}

function activitiesOf({ seasons, venues, programmes, purposes = {} }: ActivitiesEntry, city: Facts): Activities {
  const entries = Object.entries(programmes)
  const named = <Id extends string, Entry, Made>(of: Record<string, Entry>, make: (id: Id, entry: Entry) => Made) =>
    new Map(Object.entries(of).map(([id, entry]) => [id as Id, make(id as Id, entry)]))
  return {
    seasons: named(seasons, (id: SeasonId, season) => ({ id, ...season })),
    venues: named(venues, (id: VenueId, venue) => ({ id, ...venue })),
    programmes: named(programmes, (id: ProgrammeId, entry: ProgrammeEntry) => programmeOf(id, entry, purposes)),
    sessions: new Map(
      entries.flatMap(([programme, { sessions }]) => [
        ...named(sessions, (id: SessionId, entry) => sessionOf(id, programme as ProgrammeId, entry, city)),
      ]),
    ),
  }
}

type Purposes = NonNullable<ActivitiesEntry['purposes']>

function programmeOf(id: ProgrammeId, entry: ProgrammeEntry, purposes: Purposes): Programme {
  const { price, cancel, form, waiver, ages, 'pay-within': payWithin } = entry
  return {
    id,
    name: entry.name,
    about: entry.about,
    topic: entry.topic as TopicId,
    ...(form !== undefined && { form: form as FormId }),
    ages: { from: ages.from, ...(ages.to !== undefined && { to: ages.to }) },
    after: (entry.after ?? []) as ProgrammeId[],
    ...(price && {
      price: {
        full: price.full,
        groups: new Map(Object.entries(price.groups ?? {}).map(([group, one]) => [group as PriceGroupId, one])),
        sibling: price.sibling ?? 0,
      },
    }),
    cancel: { freeUntil: cancel['free-until'], refund: cancel.refund, lateRefund: cancel['late-refund'] },
    ...(payWithin !== undefined && { payWithin }),
    offer: entry.offer,
    ...(waiver && { waiver }),
    leader: entry.leader as DutyId,
    purposes: (entry.purposes ?? []).flatMap((name) => purposeOf(name, purposes[name])),
  }
}

function purposeOf(id: string, entry: Purposes[string] | undefined): ActivityPurpose[] {
  if (!entry) return []
  const { asks = {}, retention, ...rest } = entry
  const questions = Object.entries(asks).map(([field, label]) => ({ field, label }))
  return [{ id, ...rest, retention: retention as RetentionId, asks: questions }]
}

function sessionOf(id: SessionId, programme: ProgrammeId, entry: SessionEntry, city: Facts): Session {
  const [first, last] = [Temporal.PlainDate.from(entry.first), Temporal.PlainDate.from(entry.last)]
  const days = Object.entries(entry.days) as [(typeof weekdays)[number], string][]
  const hours = new Map(days.map(([weekday, span]) => [weekdays.indexOf(weekday) + 1, hoursOf(span)]))
  const { opens, closes, lottery = false } = entry.registration
  return {
    id,
    programme,
    season: entry.season as SeasonId,
    venue: entry.venue as VenueId,
    first,
    last,
    hours,
    meetings: meetingsOf({ first, last, hours, except: entry.except ?? [] }, city),
    places: entry.places,
    ...(entry.reserve && { reserve: { places: entry.reserve.places, until: momentOf(entry.reserve.until, city) } }),
    opens: momentOf(opens, city),
    closes: momentOf(closes, city),
    lottery,
  }
}

type Stretch = Readonly<{
  first: Temporal.PlainDate
  last: Temporal.PlainDate
  hours: ReadonlyMap<number, Hours>
  except: readonly string[]
}>

/** Every day from first to last that is one of its weekdays, no holiday of the city and not left out. */
function meetingsOf({ first, last, hours, except }: Stretch, { calendar, timeZone }: Facts): Meeting[] {
  const days = Array.from({ length: first.until(last).days + 1 }, (_, at) => at)
  return days.flatMap((later) => {
    const span = hours.get(((first.dayOfWeek - 1 + later) % 7) + 1)
    if (!span) return []
    const day = first.add({ days: later })
    if (calendar.holidayOn(day) !== undefined || except.includes(day.toString())) return []
    const at = (minutes: number) => day.toZonedDateTime({ timeZone, plainTime: timeOf(minutes) }).toInstant()
    return [{ start: at(span.opens), end: at(span.closes) }]
  })
}

const timeOf = (minutes: number) => Temporal.PlainTime.from({ hour: Math.floor(minutes / 60), minute: minutes % 60 })

export function hoursOf(span: string): Hours {
  const [opens = 0, closes = 0] = span.split('-').map((time) => {
    const [hour = 0, minute = 0] = time.split(':').map(Number)
    return hour * 60 + minute
  })
  return { opens, closes }
}

const momentOf = (words: string, { timeZone }: Pick<Facts, 'timeZone'>) =>
  Temporal.PlainDateTime.from(words.replace(' ', 'T')).toZonedDateTime(timeZone).toInstant()
