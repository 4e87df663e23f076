import { isThing, type Thing } from '../thing.ts'
import { textAt } from './conditions.ts'

/** When a page is reached: any of these, each a set of conditions that hold (`+`) or do not (`-`). */
export type Reach = readonly (readonly string[])[]
export type Step = Readonly<{ page: Thing; at: number; reach?: Reach; says?: string }>

const mostTerms = 12

/**
 * The order in which pages come, and when each is reached. Version 2 says it of each page; version 1 has links from page to
 * page, the first that holds being taken. A link back is left out: no form of ours goes in circles.
 */
export function flowOf(form: Thing): readonly Step[] {
  const pages = (form.pages as readonly unknown[]).map((page) => (isThing(page) ? page : {}))
  const linked = pages.some((page) => linksOf(page).some(({ condition }) => condition !== undefined))
  const own = (page: Thing): Reach => {
    const condition = textAt(page, 'condition')
    return condition === undefined ? [[]] : [[`+${condition}`]]
  }
  if (!linked) return pages.map((page, at) => ({ page, at, reach: own(page) }))
  const byPath = new Map(pages.map((page, at) => [textAt(page, 'path') ?? `#${String(at)}`, at]))
  const order = inOrder(pages, byPath, textAt(form, 'startPage'))
  const place = new Map(order.map((at, index) => [at, index]))
  const reach = new Map<number, string[][]>(order.slice(0, 1).map((at) => [at, [[]]]))
  for (const at of order) {
    const here = reach.get(at) ?? []
    const before: string[] = []
    for (const { path, condition } of byCondition(linksOf(pages[at] ?? {}))) {
      const to = byPath.get(path)
      const taken = condition === undefined ? [] : [`+${condition}`]
      if (to !== undefined && (place.get(to) ?? -1) > (place.get(at) ?? 0)) {
        const added = here.map((term) => [...new Set([...term, ...before, ...taken])].sort())
        reach.set(to, simpler([...(reach.get(to) ?? []), ...added]))
      }
      if (condition !== undefined) before.push(`-${condition}`)
    }
  }
  const missed = pages.flatMap((page, at): Step[] => (place.has(at) ? [] : [{ page, at, says: 'No link leads to this page.' }])) // prettier-ignore
  return [...order.map((at): Step => stepOf(pages[at] ?? {}, at, reach.get(at))), ...missed]
}

function stepOf(page: Thing, at: number, reach: readonly string[][] = []): Step {
  if (reach.length === 0 || reach.length > mostTerms)
    return { page, at, says: 'When this page comes cannot be said here; it is always asked.' }
  return { page, at, reach }
}

type Link = Readonly<{ path: string; condition?: string }>

function linksOf(page: Thing): readonly Link[] {
  const next = Array.isArray(page.next) ? (page.next as unknown[]) : []
  return next.slice(0, 50).flatMap((link) => {
    if (!isThing(link)) return []
    const [path, condition] = [textAt(link, 'path'), textAt(link, 'condition')]
    return path === undefined ? [] : [{ path, ...(condition !== undefined && { condition }) }]
  })
}

/** A link without a condition is taken where no other is. */
const byCondition = (links: readonly Link[]) => [
  ...links.filter(({ condition }) => condition !== undefined),
  ...links.filter(({ condition }) => condition === undefined),
]

/** Pages after those that lead to them, from the start; without recursion, so no length can hurt. */
function inOrder(pages: readonly Thing[], byPath: ReadonlyMap<string, number>, start: string | undefined): number[] {
  const done: number[] = []
  const state = new Map<number, 'open' | 'done'>()
  const stack: { at: number; next: number[] }[] = []
  const enter = (at: number) => {
    state.set(at, 'open')
    stack.push({ at, next: linksOf(pages[at] ?? {}).flatMap(({ path }) => byPath.get(path) ?? []) })
  }
  enter((start === undefined ? undefined : byPath.get(start)) ?? 0)
  while (stack.length > 0) {
    const top = stack.at(-1)
    const next = top?.next.pop()
    if (!top) break
    if (next === undefined) {
      stack.pop()
      state.set(top.at, 'done')
      done.push(top.at)
    } else if (!state.has(next)) enter(next)
  }
  return done.reverse()
}

/** `a` or `not a` is always; what is narrower than another adds nothing. */
function simpler(terms: readonly string[][]): string[][] {
  let all = terms.filter((term) => !term.some((one) => term.includes(flipped(one))))
  for (let changed = true; changed && all.length <= 60;) {
    changed = false
    for (const [at, one] of all.entries()) {
      const other = all.findIndex((term, index) => index > at && differsInOne(one, term) !== undefined)
      const literal = other < 0 ? undefined : differsInOne(one, all[other] ?? [])
      if (literal === undefined) continue
      all = [...all.filter((_, index) => index !== at && index !== other), one.filter((part) => part !== literal)]
      changed = true
      break
    }
  }
  return all.filter((term, at) => !all.some((other, index) => index !== at && within(other, term) && (other.length < term.length || index < at))) // prettier-ignore
}

const flipped = (literal: string) => (literal.startsWith('+') ? '-' : '+') + literal.slice(1)
const within = (small: readonly string[], large: readonly string[]) => small.every((one) => large.includes(one))

function differsInOne(one: readonly string[], other: readonly string[]): string | undefined {
  if (one.length !== other.length) return undefined
  const differs = one.filter((literal) => !other.includes(literal))
  const [only] = differs
  return differs.length === 1 && only !== undefined && other.includes(flipped(only)) ? only : undefined
}
