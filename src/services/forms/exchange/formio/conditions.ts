import type { Condition } from '../../answering/condition.ts'
import { allOf, anyOf, opposite } from '../importing/combine.ts'
import type { Placed } from '../importing/draft-form.ts'
import { valueOf } from '../defra/conditions.ts'
import { isThing, type Thing } from '../thing.ts'

type Find = (key: string) => Placed | undefined

/** When a component is shown, in our words; undefined where it always is, a text where there are none of ours. */
export function shownWhen(component: Thing, find: Find): Condition | string | undefined {
  if (typeof component.customConditional === 'string' && component.customConditional.trim() !== '')
    return 'It is shown by a program, which is not run here.'
  const { conditional } = component
  if (!isThing(conditional)) return undefined
  if (conditional.json !== undefined && conditional.json !== null && conditional.json !== '')
    return 'It is shown by JSON Logic, which is not read here.'
  const shown = String(conditional.show) !== 'false'
  const told = (condition: Condition | string) =>
    typeof condition === 'string' || shown ? condition : opposite(condition)
  if (Array.isArray(conditional.conditions)) {
    const items: readonly unknown[] = conditional.conditions
    if (items.length === 0) return undefined
    const all = items
      .slice(0, 50)
      .map((item) => (isThing(item) ? compared(item, find) : 'One of its parts cannot be read.'))
    const why = all.find((one) => typeof one === 'string')
    if (typeof why === 'string') return why
    const conditions = all as Condition[]
    return told((conditional.conjunction === 'any' ? anyOf(conditions) : allOf(conditions)) ?? 'It has no parts.')
  }
  const { when, eq } = conditional
  if (typeof when !== 'string' || when === '') return undefined
  return told(compared({ component: when, operator: 'isEqual', value: eq }, find))
}

function compared({ component, operator, value }: Thing, find: Find): Condition | string {
  const key = typeof component === 'string' ? component : ''
  const question = find(key)
  if (!question) return `It speaks of a question “${key.slice(0, 60)}” that was not taken over before it.`
  const { name: field, field: asked } = question
  const is = (): Condition | string => {
    const found = valueOf(question, String(value))
    if (found === undefined) return `“${String(value).slice(0, 60)}” is no answer to the question.`
    return asked.kind === 'several' ? { field, includes: String(found) } : { field, is: found }
  }
  const not = (condition: Condition | string) => (typeof condition === 'string' ? condition : opposite(condition))
  const number = Number(value) * (asked.kind === 'money' ? 100 : 1)
  const counts = (asked.kind === 'number' || asked.kind === 'money') && Number.isFinite(number)
  switch (operator) {
    case 'isEqual':
    case 'includes':
      return is()
    case 'isNotEqual':
    case 'notIncludes':
      return not(is())
    case 'isEmpty':
      return { field, answered: false }
    case 'isNotEmpty':
      return { field, answered: true }
    case 'greaterThanOrEqual':
      return counts ? { field, 'at-least': number } : 'It compares what is not a number here.'
    case 'lessThanOrEqual':
      return counts ? { field, 'at-most': number } : 'It compares what is not a number here.'
    case 'greaterThan':
      return counts
        ? { all: [{ field, answered: true }, { not: { field, 'at-most': number } }] }
        : 'It compares what is not a number here.'
    case 'lessThan':
      return counts
        ? { all: [{ field, answered: true }, { not: { field, 'at-least': number } }] }
        : 'It compares what is not a number here.'
    default:
      return `“${String(operator).slice(0, 40)}” cannot be asked here.`
  }
}
