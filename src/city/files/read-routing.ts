import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  Type,
  isMistaken,
  readYaml,
  type Static,
  type Mistake,
  type Mistaken,
  type Yaml,
} from '../../plumbing/index.ts'
import type { CityMap } from '../areas.ts'
import type { DutyId, PlaceId, TopicId } from '../ids.ts'
import type { Routing, RoutingRule } from '../routing.ts'
import type { Facts } from './assemble.ts'
import { mustBeKnown } from './check-references.ts'
import { closed, id } from './shapes.ts'

const names = (what: string) =>
  Type.Optional(Type.Array(id, { minItems: 1, uniqueItems: true, description: `a list of ${what}` }))
const days = Type.Integer({ minimum: 0, maximum: 60, description: 'working days, 0 to 60' })

const rule = Type.Object(
  {
    topic: id,
    places: names('neighborhoods from places.yaml'),
    districts: names('districts from districts.geojson'),
    to: Type.Optional(id),
    duty: Type.Optional(id),
  },
  closed,
)
const routingFile = Type.Object(
  {
    reminders: Type.Object(
      {
        hour: Type.Integer({ minimum: 0, maximum: 23, description: 'an hour of the day, 0 to 23' }),
        'unassigned-after': days,
        'due-soon': days,
        'escalate-after': days,
      },
      closed,
    ),
    rules: Type.Optional(
      Type.Record(Type.String(), rule, { propertyNames: id, description: 'names, each with its rule' }),
    ),
  },
  closed,
)

type RuleEntry = Static<typeof rule>
type File = Yaml<Static<typeof routingFile>>

/** What holds in a city without `routing.yaml`: no rules, and reminders at eight in the morning. */
const without: Routing = { rules: [], levels: { hour: 8, unassignedAfter: 1, dueSoon: 1, escalateAfter: 2 } }

/** The city's rules of routing, checked against its topics, places and duties. `map` is undefined where it was mistaken. */
export function readRouting(folder: string, city: Facts, map: CityMap | undefined): Routing | Mistaken {
  const path = join(folder, 'routing.yaml')
  if (!existsSync(path)) return without
  const file = readYaml(path, routingFile)
  if (isMistaken(file)) return file
  const entries = Object.entries(file.value.rules ?? {})
  const mistakes = entries.flatMap(([name, entry]) => checkRule(file, name, entry, city, map))
  if (mistakes.length > 0) return { mistakes }
  const { reminders } = file.value
  return {
    rules: entries.map(([name, entry]) => ruleOf(name, entry, map)),
    levels: {
      hour: reminders.hour,
      unassignedAfter: reminders['unassigned-after'],
      dueSoon: reminders['due-soon'],
      escalateAfter: reminders['escalate-after'],
    },
  }
}

function checkRule(file: File, name: string, entry: RuleEntry, city: Facts, map: CityMap | undefined): Mistake[] {
  const path = ['rules', name]
  const known = (key: string, value: string, table: ReadonlyMap<string, unknown>, what: string, index?: number) =>
    mustBeKnown(file, [...path, key, ...(index === undefined ? [] : [index])], value, Object.fromEntries(table), what)
  const mistakes = [
    ...known('topic', entry.topic, city.topics, 'a topic'),
    ...(entry.to === undefined ? [] : known('to', entry.to, city.topics, 'a topic')),
    ...(entry.duty === undefined ? [] : known('duty', entry.duty, city.duties, 'a duty')),
    ...(entry.places ?? []).flatMap((one, n) => known('places', one, city.places, 'a neighborhood', n)),
    ...(map
      ? (entry.districts ?? []).flatMap((one, n) => known('districts', one, map.districts, 'a district', n))
      : []),
  ]
  if (mistakes.length > 0) return mistakes
  const tell = (key: string, says: string, allowed: string) =>
    mistakes.push(file.mistake(key === '' ? path : [...path, key], says, allowed, key === '' ? 'key' : 'value'))
  if (entry.to === undefined && entry.duty === undefined)
    tell('', `The rule “${name}” leads nowhere.`, 'to: (a topic), duty: (a duty), or both')
  if (entry.to === entry.topic) tell('to', `The rule “${name}” leads to where it begins.`, 'another topic')
  for (const key of ['topic', 'to'] as const)
    if (city.topics.get(entry[key] as TopicId)?.sensitive)
      tell(
        key,
        `“${entry[key] ?? ''}” is sensitive: a person decides about its letters.`,
        'a topic that is not sensitive',
      )
  const end = (entry.to ?? entry.topic) as TopicId
  const duty = city.duties.get(entry.duty as DutyId)
  if (duty && !(duty.topics.includes(end) && duty.may.includes('answer')))
    tell(
      'duty',
      `The duty “${duty.id}” does not answer letters about “${end}”.`,
      'a duty with that topic that may answer',
    )
  return mistakes
}

function ruleOf(name: string, entry: RuleEntry, map: CityMap | undefined): RoutingRule {
  const inDistricts = (map?.places ?? [])
    .filter(({ district }) => district !== undefined && entry.districts?.includes(district))
    .map(({ place }) => place)
  return {
    id: name,
    topic: entry.topic as TopicId,
    ...((entry.places ?? entry.districts) && {
      places: new Set([...((entry.places ?? []) as PlaceId[]), ...inDistricts]),
    }),
    ...(entry.to !== undefined && { to: entry.to as TopicId }),
    ...(entry.duty !== undefined && { duty: entry.duty as DutyId }),
  }
}
