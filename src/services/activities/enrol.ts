import type { CaseId, SessionId } from '../../city/index.ts'
import { sql, type Tx } from '../../plumbing/index.ts'
import { newId } from '../correspondence/index.ts'
import { drawReference } from '../payments/index.ts'

export const enrolRefusals = ['too-early', 'closed', 'called-off', 'waiver', 'too-many', 'not-there'] as const
export type EnrolRefusal = (typeof enrolRefusals)[number]

/** What came of it: a place, held until it is paid; a number in the line; or a ticket in the drawing. */
export type EnrolledAs = 'enrolled' | 'held' | 'waiting' | 'lottery'
export type Enrolled = Readonly<{ id: string; as: EnrolledAs }> | Readonly<{ refused: EnrolRefusal }>

/** `price`: cents of the person's price group; left out: free of charge. `waiver`: the hash of the words she agreed to. */
export type EnrolWish = Readonly<{ caseId: CaseId; session: SessionId; price?: number; waiver?: Buffer }>

/** A reference that another charge has is drawn again; that this happens so often means that something else is wrong. */
const draws = 5

/**
 * Enrols for the letter that this very transaction has received (`receiveWith`): a place where one is free and nobody waits,
 * else the next number in the line, or a ticket where places are drawn. What a place costs is owed from the same moment. On a
 * refusal roll the transaction back, or there is a letter without an enrolment. Refusals: `too-early`, `closed`,
 * registration; `called-off`; `waiver`, what was agreed to is not what stands there now; `too-many`, this letter has one;
 * `not-there`, no such session for adults, or no letter.
 */
export async function enrol(tx: Tx, { caseId, session, price, waiver }: EnrolWish): Promise<Enrolled> {
  const id = newId()
  for (let drawn = 0; drawn < draws; drawn += 1) {
    const row = await tx.row<{ outcome: EnrolledAs | EnrolRefusal | 'draw-again' }>(
      sql`select activities.enrol(${id}, ${caseId}, ${session}, ${waiver ?? null}, ${price ?? null}, ${drawReference()}) as outcome`,
    )
    if (!row) throw new Error('enrolling gave no outcome')
    if (row.outcome === 'draw-again') continue
    return isRefusal(row.outcome) ? { refused: row.outcome } : { id, as: row.outcome }
  }
  throw new Error('every payment reference that was drawn is taken')
}

const isRefusal = (outcome: EnrolledAs | EnrolRefusal): outcome is EnrolRefusal =>
  (enrolRefusals as readonly string[]).includes(outcome)
