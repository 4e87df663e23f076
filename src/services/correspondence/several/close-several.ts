import { sql, type Reader } from '../../../plumbing/index.ts'
import type { CaseId } from '../../../city/index.ts'
import type { StaffActor } from '../../../trust/need-to-know/index.ts'
import { close, type Closing } from '../close.ts'
import type { House } from '../house.ts'
import type { DeskRefusal } from '../on-desk.ts'
import { caseColumns, caseLine, type CaseLine } from '../tables.ts'

/** A case and the version of it that stood in the list. */
export type Marked = Readonly<{ caseId: CaseId; version: number }>
export type Left = Readonly<{ caseId: CaseId; refused: DeskRefusal }>

export const mostAtOnce = 100

/** What several letters may be closed for. “Not for the city” always says whose it is, so it is said letter by letter. */
export const closingsOfSeveral = [
  'done',
  'no-answer-needed',
  'duplicate',
  'withdrawn',
] as const satisfies readonly Closing[]
export type ClosingOfSeveral = (typeof closingsOfSeveral)[number]

/**
 * Closes up to 100 cases for one reason, each by itself, with its own entry in the ledger, as if one by one: what
 * changed meanwhile, or is not hers to close, stays as it is and is told. A crash in between leaves those before it closed
 * and the rest open; doing it again closes the rest. Refusal: too-many.
 */
export async function closeSeveral(
  house: House,
  actor: StaffActor,
  input: { cases: readonly Marked[]; because: ClosingOfSeveral },
): Promise<Readonly<{ closed: number; left: readonly Left[] }> | Readonly<{ refused: 'too-many' }>> {
  if (input.cases.length > mostAtOnce) return { refused: 'too-many' }
  const left: Left[] = []
  for (const one of input.cases) {
    const outcome = await close(house, actor, { ...one, because: input.because })
    if ('refused' in outcome) left.push({ caseId: one.caseId, refused: outcome.refused })
  }
  return { closed: input.cases.length - left.length, left }
}

/** The marked cases as lists show them, in an entered transaction; those not on her desk are not there. */
export async function markedLines(tx: Reader, ids: readonly CaseId[]): Promise<readonly CaseLine[]> {
  if (ids.length === 0) return []
  const rows = await tx.rows(
    sql`select ${caseColumns} from correspondence.visible c where c.id = any (${ids}::uuid[]) order by c.due_on, c.id`,
  )
  return rows.map(caseLine)
}
