import type { FastifyReply } from 'fastify'
import type { CaseId } from '../../city/index.ts'
import { caseAsked, enterStaff, type Desk, type Visit } from '../../trust/need-to-know/index.ts'
import { backToCase, newId, notHere, showCase, today, type House } from '../correspondence/index.ts'
import { ageing } from './ageing.ts'
import { answerAll } from './answer-all.ts'
import { joinCase, separateCase, type Joined, type JoinRefusal } from './joined.ts'
import { say } from './messages.ts'
import { ageingPage } from './pages/ageing-page.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** `/desk/ageing`, and what a clerk does with reports of the same thing. */
export function routingRoutes(desk: Desk, house: House): void {
  desk.get('/desk/ageing', async ({ actor, staff, reply }) => {
    const found = await house.db.transaction(async (tx) =>
      (await enterStaff(tx, actor)) ? ageing(tx, house) : undefined,
    )
    const { topics = [], waiting = [] } = found ?? {}
    return reply.page(ageingPage({ city: house.city, today: today(house), staff, topics, waiting }))
  })

  desk.post('/desk/cases/:id/joinings', (visit) =>
    together(house, visit, 'joined', (caseId, other) => joinCase(house, visit.actor, { caseId, to: other })),
  )
  desk.post('/desk/cases/:id/separations', (visit) =>
    together(house, visit, 'separated', (caseId, other) => separateCase(house, visit.actor, { caseId, from: other })),
  )
  desk.post('/desk/cases/:id/joint-replies', (visit) => answering(house, visit))
}

async function together(
  house: House,
  visit: Visit,
  done: 'joined' | 'separated',
  work: (caseId: CaseId, other: CaseId) => Promise<Joined>,
): Promise<FastifyReply> {
  const caseId = caseAsked(visit)
  const other = visit.posted['other'] ?? ''
  if (caseId === undefined || !uuid.test(other)) return notHere(house, visit)
  const outcome = await work(caseId, other as CaseId)
  if ('done' in outcome) return backToCase(house, visit, caseId, done)
  return showCase(house, visit, { wrong: { says: refusalWords(outcome.refused) } }, 409)
}

/** The case itself may be gone from her desk (then the page is the one of what is not there), or only the other one. */
function refusalWords(refused: JoinRefusal): string {
  const words = {
    'not-there': 'refused_gone',
    'joined-already': 'refused_joined_already',
    'leads-others': 'refused_leads_others',
    'not-a-lead': 'refused_not_a_lead',
    'not-joined': 'refused_not_joined',
  } as const
  return say('en', words[refused])
}

async function answering(house: House, visit: Visit): Promise<FastifyReply> {
  const caseId = caseAsked(visit)
  if (caseId === undefined) return notHere(house, visit)
  const { words = '', message = '', reason = '', close } = visit.posted
  const messageId = uuid.test(message) ? message : newId()
  const answered = await answerAll(house, visit.actor, { caseId, words, messageId, reason, close: close === 'done' })
  if ('sent' in answered && answered.left === 0) return backToCase(house, visit, caseId, 'answered-all')
  if ('sent' in answered) return showCase(house, visit, { wrong: { says: say('en', 'refused_some', answered) } }, 409)
  switch (answered.refused) {
    case 'not-there':
      return notHere(house, visit)
    case 'nothing-joined':
      return showCase(house, visit, { wrong: { says: say('en', 'refused_not_joined') } }, 409)
    case 'empty':
      return showCase(house, visit, { wrong: { says: say('en', 'refused_empty') } }, 422)
    case 'too-long':
      return showCase(house, visit, { wrong: { says: say('en', 'refused_too_long') } }, 422)
    default:
      return answered.refused satisfies never
  }
}
