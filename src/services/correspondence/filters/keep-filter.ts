import { sql } from '../../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../../trust/need-to-know/index.ts'
import type { House } from '../house.ts'
import type { InboxQuestion } from '../inbox.ts'
import { newId } from '../new-id.ts'
import { queryOf } from '../pages/desk-list.ts'

export const longestName = 40
export type FilterRefusal = 'not-there' | 'too-many' | 'empty' | 'too-long' | 'personal'

/**
 * Keeps a part of the inbox under a name of the employee's own, for her alone; she hands it on by its address. Refusals:
 * empty, too-long (40), personal (an address or a number in the name), too-many (8).
 */
export async function keepFilter(
  house: House,
  actor: StaffActor,
  input: { name: string; question: InboxQuestion },
): Promise<Readonly<{ done: true }> | Readonly<{ refused: FilterRefusal }>> {
  const name = input.name.normalize('NFC').replace(/\s+/g, ' ').trim()
  if (name === '') return { refused: 'empty' }
  if ([...name].length > longestName) return { refused: 'too-long' }
  if (name.includes('@') || /(?:\d[\s().-]?){7,}/.test(name)) return { refused: 'personal' }
  return house.db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return { refused: 'not-there' }
    const query = queryOf(input.question).slice(1)
    const row = await tx.row<{ outcome: 'done' | 'not-there' | 'too-many' }>(
      sql`select correspondence.keep_filter(${newId()}, ${name}, ${query}) as outcome`,
    )
    if (!row) throw new Error('keeping a filter gave no outcome')
    return row.outcome === 'done' ? { done: true } : { refused: row.outcome }
  })
}

/** Drops a filter of the employee's own. Refusal: not-there (also: somebody else's). */
export async function dropFilter(
  house: House,
  actor: StaffActor,
  id: string,
): Promise<Readonly<{ done: true }> | Readonly<{ refused: 'not-there' }>> {
  return house.db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return { refused: 'not-there' }
    const row = await tx.row<{ outcome: string }>(sql`select correspondence.drop_filter(${id}) as outcome`)
    return row?.outcome === 'done' ? { done: true } : { refused: 'not-there' }
  })
}
