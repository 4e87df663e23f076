import type { Temporal } from 'temporal-polyfill'
import type { DutyId } from '../../city/index.ts'
import { sql, type Tx } from '../../plumbing/index.ts'

export type Employee = Readonly<{
  employee: number
  handle: string
  name: string
  duties: readonly DutyId[]
  joinedAt: Temporal.Instant
  leftAt?: Temporal.Instant
  hasPassword: boolean
  passkeys: number
}>

type Row = Omit<Employee, 'leftAt'> & { leftAt: Temporal.Instant | null }

/** All employees, also those who have left, by handle. For the owner. */
export async function listEmployees(tx: Tx): Promise<Employee[]> {
  const rows = await tx.rows<Row>(sql`
    select e.id as employee, e.handle, e.name, e.joined_at as "joinedAt", e.left_at as "leftAt",
      e.password_hash is not null as "hasPassword",
      (select count(*)::int from need_to_know.passkey p where p.employee = e.id) as passkeys,
      array(select c.duty from need_to_know.charge c where c.employee = e.id and c.since <= clock_timestamp()
        and (c.until is null or c.until > clock_timestamp()) order by c.duty) as duties
    from need_to_know.employee e order by e.handle`)
  return rows.map(({ leftAt, ...row }) => (leftAt === null ? row : { ...row, leftAt }))
}
