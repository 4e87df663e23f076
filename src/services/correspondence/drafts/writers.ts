import { sql, type Reader, type Tx } from '../../../plumbing/index.ts'
import type { CaseId } from '../../../city/index.ts'
import { enterStaff, type StaffActor } from '../../../trust/need-to-know/index.ts'
import type { House } from '../house.ts'
import { readLine } from '../read-case.ts'

/** Colleagues who have an answer to the case in hand under their hands, seen within the last two minutes. */
export async function writersInHand(tx: Reader): Promise<readonly string[]> {
  const rows = await tx.rows<{ name: string }>(sql`select name from correspondence.writers_in_hand()`)
  return rows.map(({ name }) => name)
}

/** Who is writing on this case, and which version it has now; `self` says that the asker is writing too. */
export async function writersOn(
  house: House,
  actor: StaffActor,
  caseId: CaseId,
  self: boolean,
): Promise<Readonly<{ writers: readonly string[]; version: number }> | undefined> {
  return house.db.transaction(async (tx) => {
    const staff = await enterStaff(tx, actor, caseId)
    const line = staff?.caseId === caseId ? await readLine(tx, caseId) : undefined
    if (!line) return undefined
    if (self) await sayWriting(tx)
    return { writers: await writersInHand(tx), version: line.version }
  })
}

async function sayWriting(tx: Tx): Promise<void> {
  await tx.rows(sql`select correspondence.say_writing()`)
}
