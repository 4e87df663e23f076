import { sql, type Tx } from '../../plumbing/index.ts'

/**
 * Takes an employee's name off the waiting cases that her duties no longer cover, as the owner, in the transaction in
 * which she leaves or loses a duty: no case waits for somebody who cannot see it. Returns how many were handed back.
 */
export async function handBack(tx: Tx, employee: number): Promise<number> {
  const row = await tx.row<{ cases: number }>(sql`select correspondence.hand_back(${employee}::int) as cases`)
  return row?.cases ?? 0
}
