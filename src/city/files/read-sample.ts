import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  isMistaken,
  nearest,
  readYaml,
  type Mistake,
  type Mistaken,
  type Path,
  type Static,
} from '../../plumbing/index.ts'
import type { City } from '../city.ts'
import type { AgencyId, DutyId, FormId, ReasonId, StaffId, TopicId } from '../ids.ts'
import type { Sample, sampleClosings, SampleCase, SampleEvent, SampleStaff } from '../sample.ts'
import { sampleCasesFile, sampleStaffFile } from './sample-file.ts'

type CaseEntry = Static<typeof sampleCasesFile>['cases'][number]
type EventEntry = NonNullable<CaseEntry['happened']>[number]
type Tell = (path: Path, says: string, allowed: string) => void

/** The invented staff and letters in `sample`, checked against the city; undefined where the folder is not there. */
export function readSample(folder: string, city: City): Sample | Mistaken | undefined {
  if (!existsSync(join(folder, 'sample'))) return undefined
  const staffFile = readYaml(join(folder, 'sample', 'staff.yaml'), sampleStaffFile)
  const casesFile = readYaml(join(folder, 'sample', 'cases.yaml'), sampleCasesFile)
  if (isMistaken(staffFile)) return isMistaken(casesFile) ? both(staffFile, casesFile) : staffFile
  if (isMistaken(casesFile)) return casesFile

  const mistakes: Mistake[] = []
  const staff = Object.entries(staffFile.value.staff).map(([handle, { name, duties, former }]): SampleStaff => {
    for (const [index, duty] of duties.entries()) {
      if (city.duties.has(duty as DutyId)) continue
      const path = ['staff', handle, 'duties', index]
      mistakes.push(staffFile.mistake(path, ...unknown(duty, 'a duty', city.duties.keys())))
    }
    return { handle: handle as StaffId, name, duties: duties as DutyId[], former: former ?? false }
  })
  const byHandle = new Map(staff.map((person) => [person.handle, person]))
  const cases = casesFile.value.cases.map((entry, index) =>
    caseOf(entry, city, byHandle, (path, ...words) =>
      mistakes.push(casesFile.mistake(['cases', index, ...path], ...words)),
    ),
  )
  return mistakes.length > 0 ? { mistakes } : { staff, cases }
}

const both = (one: Mistaken, other: Mistaken): Mistaken => ({ mistakes: [...one.mistakes, ...other.mistakes] })

function unknown(name: string, what: string, known: Iterable<string>): [says: string, allowed: string] {
  const names = [...known]
  const meant = nearest(name, names)
  return [`“${name}” is not ${what}.${meant === undefined ? '' : ` Did you mean “${meant}”?`}`, names.join(', ')]
}

function caseOf(entry: CaseEntry, city: City, staff: ReadonlyMap<StaffId, SampleStaff>, tell: Tell): SampleCase {
  const { form, language, state, answers, 'days-ago': daysAgo, happened = [] } = entry
  const events = happened.flatMap((event, index) => {
    const last = happened[index - 1]?.after ?? 0
    if (event.after < last || event.after >= daysAgo) {
      tell(['happened', index, 'after'], 'This is out of the order of time.', `${last} to ${daysAgo - 1}`)
    }
    return eventOf(event, city, staff, (path, ...words) => tell(['happened', index, ...path], ...words)) ?? []
  })
  return { form: form as FormId, language, daysAgo, state, answers, happened: events }
}

function eventOf(
  { after, does, by, reason, text, to, because, agency }: EventEntry,
  city: City,
  staff: ReadonlyMap<StaffId, SampleStaff>,
  tell: Tell,
): SampleEvent | undefined {
  const need = (part: string, value: string | undefined): string => {
    if (value === undefined) tell([], `“${part}” is missing where someone does “${does}”.`, `${part}: …`)
    return value ?? ''
  }
  if (does === 'resident-writes') return { after, does, text: need('text', text) }
  const handle = need('by', by) as StaffId
  const person = staff.get(handle)
  if (by !== undefined && person === undefined) tell(['by'], ...unknown(by, 'one of the staff', staff.keys()))
  switch (does) {
    case 'look': {
      const wanted = need('reason', reason) as ReasonId
      const known = (person?.duties ?? []).flatMap((duty) => city.duties.get(duty)?.reasons.map(({ id }) => id) ?? [])
      if (reason !== undefined && person !== undefined && !known.includes(wanted)) {
        tell(['reason'], ...unknown(wanted, `a reason of ${handle}’s duties`, known))
      }
      return { after, does, by: handle, reason: wanted }
    }
    case 'reply':
    case 'note':
      return { after, does, by: handle, text: need('text', text) }
    case 'assign': {
      const colleague = need('to', to) as StaffId
      if (to !== undefined && !staff.has(colleague)) tell(['to'], ...unknown(to, 'one of the staff', staff.keys()))
      return { after, does, by: handle, to: colleague }
    }
    case 'move': {
      const topic = need('to', to) as TopicId
      if (to !== undefined && !city.topics.has(topic)) tell(['to'], ...unknown(to, 'a topic', city.topics.keys()))
      return { after, does, by: handle, to: topic }
    }
    case 'close': {
      const closing = need('because', because) as (typeof sampleClosings)[number]
      if (closing === 'not-ours' && (agency === undefined || !city.agencies.has(agency as AgencyId)))
        tell(['agency'], ...unknown(agency ?? '', 'an agency', city.agencies.keys()))
      return { after, does, by: handle, because: closing, ...(agency !== undefined && { agency: agency as AgencyId }) }
    }
    default:
      return does satisfies never
  }
}
