import type { Condition, Value } from '../../answering/condition.ts'
import { allOf, anyOf, opposite } from '../importing/combine.ts'
import type { Placed } from '../importing/draft-form.ts'
import { isThing, type Thing } from '../thing.ts'

/** What a condition of the form speaks of, by the name it has there (and by its identifier in version 2). */
export type Known = Readonly<{
  question(name: string): Placed | undefined
  condition(name: string): Thing | undefined
  /** What an item of a list is chosen by, by the item’s own identifier. */
  item(id: string): string | undefined
}>

type Term = Readonly<{ condition: Condition; or: boolean }>

/** A condition in our words; a text says why there is none. Conditions may name one another, also in a circle. */
export function conditionOf(wrapper: Thing, known: Known, seen: ReadonlySet<string> = new Set()): Condition | string {
  const id = textAt(wrapper, 'id') ?? textAt(wrapper, 'name') ?? ''
  if (seen.has(id) || seen.size > 8) return 'It leads back to itself.'
  const value = Object.hasOwn(wrapper, 'value') ? wrapper.value : undefined
  if (typeof value === 'string') return 'It is written as a program, which is not run here.'
  const items = Array.isArray(wrapper.items) ? wrapper.items : isThing(value) ? value.conditions : undefined
  if (!Array.isArray(items) || items.length === 0 || items.length > 50) return 'It has no parts.'
  return together(items, textAt(wrapper, 'coordinator') === 'or', known, new Set([...seen, id]))
}

function together(
  items: readonly unknown[],
  any: boolean,
  known: Known,
  seen: ReadonlySet<string>,
): Condition | string {
  const terms: Term[] = []
  for (const item of items) {
    if (!isThing(item)) return 'One of its parts cannot be read.'
    const condition = partOf(item, known, seen)
    if (typeof condition === 'string') return condition
    terms.push({ condition, or: any || textAt(item, 'coordinator') === 'or' })
  }
  const groups: Condition[][] = []
  for (const { condition, or } of terms) {
    const last = groups.at(-1)
    if (!last || or) groups.push([condition])
    else last.push(condition)
  }
  return anyOf(groups.flatMap((group) => allOf(group) ?? [])) ?? 'It has no parts.'
}

function partOf(item: Thing, known: Known, seen: ReadonlySet<string>): Condition | string {
  const named = textAt(item, 'conditionName') ?? textAt(item, 'conditionId')
  if (named !== undefined) {
    const other = known.condition(named)
    return other
      ? conditionOf(other, known, seen)
      : `It speaks of a condition “${named.slice(0, 60)}” that is not there.`
  }
  if (Array.isArray(item.conditions)) {
    if (seen.size > 8) return 'It goes too deep.'
    return together(item.conditions, false, known, new Set([...seen, `group-${String(seen.size)}`]))
  }
  const name = textAt(item, 'componentId') ?? (isThing(item.field) ? textAt(item.field, 'name') : undefined) ?? ''
  const question = known.question(name)
  if (!question) return `It speaks of a question “${name.slice(0, 60)}” that was not taken over.`
  return compared(question, textAt(item, 'operator') ?? '', valuesOf(item.value, known))
}

/** The values waited for, as texts. */
function valuesOf(value: unknown, known: Known): readonly string[] | undefined {
  if (!isThing(value)) return isSaid(value) ? [String(value)] : undefined
  const { itemId } = value
  if (itemId !== undefined) {
    const found = [itemId].flat().map((id) => (typeof id === 'string' ? known.item(id) : undefined))
    return found.every((one) => one !== undefined) ? found : undefined
  }
  return typeof value.value === 'string' || typeof value.value === 'number' || typeof value.value === 'boolean'
    ? [String(value.value)]
    : undefined
}

const isSaid = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

function compared(question: Placed, operator: string, values: readonly string[] | undefined): Condition | string {
  const { name: field, field: asked } = question
  const [first] = values ?? []
  if (first === undefined || !values) return 'It compares with a date that moves, or with something that is not there.'
  const negative = operator === 'is not' || operator === 'does not contain' || operator === '!='
  if (['is', 'is not', '==', '!=', 'contains', 'does not contain', 'in'].includes(operator)) {
    const all = values.map((value) => valueOf(question, value))
    const known = all.filter((value) => value !== undefined)
    if (known.length < all.length) return `“${first.slice(0, 60)}” is no answer to the question.`
    const holds = anyOf(known.map((value): Condition => (asked.kind === 'several' ? { field, includes: String(value) } : { field, is: value }))) // prettier-ignore
    if (!holds) return 'It waits for nothing.'
    return negative ? opposite(holds) : holds
  }
  const number = Number(first)
  if (!['number', 'money', 'reckoned'].includes(asked.kind) || !Number.isFinite(number))
    return `“${operator.slice(0, 40)}” cannot be asked of such a question here.`
  switch (operator) {
    case 'is at least':
    case '>=':
      return { field, 'at-least': number }
    case 'is at most':
    case '<=':
      return { field, 'at-most': number }
    case 'is less than':
    case '<':
      return allOf([{ field, answered: true }, { not: { field, 'at-least': number } }]) ?? ''
    case 'is more than':
    case '>':
      return allOf([{ field, answered: true }, { not: { field, 'at-most': number } }]) ?? ''
    default:
      return `“${operator.slice(0, 40)}” cannot be asked here.`
  }
}

/** The value that an answer of this question can have. */
export function valueOf({ field: { kind }, choices }: Placed, value: string): Value | undefined {
  if (kind === 'yes-no' || kind === 'declaration') return value === 'true' || value === 'yes' ? true : value === 'false' || value === 'no' ? false : undefined // prettier-ignore
  if (choices) return choices.byValue.get(value)
  if (kind === 'number' || kind === 'money') return Number.isFinite(Number(value)) ? Number(value) : undefined
  return kind === 'text' || kind === 'date' || kind === 'time' ? value : undefined
}

export function textAt(thing: Thing, key: string): string | undefined {
  const found = Object.hasOwn(thing, key) ? thing[key] : undefined
  return typeof found === 'string' && found !== '' ? found : undefined
}
