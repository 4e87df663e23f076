import type { FastifyReply } from 'fastify'
import { sql } from '../../../plumbing/index.ts'
import { caseAsked, enterStaff, type Desk, type StaffActor } from '../../../trust/need-to-know/index.ts'
import { notHere, showCase, type House } from '../../correspondence/index.ts'
import type { CaseId } from '../../../city/index.ts'
import type { FormDefinition } from '../define.ts'

/** Answers that are folded on the desk even in an open letter: not needed, or sensitive. Whoever needs one shows it. */
export function foldedIn(form: FormDefinition | undefined): ReadonlySet<string> {
  const folded = (form?.fields ?? []).filter(
    ({ privacy }) => privacy !== undefined && (!privacy.needed || privacy.sensitivity === 'sensitive'),
  )
  return new Set(folded.map(({ name }) => name))
}

/** Shows one folded answer, and counts that it was needed: form, version, question and month. False: no open letter. */
export function showAnswer(house: House, actor: StaffActor, caseId: CaseId, question: string): Promise<boolean> {
  return house.db.transaction(async (tx) => {
    if ((await enterStaff(tx, actor, caseId))?.caseId !== caseId) return false
    return (await tx.row<{ shown: boolean }>(sql`select exchange.show(${question}) as shown`))?.shown === true
  })
}

export function foldRoutes(desk: Desk, house: House): void {
  desk.post('/desk/cases/:id/unfoldings', async (visit): Promise<FastifyReply> => {
    const caseId = caseAsked(visit)
    const { question = '' } = visit.posted
    if (!caseId || !(await showAnswer(house, visit.actor, caseId, question))) return notHere(house, visit)
    return showCase(house, visit, { unfolded: question })
  })
}
