import type { KeyObject } from 'node:crypto'
import { sql, type Tx } from '../../plumbing/index.ts'
import { hashPassword, judgePassword, type PasswordRefusal } from './password.ts'

export type PasswordSet = Readonly<{ done: true }> | Readonly<{ refused: 'not-there' | PasswordRefusal }>

/** Sets an employee's password, as the owner, and ends her sessions. The rule is `judgePassword`'s. */
export async function setPassword(tx: Tx, employee: number, password: string, pepper: KeyObject): Promise<PasswordSet> {
  const found = await tx.row<{ handle: string }>(
    sql`select handle from need_to_know.employee where id = ${employee} and left_at is null`,
  )
  if (found === undefined) return { refused: 'not-there' }
  const refused = judgePassword(password, found.handle)
  if (refused !== undefined) return { refused }
  const stored = await hashPassword(password, pepper.export())
  await tx.rows(sql`update need_to_know.employee set password_hash = ${stored} where id = ${employee}`)
  await tx.rows(sql`delete from need_to_know.session where employee = ${employee}`)
  await tx.rows(sql`select ledger.write('password.set', 'operator', p_employee => ${employee}::int)`)
  return { done: true }
}
