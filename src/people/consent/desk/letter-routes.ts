import type { DeskModule } from '../../../city/look/index.ts'
import type { Desk, Visit } from '../../../trust/need-to-know/index.ts'
import { openKept, postedLetter, readKept } from '../../residents/index.ts'
import type { ConsentRoutesHouse } from '../house.ts'
import { letterToPrintPage } from './letter-pages.ts'

type House = ConsentRoutesHouse & Readonly<{ printModule?: DeskModule }>
const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** `/desk/consents/letters/{id}`: opened for a reason, printed, posted. Who may not is told what is told of no letter. */
export function letterRoutes(desk: Desk, house: House): void {
  const at = '/desk/consents/letters/:id'
  const idIn = ({ request }: Visit) => {
    const { id } = request.params as { id?: string }
    return id !== undefined && idPattern.test(id) ? id : undefined
  }
  desk.post(`${at}/openings`, async (visit) => {
    const id = idIn(visit)
    const opened = id !== undefined && (await openKept(house, visit.actor, id, visit.posted['reason'] ?? ''))
    return opened ? visit.reply.redirect(`/desk/consents/letters/${id}`, 303) : visit.reply.problem(404)
  })
  desk.get(at, async (visit) => {
    const { staff, reply } = visit
    const id = idIn(visit)
    const letter = id === undefined ? undefined : await readKept(house, visit.actor, id)
    if (!letter) return reply.problem(404)
    const modules = house.printModule ? { modules: [house.printModule] } : {}
    return reply.page(letterToPrintPage({ city: house.city, staff, letter, ...modules }))
  })
  desk.post(`${at}/postings`, async (visit) => {
    const id = idIn(visit)
    const done = id !== undefined && (await postedLetter(house, visit.actor, id))
    return done ? visit.reply.redirect('/desk/consents?done=postedDone', 303) : visit.reply.problem(404)
  })
}
