import { Temporal } from 'temporal-polyfill'
import { createCalendar } from '../calendar.ts'
import type { Calendar, Holiday } from '../calendar.ts'
import type { AgencyTakes, City, Reason, Wordmark } from '../city.ts'
import { parseHolidayRule } from '../holiday-rule.ts'
import type {
  AgencyId,
  BasisId,
  DepartmentId,
  DutyId,
  Id,
  PlaceId,
  ReasonId,
  RetentionId,
  SeatId,
  TemplateId,
  TopicId,
} from '../ids.ts'
import type { Policy } from '../policy.ts'
import { weekdays } from './calendar-file.ts'
import type { CityFiles } from './read.ts'

/** What stands in the files that every city has; map, routing, bookings, activities, payments, consent and addresses are read next. */
export type Facts = Omit<
  City,
  'map' | 'routing' | 'bookings' | 'activities' | 'payments' | 'consent' | 'addresses' | 'sample'
>

/** The city from files that have been checked; identifiers get their brands here and nowhere else. */
export function assemble(files: CityFiles, wordmark: Wordmark): Facts {
  const { id, name, tagline, accent, contact, 'time-zone': timeZone, 'draft-days': draftDays = 14 } = files.city.value
  return {
    id: id as Id<'city'>,
    name,
    tagline,
    accent,
    wordmark,
    timeZone,
    draftDays,
    contact,
    departments: table(files.departments.value.departments, (id: DepartmentId, department) => ({ id, ...department })),
    topics: table(files.topics.value.topics, (id: TopicId, topic) => ({
      id,
      name: topic.name,
      department: topic.department as DepartmentId,
      answerWithin: topic['answer-within'],
      sensitive: topic.sensitive ?? false,
      problem: topic.problem ?? false,
      published: (topic.problem ?? false) && !(topic.sensitive ?? false) && (topic.published ?? true),
      ...(topic.keywords && { keywords: topic.keywords }),
    })),
    council: table(files.council.value.council, (id: SeatId, { topic, ...member }) => ({
      id,
      ...member,
      topic: topic as TopicId,
    })),
    places: table(files.places.value.places, (id: PlaceId, place) => ({ id, ...place })),
    duties: table(files.duties.value.duties, (id: DutyId, duty) => ({
      id,
      title: duty.title,
      department: duty.department as DepartmentId,
      topics: duty.topics as TopicId[],
      may: duty.may,
      reasons: Object.entries(duty.reasons).map(([id, text]) => ({ id: id as ReasonId, text })) as [
        Reason,
        ...Reason[],
      ],
    })),
    groups: new Map(Object.entries((files.duties.value.groups ?? {}) as Record<string, DutyId[]>)),
    agencies: table(
      files.agencies.value.agencies,
      (id: AgencyId, { 'responsible-for': responsibleFor, topics, takes, needs, ...agency }) => {
        const way = takesOf(takes)
        return {
          id,
          ...agency,
          responsibleFor,
          topics: (topics ?? []) as TopicId[],
          ...(way && { takes: way }),
          needs: needs ?? [],
        }
      },
    ),
    legalBases: table(files['legal-bases'].value['legal-bases'], (id: BasisId, basis) => ({ id, ...basis })),
    calendar: calendarOf(files.calendar.value),
    retention: table(files.retention.value.retention, (id: RetentionId, retention) => ({ id, ...retention })),
    policy: policyOf(files.policy.value),
    templates: table(files.templates.value.templates, (id: TemplateId, { department, ...template }) => ({
      id,
      department: department as DepartmentId | 'all',
      ...template,
    })),
  }
}

function table<Key extends string, Entry, Value>(
  entries: Readonly<Record<string, Entry>>,
  value: (id: Key, entry: Entry) => Value,
): ReadonlyMap<Key, Value> {
  return new Map(Object.entries(entries).map(([id, entry]) => [id as Key, value(id as Key, entry)]))
}

function takesOf(takes: CityFiles['agencies']['value']['agencies'][string]['takes']): AgencyTakes | undefined {
  if (takes?.email !== undefined) return { way: 'email', address: takes.email }
  if (!takes?.open311) return undefined
  const { services, ...open311 } = takes.open311
  return { way: 'open311', ...open311, services: new Map(Object.entries(services ?? {}) as [TopicId, string][]) }
}

function calendarOf(file: CityFiles['calendar']['value']): Calendar {
  return createCalendar({
    closedEvery: new Set(file['closed-every'].map((day) => weekdays.indexOf(day) + 1)),
    saturdayMovesToFriday: file['when-on-saturday'] === 'friday-before',
    sundayMovesToMonday: file['when-on-sunday'] === 'monday-after',
    holidays: file.holidays.map(({ name, falls, from, until }): Holiday => {
      const rule = parseHolidayRule(falls)
      if (rule === undefined) throw new Error(`Holiday rule was not checked: ${falls}`)
      return {
        name,
        rule,
        ...(from !== undefined && { from: Temporal.PlainDate.from(from) }),
        ...(until !== undefined && { until: Temporal.PlainDate.from(until) }),
      }
    }),
    closures: (file.closures ?? []).map(({ date, name }) => ({ date: Temporal.PlainDate.from(date), name })),
  })
}

function policyOf({ title, effective, clauses }: CityFiles['policy']['value']): Policy {
  return {
    title,
    effective: Temporal.PlainDate.from(effective),
    clauses: clauses.map(({ id, title, sentences }) => ({
      id,
      title,
      sentences: sentences.map(({ id, ...text }) => ({ id, text })),
    })),
  }
}
