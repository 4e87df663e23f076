import { rowsOf, type Answer, type Answers } from './answer.ts'
import { holds, type Condition } from './condition.ts'

/** What a term multiplies by: a number that was answered (a yes counts 1), how many rows a table has, or the sum of one of its columns. */
export type Quantity = string | Readonly<{ count: string }> | Readonly<{ table: string; column: string }>

/** `each` times all quantities, where the condition holds; else nothing. */
export type Term = Readonly<{ each: number; times?: readonly Quantity[]; when?: Condition }>

/** A value that is not asked but follows from answers: the sum of its terms, within bounds. */
export type Reckoning = Readonly<{ terms: readonly Term[]; 'at-least'?: number; 'at-most'?: number }>

/**
 * Sums of products have no loops and no division, so they always end and are exact: every number is counted in
 * millionths, which is the finest that can be answered. Undefined where the sum is beyond what a number holds exactly.
 */
export function reckon(reckoning: Reckoning, answers: Answers): number | undefined {
  const sum = reckoning.terms.reduce((total, term) => total + termOf(term, answers), 0n)
  const low = reckoning['at-least']
  const high = reckoning['at-most']
  const raised = low !== undefined && sum < micro(low) ? micro(low) : sum
  const bound = high !== undefined && raised > micro(high) ? micro(high) : raised
  const value = Number(bound) / 1e6
  return Number.isSafeInteger(Math.trunc(value)) ? value : undefined
}

/** One term in millionths. */
function termOf({ each, times = [], when }: Term, answers: Answers): bigint {
  if (when && !holds(when, answers)) return 0n
  return times.reduce((product, quantity) => (product * micro(quantityOf(quantity, answers))) / 1_000_000n, micro(each))
}

function quantityOf(quantity: Quantity, answers: Answers): number {
  if (typeof quantity === 'string') return numberOf(answers[quantity])
  if ('count' in quantity) {
    const counted = answers[quantity.count]
    return Array.isArray(counted) ? counted.length : 0
  }
  return rowsOf(answers[quantity.table]).reduce((sum, row) => sum + numberOf(row[quantity.column]), 0)
}

const numberOf = (answer: Answer | undefined): number => (typeof answer === 'number' ? answer : answer === true ? 1 : 0)

const micro = (value: number): bigint => BigInt(Math.round(value * 1e6))

/** Every question that a term speaks of. */
export function namesIn({ times = [] }: Term): readonly string[] {
  return times.map((quantity) =>
    typeof quantity === 'string' ? quantity : 'count' in quantity ? quantity.count : quantity.table,
  )
}
