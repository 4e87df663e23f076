import { sql } from '../../plumbing/index.ts'
import type { CaseId, TopicId } from '../../city/index.ts'
import type { StaffActor } from '../../trust/need-to-know/index.ts'
import { dueOn } from './due.ts'
import { today, type House } from './house.ts'
import { learningFrom } from './learner.ts'
import { ask, onCase, refuse, type Outcome } from './on-desk.ts'

/**
 * Moves the case to another topic, and with it to the department that answers for that topic. Whoever has no duty for
 * the new topic, the mover included, sees it no more from that moment. It is due anew, as if it had come today.
 * Refusals: not-there, changed, no-such-topic.
 */
export async function move(
  house: House,
  actor: StaffActor,
  input: { caseId: CaseId; version: number; topic: TopicId },
): Promise<Outcome> {
  if (!house.city.topics.has(input.topic)) return refuse('no-such-topic')
  const due = dueOn(house.city, input.topic, today(house))
  return onCase(house, actor, input.caseId, async (tx) => {
    const teach = await learningFrom(tx, house, input.caseId)
    const moved = await ask(tx, sql`correspondence.move(${input.version}, ${input.topic}, ${due})`)
    if ('done' in moved) await teach?.('moved')
    return moved
  })
}
