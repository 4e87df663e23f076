import { sql } from '../../../plumbing/index.ts'
import type { CaseId } from '../../../city/index.ts'
import type { StaffActor } from '../../../trust/need-to-know/index.ts'
import type { House } from '../house.ts'
import { ask, onCase, type Outcome } from '../on-desk.ts'

/**
 * Sends once more a mail that failed for good or came back, to the same address. Needs the power to answer.
 * Refusals: not-there, not-failed.
 */
export async function resend(
  house: House,
  actor: StaffActor,
  input: { caseId: CaseId; mailId: string },
): Promise<Outcome> {
  return onCase(house, actor, input.caseId, (tx) => ask(tx, sql`correspondence.resend_mail(${input.mailId})`))
}
