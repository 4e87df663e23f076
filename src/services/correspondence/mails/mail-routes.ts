import { caseAsked, type Desk } from '../../../trust/need-to-know/index.ts'
import { refuse } from '../desk-acts.ts'
import { back } from '../desk-done.ts'
import { dayOf, notHere, showCase } from '../desk-show.ts'
import type { House } from '../house.ts'
import { say } from './desk-mail-messages.ts'
import { copyPage } from './desk-mails.ts'
import { mailCopy } from './mail-copy.ts'
import { resend } from './resend.ts'

const isId = (text: string | undefined): text is string =>
  text !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)

/** The copy of a mail, and sending it once more. */
export function mailRoutes(desk: Desk, house: House): void {
  desk.get('/desk/cases/:id/mails/:mail', async (visit) => {
    const caseId = caseAsked(visit)
    const { mail } = visit.request.params as { mail?: string }
    if (caseId === undefined || !isId(mail)) return notHere(house, visit)
    const copy = await mailCopy(house, visit.actor, caseId, mail)
    if (!('refused' in copy)) return visit.reply.page(copyPage(dayOf(house), visit.staff, caseId, copy))
    return copy.refused === 'closed-envelope'
      ? showCase(house, visit, { done: say('en', 'copySealed') })
      : notHere(house, visit)
  })
  desk.post('/desk/cases/:id/resendings', async (visit) => {
    const caseId = caseAsked(visit)
    const { mail } = visit.posted
    if (caseId === undefined || !isId(mail)) return notHere(house, visit)
    const sent = await resend(house, visit.actor, { caseId, mailId: mail })
    return 'done' in sent ? back(house, visit, caseId, 'resent') : refuse(house, visit, sent.refused)
  })
}
