import type { Text } from '../../../city/index.ts'
import type { Answers } from './answer.ts'
import { holds, type Condition } from './condition.ts'
import { reckon, type Term } from './reckon.ts'

/** A line of what is charged: `each` in whole cents. */
export type Fee = Term & Readonly<{ label: Text }>
/** `percent` of all fees is not asked for, where the condition holds. `reason`: from the city's list of reasons. */
export type Waiver = Readonly<{ label: Text; percent: number; reason: string; when: Condition }>

export type FeeLine = Readonly<{ label: Text; cents: number }>
export type WaiverLine = FeeLine & Readonly<{ reason: string }>

/** What a form costs, given its answers: lines that are not nothing, what is waived, and what is left to pay, in whole cents. */
export type Fees = Readonly<{ lines: readonly FeeLine[]; waived: readonly WaiverLine[]; total: number }>

/**
 * Waivers are each reckoned from the whole fee, in favour of the payer where a cent is split, and end where nothing is
 * left. Undefined where a sum is beyond what can be charged.
 */
export function feesOf(
  { fees, waivers }: Readonly<{ fees: readonly Fee[]; waivers: readonly Waiver[] }>,
  answers: Answers,
): Fees | undefined {
  const lines: FeeLine[] = []
  for (const { label, ...term } of fees) {
    const cents = reckon({ terms: [term] }, answers)
    if (cents === undefined || cents < 0) return undefined
    if (cents >= 0.5) lines.push({ label, cents: Math.round(cents) })
  }
  const whole = lines.reduce((sum, { cents }) => sum + cents, 0)
  if (whole > mostCents) return undefined
  const waived: WaiverLine[] = []
  let total = whole
  for (const { label, percent, reason, when } of waivers) {
    const cents = Math.min(total, Math.ceil((whole * percent) / 100))
    if (cents === 0 || !holds(when, answers)) continue
    waived.push({ label, reason, cents })
    total -= cents
  }
  return { lines, waived, total }
}

/** A million dollars: more is a mistake in typing. */
export const mostCents = 100_000_000
