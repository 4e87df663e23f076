import { sql, type Tx } from '../../plumbing/index.ts'
import type { CaseId } from '../../city/index.ts'
import type { StaffActor } from '../../trust/need-to-know/index.ts'
import { enterStaff } from '../../trust/need-to-know/index.ts'
import { caseColumns, caseLine, type CaseLine, type House } from '../correspondence/index.ts'

export type JoinRefusal = 'not-there' | 'joined-already' | 'leads-others' | 'not-a-lead' | 'not-joined'
export type Joined = Readonly<{ done: true }> | Readonly<{ refused: JoinRefusal }>

/**
 * Joins a report to another of the same thing. Both stay what they are, each with its person and receipt; the ledger of
 * both says so, and neither person learns of the other. Refusals: not-there (either is not on her desk to answer),
 * joined-already, leads-others (others are joined to this one), not-a-lead (the other is itself joined to a third).
 */
export function joinCase(
  house: House,
  actor: StaffActor,
  { caseId, to }: { caseId: CaseId; to: CaseId },
): Promise<Joined> {
  return act(house, actor, caseId, (tx) => tx.row<Answered>(sql`select routing.join_case(${to}) as outcome`))
}

/** Takes two joined reports apart again; nothing of either was changed, so nothing is lost. Refusals: not-there, not-joined. */
export function separateCase(
  house: House,
  actor: StaffActor,
  { caseId, from }: { caseId: CaseId; from: CaseId },
): Promise<Joined> {
  return act(house, actor, caseId, (tx) => tx.row<Answered>(sql`select routing.separate_case(${from}) as outcome`))
}

type Answered = { outcome: 'done' | JoinRefusal }

async function act(
  house: House,
  actor: StaffActor,
  caseId: CaseId,
  work: (tx: Tx) => Promise<Answered | undefined>,
): Promise<Joined> {
  return house.db.transaction(async (tx) => {
    const staff = await enterStaff(tx, actor, caseId)
    if (staff?.caseId !== caseId) return { refused: 'not-there' }
    const answered = await work(tx)
    if (!answered) throw new Error('joining gave no outcome')
    return answered.outcome === 'done' ? { done: true } : { refused: answered.outcome }
  })
}

/** What is joined with the case in hand, on this desk: the report it was joined to, or those that were joined to it. */
export async function joinedWith(tx: Tx): Promise<Readonly<{ parent?: CaseLine; children: readonly CaseLine[] }>> {
  const found = await tx.rows<{ case_id: CaseId; is_parent: boolean }>(
    sql`select case_id, is_parent from routing.joined_in_hand()`,
  )
  if (found.length === 0) return { children: [] }
  const rows = await tx.rows(sql`select ${caseColumns} from correspondence.visible c
    where c.id = any (${found.map(({ case_id }) => case_id)}::uuid[]) order by c.number`)
  const parents = new Set(found.filter(({ is_parent }) => is_parent).map(({ case_id }) => case_id))
  const lines = rows.map(caseLine)
  const parent = lines.find(({ id }) => parents.has(id))
  return { ...(parent && { parent }), children: lines.filter(({ id }) => !parents.has(id)) }
}

/** Whether the person's own case is handled together with another: of that other she learns nothing. */
export async function isJoined(tx: Tx): Promise<boolean> {
  return (await tx.row(sql`select from routing.joined_in_hand()`)) !== undefined
}
