import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { suppressParts, suppressShares, type Cell } from './suppress.ts'

const cellsOf = (numbers: readonly number[]) => numbers.map((answers, at) => ({ choice: `c${String(at)}`, answers }))
const shown = (cells: readonly Cell[]) => cells.map(({ answers }) => answers ?? '·').join(' ')
const numbers = fc.array(fc.nat(9), { minLength: 2, maxLength: 4 })
const smallest = fc.integer({ min: 3, max: 5 })

/** Every way in which `count` numbers can add up to `sum`. */
function* sums(count: number, sum: number): Generator<number[]> {
  if (count === 1) {
    yield [sum]
    return
  }
  for (let first = 0; first <= sum; first++) for (const rest of sums(count - 1, sum - first)) yield [first, ...rest]
}

/** Whoever reads the table, knows the total, the rule and this very program tries every number for what is hidden. */
function fitting(table: readonly number[], least: number): { hidden: number[]; ways: number[][] } {
  const seen = suppressParts(cellsOf(table), least)
  const hidden = seen.flatMap(({ answers }, at) => (answers === undefined ? [at] : []))
  if (hidden.length === 0) return { hidden, ways: [] }
  const rest = hidden.reduce((sum, at) => sum + (table[at] ?? 0), 0)
  const ways = [...sums(hidden.length, rest)].filter((guess) => {
    const whole = table.map((number, at) => (hidden.includes(at) ? (guess[hidden.indexOf(at)] ?? 0) : number))
    return shown(suppressParts(cellsOf(whole), least)) === shown(seen)
  })
  return { hidden, ways }
}

describe('a table whose rows add up', () => {
  it('lets nobody work out a hidden number, who knows the total, the rule and the program', () => {
    fc.assert(
      fc.property(numbers, smallest, (table, least) => {
        const { hidden, ways } = fitting(table, least)
        for (const at of hidden.keys()) {
          const possible = new Set(ways.map((way) => way[at]))
          expect(possible.size, `${table.join(' ')} at ${String(least)}`).toBeGreaterThan(1)
        }
      }),
      {
        numRuns: 600,
        examples: [
          [[8, 8, 2], 3],
          [[4, 4, 4], 5],
          [[1, 1, 9], 3],
        ],
      },
    )
  })

  it('shows no number from 1 to the smallest, and hides nothing where nothing is small', () => {
    fc.assert(
      fc.property(numbers, smallest, (table, least) => {
        const seen = suppressParts(cellsOf(table), least)
        for (const { answers } of seen) if (answers !== undefined) expect(answers === 0 || answers >= least).toBe(true)
        if (table.every((one) => one === 0 || one >= least)) expect(seen.map(({ answers }) => answers)).toEqual(table)
      }),
    )
  })

  it('hides the next one too, and all zeros, and everything where the total is small', () => {
    expect(shown(suppressParts(cellsOf([2, 30, 9, 40]), 5))).toBe('· 30 · 40')
    expect(shown(suppressParts(cellsOf([1, 0, 30, 40]), 5))).toBe('· · · 40')
    expect(shown(suppressParts(cellsOf([0, 30, 40]), 5))).toBe('0 30 40')
    expect(shown(suppressParts(cellsOf([4, 0]), 5))).toBe('· ·')
    expect(shown(suppressParts(cellsOf([0, 0]), 5))).toBe('0 0')
  })
})

describe('a table of several choices', () => {
  it('shows a number only where those who chose it and those who did not are many, or nobody', () => {
    fc.assert(
      fc.property(numbers, fc.nat(30), smallest, (table, more, least) => {
        const total = Math.max(...table) + more
        const seen = suppressShares(cellsOf(table), total, least)
        for (const { answers } of seen) {
          if (answers === undefined) continue
          expect([answers, total - answers].every((side) => side === 0 || side >= least)).toBe(true)
        }
        if (total < least) expect(seen.every(({ answers }) => answers === undefined)).toBe(true)
      }),
    )
  })
})
