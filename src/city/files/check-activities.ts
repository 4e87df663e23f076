import { Temporal } from 'temporal-polyfill'
import type { Mistake, Path, Yaml } from '../../plumbing/index.ts'
import type { ActivitiesEntry, ProgrammeEntry, SessionEntry } from './activities-file.ts'
import type { Facts } from './assemble.ts'
import { mustBeKnown } from './check-references.ts'

type File = Yaml<ActivitiesEntry>

/** What the shape of `activities.yaml` cannot know: names that are not there, days that no calendar has, years that cross. */
export function checkActivities(file: File, city: Facts, hasForm: (form: string) => boolean): Mistake[] {
  const entries = Object.entries(file.value.programmes)
  const seen = new Set<string>()
  const kept = Object.entries(file.value.purposes ?? {}).flatMap(([name, { retention }]) => {
    const path: Path = ['purposes', name, 'retention']
    return mustBeKnown(file, path, retention, Object.fromEntries(city.retention), 'in retention.yaml')
  })
  const programmes = entries.flatMap(([name, entry]) => [
    ...checkProgramme(file, name, entry, city, hasForm),
    ...Object.entries(entry.sessions).flatMap(([session, one]) => {
      const path: Path = ['programmes', name, 'sessions', session]
      const twice = seen.has(session)
      seen.add(session)
      return [
        ...(twice ? [file.mistake(path, `“${session}” is the name of two sessions.`, 'a name of its own', 'key')] : []),
        ...checkSession(file, path, one),
      ]
    }),
  ])
  return [...kept, ...programmes]
}

function checkProgramme(
  file: File,
  name: string,
  entry: ProgrammeEntry,
  city: Facts,
  hasForm: (form: string) => boolean,
): Mistake[] {
  const path: Path = ['programmes', name]
  const topic = mustBeKnown(file, [...path, 'topic'], entry.topic, Object.fromEntries(city.topics), 'a topic')
  const leader = mustBeKnown(file, [...path, 'leader'], entry.leader, Object.fromEntries(city.duties), 'a duty')
  const mistakes = [...topic, ...leader]
  const tell = (key: Path, says: string, allowed: string) =>
    mistakes.push(file.mistake([...path, ...key], says, allowed, 'value'))
  const duties = [...city.duties.values()]
  if (topic.length === 0 && !duties.some(({ topics, may }) => may.includes('run-activities') && topics.some((one) => one === entry.topic)))
    tell(['topic'], `Nobody runs activities about “${entry.topic}”.`, 'a topic of a duty in duties.yaml that may run-activities') // prettier-ignore
  if (leader.length === 0 && !duties.some(({ id, may }) => id === entry.leader && may.includes('lead-session')))
    tell(['leader'], `“${entry.leader}” leads no sessions.`, 'a duty in duties.yaml that may lead-session')
  if (entry.form !== undefined && !hasForm(entry.form))
    tell(['form'], `There is no form “${entry.form}”.`, 'the name of a file in forms/')
  const { from, to } = entry.ages
  const purposes = file.value.purposes ?? {}
  for (const [index, purpose] of (entry.purposes ?? []).entries())
    mistakes.push(...mustBeKnown(file, [...path, 'purposes', index], purpose, purposes, 'a purpose here'))
  if (from < 18 && !entry.purposes?.some((purpose) => purposes[purpose]?.needed))
    tell(
      ['ages'],
      'Children take part, and nothing says what a guardian consents to.',
      'purposes: with one that is needed',
    )
  if (to !== undefined && to < from)
    tell(['ages', 'to'], 'Nobody is that old and that young.', `${String(from)} or more`)
  if (entry.form === undefined && from >= 18)
    tell(['ages'], 'Adults sign up on a form.', 'form:, or ages from below 18')
  if (entry.form !== undefined && to !== undefined && to < 18)
    tell(['form'], 'Only children take part, and they sign up with their parents.', 'no form:, or ages to 18 or more')
  for (const [index, other] of (entry.after ?? []).entries())
    mistakes.push(...mustBeKnown(file, [...path, 'after', index], other, file.value.programmes, 'a programme here'))
  if (entry.after?.includes(name)) tell(['after'], `“${name}” would come before itself.`, 'another programme')
  if (entry['pay-within'] !== undefined && !entry.price)
    tell(['pay-within'], `“${name}” costs nothing, so it need not be paid.`, 'price:, or no pay-within:')
  return mistakes
}

function checkSession(file: File, path: Path, entry: SessionEntry): Mistake[] {
  const { seasons, venues } = file.value
  const mistakes = [
    ...mustBeKnown(file, [...path, 'season'], entry.season, seasons, 'a season here'),
    ...mustBeKnown(file, [...path, 'venue'], entry.venue, venues, 'a venue here'),
  ]
  const tell = (key: Path, says: string, allowed: string) =>
    mistakes.push(file.mistake([...path, ...key], says, allowed, 'value'))
  const { opens, closes } = entry.registration
  const dated = [
    { key: ['first'], date: entry.first },
    { key: ['last'], date: entry.last },
    { key: ['registration', 'opens'], date: opens.slice(0, 10) },
    { key: ['registration', 'closes'], date: closes.slice(0, 10) },
    ...(entry.reserve ? [{ key: ['reserve', 'until'], date: entry.reserve.until.slice(0, 10) }] : []),
    ...(entry.except ?? []).map((date, index) => ({ key: ['except', index], date })),
  ]
  for (const { key, date } of dated) if (!isDay(date)) tell(key, `There is no ${date}.`, 'a day of the calendar')
  for (const [weekday, span] of Object.entries(entry.days) as [string, string][]) {
    const [from = '', until = ''] = span.split('-')
    if (until <= from) tell(['days', weekday], 'This ends before it begins.', `later than ${from}`)
  }
  if (entry.last < entry.first) tell(['last'], 'This is before the first day.', `${entry.first} or later`)
  else if (entry.last > `${String(Number(entry.first.slice(0, 4)) + 1)}${entry.first.slice(4)}`)
    tell(['last'], 'A session lasts a year at most.', 'a day within a year of the first')
  if (closes <= opens) tell(['registration', 'closes'], 'Registration closes before it opens.', `later than ${opens}`)
  const { reserve } = entry
  if (reserve && reserve.places >= entry.places)
    tell(['reserve', 'places'], 'Nothing is left for everybody.', `fewer than ${String(entry.places)}`)
  if (reserve && (reserve.until <= opens || reserve.until.slice(0, 10) > entry.first))
    tell(
      ['reserve', 'until'],
      'Places are kept from when registration opens, to the first day at most.',
      `after ${opens}`,
    )
  if (entry.registration.lottery ? closes.slice(0, 10) >= entry.first : closes.slice(0, 10) > entry.last)
    tell(
      ['registration', 'closes'],
      entry.registration.lottery ? 'Places are drawn before the first day.' : 'This is after the last day.',
      entry.registration.lottery ? `a day before ${entry.first}` : `${entry.last} at the latest`,
    )
  return mistakes
}

function isDay(date: string): boolean {
  try {
    return Temporal.PlainDate.from(date, { overflow: 'reject' }).year > 0
  } catch {
    return false
  }
}
