import type { FastifyReply } from 'fastify'
import type { AgencyId, BasisId, CaseId } from '../../city/index.ts'
import { caseAsked, type Desk, type Visit } from '../../trust/need-to-know/index.ts'
import { newId, notHere, showCase } from '../correspondence/index.ts'
import { say } from './desk-messages.ts'
import type { ReferralHouse } from './house.ts'
import { newReferralPage, type Asked, type NewReferral } from './pages/new-referral.ts'
import { sendAgain } from './send-again.ts'
import { layOut, preview, refer, type ReferRefusal } from './refer.ts'

/** Sending parts of a letter to another agency: choose, look over, send. */
export function referralRoutes(desk: Desk, house: ReferralHouse): void {
  desk.get('/desk/cases/:id/referrals/new', (visit) => {
    const { agency } = visit.request.query as { agency?: unknown }
    return show(house, visit, { id: newId() }, typeof agency === 'string' ? agency : undefined)
  })
  desk.post('/desk/cases/:id/referrals', async (visit) => {
    const caseId = caseAsked(visit)
    if (caseId === undefined) return notHere(house, visit)
    const asked = askedIn(visit)
    const parts = { id: asked.id, asked }
    const { version, step } = visit.posted
    const input = { ...asked, caseId, version: /^\d{1,9}$/.test(version ?? '') ? Number(version) : 0 }
    if (step === 'send') {
      const sent = await refer(house, visit.actor, input)
      if ('refused' in sent) return refuse(house, visit, sent.refused, parts)
      return showCase(house, visit, { done: say('en', 'done') })
    }
    if (step !== 'preview') return show(house, visit, parts, asked.agency)
    const leaving = await preview(house, visit.actor, input)
    if ('refused' in leaving) return refuse(house, visit, leaving.refused, parts)
    return show(house, visit, { ...parts, leaving }, asked.agency)
  })
  desk.post('/desk/cases/:id/referrals/:referral/sendings', async (visit) => {
    const caseId = caseAsked(visit)
    const { referral = '' } = visit.request.params as { referral?: string }
    if (caseId === undefined || !isId.test(referral)) return notHere(house, visit)
    const sent = await sendAgain(house, visit.actor, { caseId, referral })
    if ('done' in sent) return showCase(house, visit, { done: say('en', 'doneAgain') })
    if (sent.refused === 'not-there') return notHere(house, visit)
    return showCase(house, visit, { wrong: { says: say('en', 'notFailed') } }, 409)
  })
}

const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function askedIn({ posted }: Visit): Asked {
  const fields = Object.keys(posted).flatMap((name) => (name.startsWith('field:') ? [name.slice('field:'.length)] : []))
  const { referral = '', agency = '', basis = '', because = '' } = posted
  const id = isId.test(referral) ? referral : newId()
  return { id, agency: agency as AgencyId, basis: basis as BasisId, because, fields }
}

async function show(
  house: ReferralHouse,
  visit: Visit,
  parts: Omit<NewReferral, 'laid' | 'agency'>,
  chosen: string | undefined,
  status = 200,
): Promise<FastifyReply> {
  const caseId: CaseId | undefined = caseAsked(visit)
  const laid = caseId && (await layOut(house, visit.actor, caseId))
  if (!laid) return notHere(house, visit)
  if ('refused' in laid)
    return laid.refused === 'closed-envelope'
      ? showCase(house, visit, { wrong: { says: say('en', 'sealed') } }, 409)
      : notHere(house, visit)
  const agency = house.city.agencies.get((chosen ?? '') as AgencyId)
  const shown = { laid, ...parts, ...(agency?.takes && { agency }) }
  return visit.reply.page(newReferralPage(house.city, visit.staff, shown), status)
}

const refusals = {
  changed: [409, 'changed'],
  'closed-already': [409, 'closed'],
  'no-such-agency': [422, 'noAgency'],
  'no-basis': [422, 'noBasis'],
  'no-reason': [422, 'noReason'],
  'not-needed': [422, 'notNeeded'],
  'too-much': [422, 'tooMuch'],
} as const

function refuse(
  house: ReferralHouse,
  visit: Visit,
  refused: ReferRefusal,
  parts: { id: string; asked: Asked },
): Promise<FastifyReply> | FastifyReply {
  if (refused === 'not-there') return notHere(house, visit)
  if (refused === 'closed-envelope') return showCase(house, visit, { wrong: { says: say('en', 'sealed') } }, 409)
  const [status, words] = refusals[refused]
  return show(house, visit, { ...parts, wrong: say('en', words) }, parts.asked.agency, status)
}
