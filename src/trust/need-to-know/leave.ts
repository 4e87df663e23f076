import { sql, type Tx } from '../../plumbing/index.ts'

/**
 * Ends an employment, as the owner: duties end, sessions end at once, password and passkeys are gone. Her name stays,
 * because what she did stays. Refused where there is no such employee or she has left already.
 */
export async function leave(
  tx: Tx,
  employee: number,
): Promise<Readonly<{ done: true }> | Readonly<{ refused: 'not-there' }>> {
  const left = await tx.row(sql`
    update need_to_know.employee set left_at = city.now(), password_hash = null
    where id = ${employee} and left_at is null returning id`)
  if (left === undefined) return { refused: 'not-there' }
  await tx.rows(sql`update need_to_know.charge set until = greatest(since, city.now())
    where employee = ${employee} and (until is null or until > city.now())`)
  await tx.rows(sql`delete from need_to_know.session where employee = ${employee}`)
  await tx.rows(sql`delete from need_to_know.passkey where employee = ${employee}`)
  await tx.rows(sql`select ledger.write('employee.left', 'operator', p_employee => ${employee}::int)`)
  return { done: true }
}
