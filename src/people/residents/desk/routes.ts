import { mayDo, type City } from '../../../city/index.ts'
import type { Clock, Db } from '../../../plumbing/index.ts'
import type { Desk, Visit } from '../../../trust/need-to-know/index.ts'
import type { Keys } from '../../../trust/vault/index.ts'
import { openedMailPage, peopleMailPage } from './mail-pages.ts'
import { keptMails, openKept, readKept, settleKept } from './people-mail.ts'

export type PeopleDesk = Readonly<{ db: Db; keys: Keys; city: City; clock: Clock }>

/** `/desk/people-mail`. Who has no duty with the power `consent` is told what is told of a page that is not there. */
export function peopleDeskRoutes(desk: Desk, house: PeopleDesk): void {
  const { city } = house
  desk.get('/desk/people-mail', async (visit) => {
    if (!mayConsent(city, visit)) return visit.reply.problem(404)
    const { done } = visit.request.query as { done?: unknown }
    const mails = await keptMails(house, visit.actor)
    return visit.reply.page(peopleMailPage({ city, staff: visit.staff, mails, done: done === 'settled' }))
  })
  desk.get('/desk/people-mail/:id', async (visit) => {
    const id = idIn(visit)
    const mail = id && (await readKept(house, visit.actor, id))
    return mail ? visit.reply.page(openedMailPage({ city, staff: visit.staff, mail })) : visit.reply.problem(404)
  })
  desk.post('/desk/people-mail/:id/openings', async (visit) => {
    const id = idIn(visit)
    const opened = id && (await openKept(house, visit.actor, id, visit.posted['reason'] ?? ''))
    return opened ? visit.reply.redirect(`/desk/people-mail/${id}`, 303) : visit.reply.problem(404)
  })
  desk.post('/desk/people-mail/:id/settlings', async (visit) => {
    const id = idIn(visit)
    const done = id && (await settleKept(house, visit.actor, id))
    return done ? visit.reply.redirect('/desk/people-mail?done=settled', 303) : visit.reply.problem(404)
  })
}

export function mayConsent(city: City, { staff }: Pick<Visit, 'staff'>): boolean {
  return mayDo(city, staff.duties, 'consent')
}

function idIn({ request }: Visit): string | undefined {
  const { id } = request.params as { id?: string }
  return id !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? id : undefined
}
