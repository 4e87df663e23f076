import type { Temporal } from 'temporal-polyfill'
import { sql, type Language } from '../../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../../trust/need-to-know/index.ts'
import type { ConsentRoutesHouse } from '../house.ts'
import type { ThingId } from '../notice.ts'

/** A letter that waits to be printed and posted. To whom it is, and what it says, is sealed. */
export type LetterToPrint = Readonly<{
  id: string
  kind: string
  language: Language
  /** Of the question it is about, if it is about one. */
  number: number | null
  about: string | null
  dueAt: Temporal.Instant
  endsOn: Temporal.PlainDate | null
}>

/** For whoever may consent; for everybody else there are none. */
export async function lettersToPrint(
  { db, noticeFor }: Pick<ConsentRoutesHouse, 'db' | 'noticeFor'>,
  actor: StaffActor,
): Promise<readonly LetterToPrint[]> {
  const rows = await db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return []
    return tx.rows<
      Omit<LetterToPrint, 'about'> & { thing: ThingId | null }
    >(sql`select id, kind, language, number, thing, due_at as "dueAt", ends_on as "endsOn"
      from consent.to_print()`)
  })
  return rows.map(({ thing, ...row }) => ({ ...row, about: thing && (noticeFor?.(thing)?.title.en ?? thing) }))
}
