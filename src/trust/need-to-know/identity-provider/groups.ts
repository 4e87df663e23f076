import type { City, DutyId } from '../../../city/index.ts'

const most = 2000

/** The groups that a claim names, as one text or a list of texts; undefined where the answer has no such claim. */
export function groupsIn(claims: Readonly<Record<string, unknown>>, claim: string): readonly string[] | undefined {
  const value = claims[claim]
  if (value === undefined) return undefined
  const listed: readonly unknown[] = Array.isArray(value) ? value : [value]
  return listed.slice(0, most).filter((group): group is string => typeof group === 'string')
}

/** The duties that groups bring along (duties.yaml), each once; a group that the city's files do not name brings none. */
export function dutiesOfGroups(city: Pick<City, 'groups'>, groups: readonly string[]): readonly DutyId[] {
  return [...new Set(groups.flatMap((group) => city.groups.get(group) ?? []))].sort()
}
