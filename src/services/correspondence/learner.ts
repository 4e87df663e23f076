import type { CaseId } from '../../city/index.ts'
import type { Tx } from '../../plumbing/index.ts'
import { keyInHand, type DataKey } from '../../trust/vault/index.ts'
import type { House } from './house.ts'
import { readLine } from './read-case.ts'
import type { CaseLine } from './tables.ts'

/** What was done with a letter that a clerk has open, and says what it is about. */
export type Taught = 'answered' | 'moved'

/**
 * A room that learns from what clerks do with open letters. It is asked before the act, while the letter can be read, and
 * told in the same transaction once the act is done.
 */
export type Learner = (
  tx: Tx,
  seen: Readonly<{ line: CaseLine; key: DataKey }>,
) => Promise<((how: Taught) => Promise<void>) | undefined>

/** Asks the learner about the case in hand; of a letter that is not open on this desk nothing is learnt. */
export async function learningFrom(
  tx: Tx,
  house: House,
  caseId: CaseId,
): Promise<((how: Taught) => Promise<void>) | undefined> {
  if (!house.learner) return undefined
  const open = await keyInHand(tx, house.keys)
  const line = open && (await readLine(tx, caseId))
  return open && line ? house.learner(tx, { line, key: open.key }) : undefined
}
