import { fieldsOf, type Condition } from '../../answering/condition.ts'

/** Both must hold; undefined where neither says anything. */
export function both(one: Condition | undefined, other: Condition | undefined): Condition | undefined {
  if (!one || !other) return one ?? other
  return { all: [...('all' in one ? one.all : [one]), ...('all' in other ? other.all : [other])] }
}

export const anyOf = (all: readonly Condition[]): Condition | undefined => (all.length > 1 ? { any: all } : all[0])
export const allOf = (all: readonly Condition[]): Condition | undefined => (all.length > 1 ? { all } : all[0])
export const opposite = (one: Condition): Condition => ('not' in one ? one.not : { not: one })

/** Our files hold conditions to a depth that a person can still read, and lists that end. */
export function fits(condition: Condition, known: ReadonlySet<string>): boolean {
  return depthOf(condition) <= 2 && widthFits(condition) && fieldsOf(condition).every((name) => known.has(name))
}

function depthOf(condition: Condition): number {
  if ('not' in condition) return 1 + depthOf(condition.not)
  const inner = 'all' in condition ? condition.all : 'any' in condition ? condition.any : undefined
  return inner ? 1 + Math.max(0, ...inner.map(depthOf)) : 0
}

function widthFits(condition: Condition): boolean {
  if ('not' in condition) return widthFits(condition.not)
  const inner = 'all' in condition ? condition.all : 'any' in condition ? condition.any : undefined
  if (inner) return inner.length > 0 && inner.length <= 20 && inner.every(widthFits)
  return !('one-of' in condition) || (condition['one-of'].length > 0 && condition['one-of'].length <= 50)
}
