import type { Temporal } from 'temporal-polyfill'
import type { SessionId } from '../../city/index.ts'
import { sql, type Tx } from '../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../trust/need-to-know/index.ts'
import { seal, unseal, type DataKey, type Keys, type SubjectId } from '../../trust/vault/index.ts'
import { checkWords, type House } from '../correspondence/index.ts'

/** Words to a whole session belong to no one person: they are sealed under a key of the city's own. */
const keyOf = (keys: Keys): DataKey => ({ subject: 'activities' as SubjectId, key: keys.derive('activities-message') })
const at = (id: string) => ({ table: 'activities.message', column: 'sealed', row: id })

export const readMessage = (keys: Keys, id: string, sealed: Buffer): string => unseal(keyOf(keys), at(id), sealed)

export type Written = Readonly<{ people: number }> | Readonly<{ refused: 'not-there' | 'empty' | 'too-long' }>

/** Writes to everybody who has a place in a session, through her case's mail. Twice is once. */
export async function writeToAll(
  house: House,
  actor: StaffActor,
  { id, session, words }: Readonly<{ id: string; session: SessionId; words: string }>,
): Promise<Written> {
  const checked = checkWords(words)
  if ('refused' in checked) return checked
  return house.db.transaction(async (tx): Promise<Written> => {
    if (!(await enterStaff(tx, actor))) return { refused: 'not-there' }
    const sealed = seal(keyOf(house.keys), at(id), checked.words)
    const row = await tx.row<{ outcome: 'done' | 'again' | 'not-there'; people: number }>(
      sql`select * from activities.write_to_all(${id}, ${session}, ${sealed})`,
    )
    if (!row) throw new Error('writing to a session gave no outcome')
    return row.outcome === 'not-there' ? { refused: 'not-there' } : { people: row.people }
  })
}

export type SessionMessage = Readonly<{ id: string; enrolment: string; words: string; at: Temporal.Instant }>

/** What was written to everybody in the sessions of hers (`enrolmentsInHand`). */
export async function messagesInHand(tx: Tx, keys: Keys): Promise<readonly SessionMessage[]> {
  type Row = { id: string; enrolment: string; sealed: Buffer; at: SessionMessage['at'] }
  const rows = await tx.rows<Row>(sql`select * from activities.messages_in_hand()`)
  return rows.map(({ sealed, ...one }) => ({ ...one, words: readMessage(keys, one.id, sealed) }))
}
