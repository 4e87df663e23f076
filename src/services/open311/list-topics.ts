import type { City } from '../../city/index.ts'
import { sql, type Tx } from '../../plumbing/index.ts'

/** Tells the database which topics' cases are listed for everybody, after the city's files are in. As the owner. */
export async function listTopics(tx: Tx, city: City): Promise<{ changed: boolean }> {
  const listed = [...city.topics.values()].filter(({ published }) => published).map(({ id }) => id)
  const gone = await tx.rows(sql`delete from open311.service where topic <> all (${listed}::text[]) returning topic`)
  const come = await tx.rows(
    sql`insert into open311.service select unnest(${listed}::text[]) on conflict do nothing returning topic`,
  )
  return { changed: gone.length + come.length > 0 }
}
