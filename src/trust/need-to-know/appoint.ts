import { sql, type Tx } from '../../plumbing/index.ts'

const handlePattern = /^[a-z][a-z0-9.-]{1,39}$/

export type Appointed =
  Readonly<{ employee: number }> | Readonly<{ refused: 'bad-handle' | 'bad-name' | 'handle-taken' }>

/**
 * Appoints an employee, as the owner. She has no duty and no password yet. A handle (2 to 40 of a-z, 0-9, dot, hyphen;
 * a letter first) stays with one person for ever, also after she has left: 'handle-taken'.
 */
export async function appoint(tx: Tx, { handle, name }: { handle: string; name: string }): Promise<Appointed> {
  if (!handlePattern.test(handle)) return { refused: 'bad-handle' }
  const written = name.trim()
  if (written.length < 1 || written.length > 120) return { refused: 'bad-name' }
  const row = await tx.row<{ id: number }>(sql`
    insert into need_to_know.employee (handle, name, joined_at) values (${handle}, ${written}, city.now())
    on conflict (handle) do nothing returning id`)
  if (row === undefined) return { refused: 'handle-taken' }
  await tx.rows(sql`select ledger.write('employee.appointed', 'operator', p_employee => ${row.id}::int)`)
  return { employee: row.id }
}

/** The employee behind a handle, also one who has left; undefined where there is none. For the owner. */
export async function employeeByHandle(tx: Tx, handle: string): Promise<number | undefined> {
  const row = await tx.row<{ id: number }>(sql`select id from need_to_know.employee where handle = ${handle}`)
  return row?.id
}
