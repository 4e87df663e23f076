/** One row of a table: a choice, and how often it was made; undefined where the number is not shown. */
export type Cell = Readonly<{ choice: string; answers: number | undefined }>

/**
 * Hides small numbers in a table whose rows add up to a total that everybody knows.
 *
 * Numbers below `smallest` are hidden, zeros among them, since a zero beside a hidden number would narrow it. So is always
 * the smallest of the others, with all that equal it: it hides in the sum what subtraction would bring back, and whoever
 * knows this rule cannot tell how many of the hidden numbers are small, nor which. Where nothing is small but zero, nothing is hidden. Where the
 * total itself is small, everything is.
 */
export function suppressParts(
  cells: readonly Readonly<{ choice: string; answers: number }>[],
  smallest: number,
): Cell[] {
  const total = cells.reduce((sum, { answers }) => sum + answers, 0)
  const small = cells.filter(({ answers }) => answers < smallest)
  if (total > 0 && total < smallest) return cells.map(({ choice }) => ({ choice, answers: undefined }))
  if (small.every(({ answers }) => answers === 0)) return [...cells]
  const others = cells.filter(({ answers }) => answers >= smallest)
  const least = Math.min(...others.map(({ answers }) => answers))
  const hidden = new Set([...small, ...others.filter(({ answers }) => answers === least)])
  return cells.map((cell) => (hidden.has(cell) ? { choice: cell.choice, answers: undefined } : cell))
}

/**
 * Hides small numbers where people chose several: the rows do not add up, but each has its other side, those who did not
 * choose it, and both must be large or nobody.
 */
export function suppressShares(
  cells: readonly Readonly<{ choice: string; answers: number }>[],
  total: number,
  smallest: number,
): Cell[] {
  if (total < smallest) return cells.map(({ choice }) => ({ choice, answers: undefined }))
  const fits = (answers: number) => answers === 0 || answers >= smallest
  return cells.map(({ choice, answers }) => ({
    choice,
    answers: fits(answers) && fits(total - answers) ? answers : undefined,
  }))
}
