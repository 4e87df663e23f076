import { sql } from '../../plumbing/index.ts'
import type { AgencyId, CaseId } from '../../city/index.ts'
import type { StaffActor } from '../../trust/need-to-know/index.ts'
import type { House } from './house.ts'
import { ask, onCase, type Outcome } from './on-desk.ts'

export const closings = ['done', 'no-answer-needed', 'not-ours', 'duplicate', 'withdrawn'] as const
export type Closing = (typeof closings)[number]

/**
 * Closes the case with one of five reasons, which the person reads. Her next letter opens it again. "Not ours" always says
 * whose: the agency from the city's directory, which she reads at her receipt and by mail.
 * Refusals: not-there, changed, closed-already, no-such-agency.
 */
export async function close(
  house: House,
  actor: StaffActor,
  input: { caseId: CaseId; version: number; because: Closing; agency?: AgencyId },
): Promise<Outcome> {
  return onCase(house, actor, input.caseId, (tx) =>
    ask(tx, sql`correspondence.close(${input.version}, ${input.because}, ${input.agency ?? null})`),
  )
}

/** Takes a closed case up again. Refusals: not-there, changed, open-already. */
export async function reopen(
  house: House,
  actor: StaffActor,
  input: { caseId: CaseId; version: number },
): Promise<Outcome> {
  return onCase(house, actor, input.caseId, (tx) => ask(tx, sql`correspondence.reopen(${input.version})`))
}
