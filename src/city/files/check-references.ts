import { letterlessPowers } from '../city.ts'
import { nearest } from '../../plumbing/index.ts'
import type { Mistake, Path, Yaml } from '../../plumbing/index.ts'
import type { CityFiles } from './read.ts'

/** What the files say about one another: a name used in one must stand in the other, and no letter may reach a topic that nobody reads. */
export function checkReferences(files: CityFiles): Mistake[] {
  const { departments } = files.departments.value
  const { topics } = files.topics.value
  const { duties } = files.duties.value
  const mistakes: Mistake[] = []

  for (const [id, topic] of Object.entries(topics)) {
    mistakes.push(
      ...mustBeKnown(files.topics, ['topics', id, 'department'], topic.department, departments, 'a department'),
    )
  }
  for (const id of Object.keys(departments)) {
    const general = `${id}-general`
    const owner = topics[general]?.department
    // A general topic of an unknown department has been told already.
    if (owner === undefined || (owner !== id && Object.hasOwn(departments, owner))) {
      const says = `The department “${id}” has no topic for letters that fit no other.`
      mistakes.push(
        files.departments.mistake(
          ['departments', id],
          says,
          `a topic “${general}” of this department in topics.yaml`,
          'key',
        ),
      )
    }
  }
  mistakes.push(...checkAddresses(files))
  const read = new Set<string>()
  for (const [id, duty] of Object.entries(duties)) {
    mistakes.push(
      ...mustBeKnown(files.duties, ['duties', id, 'department'], duty.department, departments, 'a department'),
    )
    for (const [index, topic] of duty.topics.entries()) {
      const path = ['duties', id, 'topics', index]
      mistakes.push(...mustBeKnown(files.duties, path, topic, topics, 'a topic'))
      mistakes.push(...mustBelong(files, path, topic, duty.department))
      if (duty.may.includes('read')) read.add(topic)
    }
    mistakes.push(...mustRead(files, id))
  }
  for (const [group, brings] of Object.entries(files.duties.value.groups ?? {}))
    for (const [index, duty] of brings.entries())
      mistakes.push(...mustBeKnown(files.duties, ['groups', group, index], duty, duties, 'a duty'))
  for (const id of Object.keys(topics).filter((topic) => !read.has(topic))) {
    const says = `Nobody would read letters about “${id}”.`
    mistakes.push(files.topics.mistake(['topics', id], says, 'a duty in duties.yaml that has this topic', 'key'))
  }
  for (const [id, agency] of Object.entries(files.agencies.value.agencies)) {
    for (const [index, topic] of (agency.topics ?? []).entries())
      mistakes.push(...mustBeKnown(files.agencies, ['agencies', id, 'topics', index], topic, topics, 'a topic'))
    for (const topic of Object.keys(agency.takes?.open311?.services ?? {}))
      mistakes.push(
        ...mustBeKnown(files.agencies, ['agencies', id, 'takes', 'open311', 'services'], topic, topics, 'a topic'),
      )
  }
  return mistakes
}

/** A duty reads letters about its topics; only one whose powers (money, consent) have nothing to do with letters needs to read none. */
function mustRead(files: CityFiles, id: string): Mistake[] {
  const duty = files.duties.value.duties[id]
  if (!duty) return []
  const { may, topics } = duty
  if (topics.length === 0 && may.every((power) => letterlessPowers.includes(power))) return []
  const says = `The duty “${id}” may not read, so nothing else that it may do can be done.`
  const wrong = [
    !may.includes('read') && files.duties.mistake(['duties', id, 'may'], says, 'a list that holds read'),
    topics.length === 0 &&
      files.duties.mistake(
        ['duties', id, 'topics'],
        `The duty “${id}” has no topic.`,
        'a list of topics of the department',
      ),
  ]
  return wrong.filter((one) => one !== false)
}

/** A mail's address says where it goes, so none may stand twice; a Councilmember's topic must be known. */
function checkAddresses(files: CityFiles): Mistake[] {
  const mistakes: Mistake[] = []
  const taken = new Map([[files.city.value.contact.email.toLowerCase(), 'city.yaml']])
  const take = (file: Yaml<unknown>, path: Path, address: string, name: string) => {
    const by = taken.get(address.toLowerCase())
    if (by !== undefined)
      mistakes.push(file.mistake(path, `“${address}” is already the address of ${by}.`, 'an address of its own'))
    taken.set(address.toLowerCase(), name)
  }
  for (const [id, { email }] of Object.entries(files.departments.value.departments))
    take(files.departments, ['departments', id, 'email'], email, id)
  for (const [id, { email, topic }] of Object.entries(files.council.value.council)) {
    take(files.council, ['council', id, 'email'], email, id)
    mistakes.push(...mustBeKnown(files.council, ['council', id, 'topic'], topic, files.topics.value.topics, 'a topic'))
  }
  return mistakes
}

/** Need to know ends at the department: a duty has topics of its own department only. */
function mustBelong(files: CityFiles, path: Path, topic: string, department: string): Mistake[] {
  const { topics } = files.topics.value
  const owner = topics[topic]?.department
  const known = owner !== undefined && Object.hasOwn(files.departments.value.departments, owner)
  if (!known || owner === department) return []
  const own = Object.keys(topics).filter((id) => topics[id]?.department === department)
  return [files.duties.mistake(path, `“${topic}” is a topic of ${owner}, not of ${department}.`, own.join(', '))]
}

/** No mistake when `name` is one of the table's; else one that offers the nearest. */
export function mustBeKnown(file: Yaml<unknown>, path: Path, name: string, table: object, what: string): Mistake[] {
  if (Object.hasOwn(table, name)) return []
  const meant = nearest(name, Object.keys(table))
  const says = `“${name}” is not ${what}.${meant === undefined ? '' : ` Did you mean “${meant}”?`}`
  return [file.mistake(path, says, Object.keys(table).join(', '))]
}
