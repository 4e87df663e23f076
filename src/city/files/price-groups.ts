import { join } from 'node:path'
import {
  isMistaken,
  nearest,
  readYaml,
  Type,
  type Mistake,
  type OpenYaml,
  type Path,
  type Yaml,
} from '../../plumbing/index.ts'

/** Of a form’s file, what it asks about the price; all the rest of it is the forms’ own to check. */
const asksForGroup = Type.Object({
  fields: Type.Record(
    Type.String(),
    Type.Object({
      'price-group': Type.Optional(Type.String()),
      choices: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    }),
  ),
})

/** The price groups that a form’s question offers; undefined where the form cannot be read, which is told elsewhere. */
export type GroupsOffered = (form: string) => readonly string[] | undefined

/** Reads each form once, however many things are booked on it. */
export function groupsOfferedIn(folder: string, open?: OpenYaml): GroupsOffered {
  const known = new Map<string, readonly string[] | undefined>()
  return (form) => {
    if (!known.has(form)) known.set(form, readGroups(join(folder, 'forms', `${form}.yaml`), open))
    return known.get(form)
  }
}

function readGroups(path: string, open?: OpenYaml): readonly string[] | undefined {
  const file = readYaml(path, asksForGroup, open)
  if (isMistaken(file)) return undefined
  const { fields } = file.value
  return Object.values(fields).flatMap(({ 'price-group': name = '' }) => Object.keys(fields[name]?.choices ?? {}))
}

/** A price that no answer leads to would be paid by nobody. `path`: where the groups stand; without a form none is asked. */
export function mustBeOffered(
  file: Yaml<unknown>,
  path: Path,
  groups: Readonly<Record<string, unknown>> | undefined,
  form: string | undefined,
  offeredOn: GroupsOffered,
): Mistake[] {
  const offered = groups && form !== undefined ? offeredOn(form) : undefined
  if (form === undefined || offered === undefined) return []
  return Object.keys(groups ?? {})
    .filter((group) => !offered.includes(group))
    .map((group) => {
      const meant = nearest(group, offered)
      const says = `The form “${form}” offers no “${group}”.${meant === undefined ? '' : ` Did you mean “${meant}”?`}`
      const allowed = offered.join(', ') || `no groups:, or price-group: with its choices in forms/${form}.yaml`
      return file.mistake([...path, group], says, allowed, 'key')
    })
}
