import { openOnDesk, sendFile } from '../attachments/index.ts'
import { caseAsked, enterStaff, type Desk } from '../../trust/need-to-know/index.ts'
import { actRoutes } from './desk-acts.ts'
import { doneWords } from './desk-done.ts'
import { dayOf, notHere, questionAsked, seeCase, seeInbox, showSeen } from './desk-show.ts'
import { draftRoutes } from './drafts/draft-routes.ts'
import { filterRoutes } from './filters/filter-routes.ts'
import type { HouseWithFiles } from './house.ts'
import { say } from './messages.ts'
import { mailRoutes } from './mails/mail-routes.ts'
import { newsRoutes } from './news/news-routes.ts'
import { outbox } from './outbox.ts'
import { inboxPage, outboxPage, searchPage } from './pages/desk-pages.ts'
import { search } from './search.ts'
import { severalRoutes } from './several/several-routes.ts'
import { templateRoutes } from './templates/template-routes.ts'

/** The desk's pages about cases. What a clerk may not see and what is not there are the same page. */
export function deskRoutes(desk: Desk, house: HouseWithFiles, publicUrl: string): void {
  desk.look(
    'get',
    '/desk',
    (arrival) => seeInbox(house, arrival, questionAsked(house, arrival), { whole: true }),
    (visit, inbox) => {
      const question = questionAsked(house, visit)
      const done = (visit.request.query as { done?: unknown }).done === 'moved' ? say('en', 'doneMovedAway') : undefined
      return visit.reply.page(inboxPage(dayOf(house), { staff: visit.staff, inbox, question, ...(done && { done }) }))
    },
  )
  desk.look(
    'get',
    '/desk/cases/:id',
    (arrival) => seeCase(house, arrival),
    (visit, seen) => {
      const done = doneWords((visit.request.query as { done?: unknown }).done)
      return showSeen(house, visit, seen, done === undefined ? {} : { done })
    },
  )
  desk.get('/desk/cases/:id/attachments/:attachment', async (visit) => {
    const caseId = caseAsked(visit)
    const { attachment = '' } = visit.request.params as { attachment?: string }
    const file = caseId && (await openOnDesk(house, visit.actor, caseId, attachment))
    return !file || 'refused' in file ? notHere(house, visit) : sendFile(visit.reply, file)
  })
  desk.get('/desk/search', ({ staff, reply }) => reply.page(searchPage(dayOf(house), staff)))
  desk.post('/desk/search', async ({ actor, staff, posted, reply }) => {
    const asked = (posted['q'] ?? '').trim()
    if (asked === '') return reply.page(searchPage(dayOf(house), staff))
    return reply.page(searchPage(dayOf(house), staff, asked, await search(house, actor, asked)))
  })
  desk.get('/desk/outbox', async ({ actor, staff, reply }) => {
    const mails = await house.db.transaction(async (tx) => ((await enterStaff(tx, actor)) ? outbox(tx) : []))
    return reply.page(outboxPage(dayOf(house), staff, mails))
  })
  actRoutes(desk, house)
  mailRoutes(desk, house)
  draftRoutes(desk, house)
  severalRoutes(desk, house)
  filterRoutes(desk, house)
  newsRoutes(desk, house)
  templateRoutes(desk, house, publicUrl)
}
