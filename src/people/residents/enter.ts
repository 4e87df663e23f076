import { sql, type Tx } from '../../plumbing/index.ts'
import type { Resident, ResidentActor, ResidentId } from './actor.ts'

/**
 * Enters this transaction as the resident whose session this is. Undefined: no such session, it has ended (12 hours, or one
 * hour unused), or she has left. Everything read and done afterwards in the transaction is seen by the database as hers.
 */
export async function enterResident(tx: Tx, actor: ResidentActor): Promise<Resident | undefined> {
  const row = await tx.row<{ resident: ResidentId; session: string; language: 'en' | 'es'; fresh: boolean }>(
    sql`select * from residents.enter(${actor.secret}::bytea)`,
  )
  return row && { id: row.resident, session: row.session, language: row.language, fresh: row.fresh }
}
