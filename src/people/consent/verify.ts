import { sql } from '../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../trust/need-to-know/index.ts'
import type { GuardianKind } from '../residents/index.ts'
import type { RequestId } from './actor.ts'
import type { ConsentHouse } from './house.ts'
import type { ConsentMethod } from './rules.ts'

export type VerifyRefusal = 'not-there' | 'too-weak' | 'no-evidence' | 'not-offered'
export type Verified = Readonly<{ done: true }> | Readonly<{ refused: VerifyRefusal }>

/** What a clerk attests: how the guardian showed who she is, and as what. `evidenceHash`: SHA-256 of the scan of a signed form. */
export type Attest = Readonly<{ request: RequestId; method: ConsentMethod; as: GuardianKind; evidenceHash?: Buffer }>

/**
 * A clerk attests that a guardian showed who she is. Kept are method, verifier, time, version of the notice, and of a signed
 * form the hash: never a document. Every consent of this guardian for this child that asks no more is in force from now on.
 */
export async function verify(house: Pick<ConsentHouse, 'db'>, actor: StaffActor, attest: Attest): Promise<Verified> {
  return house.db.transaction(async (tx): Promise<Verified> => {
    if (!(await enterStaff(tx, actor))) return { refused: 'not-there' }
    const row = await tx.row<{
      outcome: 'done' | VerifyRefusal
    }>(sql`select consent.verify(${attest.request}, ${attest.method},
      ${attest.as}, ${attest.evidenceHash ?? null}::bytea) as outcome`)
    if (!row) throw new Error('verifying had no outcome')
    return row.outcome === 'done' ? { done: true } : { refused: row.outcome }
  })
}
