/** One line of the results: what was measured, against which target. `met` is absent for figures that only inform. */
export type Figure = Readonly<{ part: string; what: string; value: string; target?: string; met?: boolean }>

export function median(values: readonly number[]): number {
  return percentile(values, 50)
}

/** The value below which `percent` of the values lie, by nearest rank; NaN of none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? NaN
}

/** `min` to `max`, so that a reader sees how far the rounds lay apart. */
export function spread(values: readonly number[], digits: number): string {
  return `${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`
}

export const whole = (value: number): string => Math.round(value).toLocaleString('en-US')

export function atLeast(part: string, what: string, value: number, target: number, more = ''): Figure {
  return { part, what, value: value.toFixed(2) + more, target: `at least ${target.toFixed(2)}`, met: value >= target }
}

/** A figure that must stay below a limit, in a unit. */
export function atMost(part: string, what: string, value: number, limit: number, unit: string, more = ''): Figure {
  const shown = `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ${unit}${more}`
  return { part, what, value: shown, target: `at most ${String(limit)} ${unit}`, met: value <= limit }
}

export function informs(part: string, what: string, value: string): Figure {
  return { part, what, value }
}
