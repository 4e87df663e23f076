import { sql, type Tx } from '../../plumbing/index.ts'

export type Charged = Readonly<{ done: boolean }> | Readonly<{ refused: 'not-there' | 'no-such-duty' }>

/**
 * Charges an employee with a duty, as the owner: from her next request on she sees its topics. `done: false` where she
 * has it already. Refused where she is not employed ('not-there') or the city has no such duty.
 */
export async function charge(tx: Tx, employee: number, duty: string): Promise<Charged> {
  const found = await tx.row<{ employed: boolean; known: boolean; charged: boolean }>(sql`
    select exists (select from need_to_know.employee where id = ${employee} and left_at is null) as employed,
      exists (select from need_to_know.duty where id = ${duty}) as known,
      exists (select from need_to_know.charge where employee = ${employee} and duty = ${duty} and until is null
        and source = 'operator') as charged`)
  if (!found?.employed) return { refused: 'not-there' }
  if (!found.known) return { refused: 'no-such-duty' }
  if (found.charged) return { done: false }
  await tx.rows(sql`insert into need_to_know.charge (employee, duty, since) values (${employee}, ${duty}, city.now())`)
  await tx.rows(
    sql`select ledger.write('employee.charged', 'operator', p_employee => ${employee}::int, p_duty => ${duty})`,
  )
  return { done: true }
}

/**
 * Takes a duty from an employee, as the owner: from her next request on its topics are gone from her sight. What follows
 * from a group at the city's provider is taken there.
 */
export async function discharge(tx: Tx, employee: number, duty: string): Promise<Charged> {
  const ended = await tx.rows(sql`
    update need_to_know.charge set until = greatest(since, city.now())
    where employee = ${employee} and duty = ${duty} and until is null and source = 'operator' returning duty`)
  if (ended.length === 0) return { refused: 'not-there' }
  await tx.rows(
    sql`select ledger.write('employee.discharged', 'operator', p_employee => ${employee}::int, p_duty => ${duty})`,
  )
  return { done: true }
}
