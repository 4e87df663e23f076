import type { FastifyReply } from 'fastify'
import type { CaseId } from '../../../city/index.ts'
import { enterStaff, type Desk, type Visit } from '../../../trust/need-to-know/index.ts'
import { dayOf, inboxOf, questionAsked } from '../desk-show.ts'
import type { House } from '../house.ts'
import { queryOf } from '../pages/desk-list.ts'
import { inboxPage } from '../pages/desk-pages.ts'
import { closeSeveral, closingsOfSeveral, markedLines, mostAtOnce, type Marked } from './close-several.ts'
import { mayClose } from './may-close.ts'
import { say } from './messages.ts'
import { closedPage, lookOverPage } from './page.ts'

/** Closing several letters: marked in the list, looked over, closed. The address tells nothing of which. */
export function severalRoutes(desk: Desk, house: House): void {
  const { city } = house
  desk.post('/desk/closings', async (visit) => {
    const { actor, staff, posted, reply } = visit
    const marked = markedIn(posted)
    const because = closingsOfSeveral.find((one) => one === posted['because'])
    if (marked.length === 0) return askAgain(house, visit, say('en', 'none'))
    if (marked.length > mostAtOnce) return askAgain(house, visit, say('en', 'many'))
    if (because === undefined) return askAgain(house, visit, say('en', 'noReason'))
    const query = queryOf(questionAsked(house, visit))
    const ids = marked.map(({ caseId }) => caseId)
    if (posted['sure'] !== 'yes') {
      const lines = (await linesOf(house, visit, ids)).filter((line) => mayClose(city, staff.duties, line))
      const versions = new Map(marked.map(({ caseId, version }) => [caseId, version]))
      const leftOut = ids.length - lines.length
      return reply.page(lookOverPage(dayOf(house), staff, { lines, versions, because, leftOut, query }))
    }
    const done = await closeSeveral(house, actor, { cases: marked, because })
    if ('refused' in done) return askAgain(house, visit, say('en', 'many'))
    const left = await linesOf(
      house,
      visit,
      done.left.map(({ caseId }) => caseId),
    )
    const gone = done.left.length - left.length
    return reply.page(closedPage(dayOf(house), staff, { closed: done.closed, left, gone, query }))
  })
}

const linesOf = (house: House, { actor }: Visit, ids: readonly CaseId[]) =>
  house.db.transaction(async (tx) => ((await enterStaff(tx, actor)) ? markedLines(tx, ids) : []))

async function askAgain(house: House, visit: Visit, wrong: string): Promise<FastifyReply> {
  const question = questionAsked(house, visit)
  const inbox = await inboxOf(house, visit, question, true)
  return visit.reply.page(inboxPage(dayOf(house), { staff: visit.staff, inbox, question, wrong }), 422)
}

/** The marks of a posted form, each case once, with the version that its list showed. */
function markedIn(posted: Visit['posted']): readonly Marked[] {
  return Object.entries(posted).flatMap(([name, value]) => {
    const id = /^mark\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(name)?.[1]
    return id !== undefined && /^\d{1,9}$/.test(value) ? [{ caseId: id as CaseId, version: Number(value) }] : []
  })
}
