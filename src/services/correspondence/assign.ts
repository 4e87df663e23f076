import { sql } from '../../plumbing/index.ts'
import type { CaseId } from '../../city/index.ts'
import type { StaffActor } from '../../trust/need-to-know/index.ts'
import type { House } from './house.ts'
import { ask, onCase, type Outcome } from './on-desk.ts'

/** Assigns the case to a colleague whose duties cover its topic, or to nobody. Refusals: not-there, changed, not-a-colleague. */
export async function assign(
  house: House,
  actor: StaffActor,
  input: { caseId: CaseId; version: number; assignee?: number },
): Promise<Outcome> {
  return onCase(house, actor, input.caseId, (tx) =>
    ask(tx, sql`correspondence.assign(${input.version}, ${input.assignee ?? null})`),
  )
}
