import { sql } from '../../../plumbing/index.ts'
import type { StaffActor } from '../actor.ts'
import type { DeskDoor } from '../desk.ts'
import { enterStaff } from '../enter.ts'

export type Reviewed =
  Readonly<{ done: true }> | Readonly<{ refused: 'not-there' | 'reviewed-already' | 'no-verdict' | 'no-note' }>

/**
 * A second person's judgement on an emergency of a colleague's, once. 'not proper' needs a note. Refusal 'not-there': no
 * such emergency, her own, or no duty of hers reviews: all one answer.
 */
export async function reviewGlass(
  { db, sealer }: Pick<DeskDoor, 'db' | 'sealer'>,
  actor: StaffActor,
  judged: Readonly<{ id: string; verdict: string; note: string }>,
): Promise<Reviewed> {
  const { id, verdict } = judged
  const note = [...judged.note.toWellFormed().normalize('NFC').trim()].slice(0, 2000).join('')
  if (verdict !== 'proper' && verdict !== 'not-proper') return { refused: 'no-verdict' }
  if (verdict === 'not-proper' && note === '') return { refused: 'no-note' }
  const sealed = note === '' ? null : sealer.seal({ table: 'broken_glass', column: 'sealed_note', row: id }, note)
  return db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return { refused: 'not-there' }
    const row = await tx.row<{ outcome: string }>(
      sql`select need_to_know.review_glass(${id}::uuid, ${verdict}, ${sealed}::bytea) as outcome`,
    )
    if (row?.outcome === 'done') return { done: true }
    return { refused: row?.outcome === 'reviewed-already' ? 'reviewed-already' : 'not-there' }
  })
}
