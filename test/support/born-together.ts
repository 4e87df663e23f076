import { connect, statement } from '../../src/plumbing/index.ts'

/** Table, column, and whose `id` it holds: without a foreign key, since one function writes both rows (docs/decisions/0040). */
const bornTogether = [
  ['correspondence.casefile', 'subject', 'vault.subject'],
  ['correspondence.message', 'case_id', 'correspondence.casefile'],
  ['correspondence.mail', 'case_id', 'correspondence.casefile'],
  ['correspondence.mail', 'topic', 'city.topic'],
  ['vault.token', 'subject', 'vault.subject'],
] as const

/** How many rows each of the columns has, and how many of them belong to nothing. */
export async function belonging(ownerUrl: string): Promise<Readonly<Record<string, { rows: number; lost: number }>>> {
  const db = connect({ url: ownerUrl, max: 1, name: 'cityhall belonging' })
  const found = bornTogether.map(async ([table, column, older]) => {
    const there = `exists (select from ${older} o where o.id = t.${column})`
    const text = `select count(*)::int as rows, (count(*) filter (where not ${there}))::int as lost from ${table} t`
    const [counted] = await db.once<{ rows: number; lost: number }>(statement(text, []))
    return [`${table}.${column}`, counted ?? { rows: 0, lost: NaN }] as const
  })
  return Object.fromEntries(await Promise.all(found).finally(() => db.close()))
}
