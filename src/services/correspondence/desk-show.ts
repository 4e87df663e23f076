import type { FastifyReply } from 'fastify'
import type { CaseId } from '../../city/index.ts'
import { enterStaff, type Staff, type Visit } from '../../trust/need-to-know/index.ts'
import { sql, type Tx } from '../../plumbing/index.ts'
import { caseInHand, type Colleague } from './case-on-desk.ts'
import { ownFilters } from './filters/filter.ts'
import { today, type House } from './house.ts'
import { inbox, type Inbox, type InboxQuestion } from './inbox.ts'
import { newId } from './new-id.ts'
import { panelsOf } from './panel.ts'
import type { CasePaneParts } from './pages/desk-case.ts'
import { questionOf, queryOf } from './pages/desk-list.ts'
import { casePage, notHerePage } from './pages/desk-pages.ts'
import type { Day } from './pages/desk-words.ts'

/** `unfolded`: the answer that was asked for. */
export type Shown = Partial<Pick<CasePaneParts, 'draft' | 'done' | 'wrong' | 'messageId'>> & { unfolded?: string }

/** The page of a case as it is now, with what is to be said and whatever was typed. */
export async function showCase(
  house: House,
  visit: Visit,
  { unfolded, ...shown }: Shown,
  status = 200,
): Promise<FastifyReply> {
  const id = caseAsked(visit)
  const question = questionAsked(house, visit)
  if (!id) return notHere(house, visit)
  const [onDesk, beside] = await house.db.transaction((tx) => {
    const entering = enterStaff(tx, visit.actor, id)
    const query = queryOf(question, true)
    return Promise.all([caseInHand(tx, house, entering, id, query), inboxIn(tx, house, entering, question)])
  })
  if ('refused' in onDesk) return notHere(house, visit)
  const folded = new Set([...onDesk.folded].filter((name) => name !== unfolded))
  const pane = { onDesk: { ...onDesk, folded }, query: queryOf(question, true), messageId: newId(), ...shown }
  return visit.reply.page(casePage(dayOf(house), { staff: visit.staff, inbox: beside, question, pane }), status)
}

/** Not permitted and not there are one answer, made in the same way. */
export function notHere(house: House, { staff, posted, reply }: Visit): FastifyReply {
  return reply.page(notHerePage(dayOf(house), staff, posted['words']), 404)
}

/** The case an address names; undefined where it is not one that could be. */
export function caseAsked({ request }: Visit): CaseId | undefined {
  const { id } = request.params as { id?: string }
  return id !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? (id as CaseId) : undefined
}

export function questionAsked(house: House, { request }: Visit): InboxQuestion {
  return questionOf(house.city, request.query as Record<string, unknown>)
}

/** The inbox as this clerk asks for it. `whole`: with the colleagues to whom it can be narrowed down. */
export function inboxOf(house: House, { actor }: Visit, question: InboxQuestion, whole = false): Promise<Inbox> {
  return house.db.transaction((tx) => inboxIn(tx, house, enterStaff(tx, actor), question, whole))
}

/** The same in a transaction that is just entering as her: lists and counts are empty where she could not. */
async function inboxIn(
  tx: Tx,
  house: House,
  entering: Promise<Staff | undefined>,
  question: InboxQuestion,
  whole = false,
): Promise<Inbox> {
  const day = today(house)
  const asked = (house.panels ?? []).map(({ inRail }) => inRail)
  const [found, colleagues, filters, rail] = await Promise.all([
    inbox(tx, question, day),
    whole ? tx.rows<Colleague>(sql`select id, name from need_to_know.colleagues() where active`) : [],
    ownFilters(tx, house.city, day),
    entering.then((staff) => (staff ? panelsOf(asked, tx, { staff }) : [])),
  ])
  return { ...found, colleagues, filters, rail }
}

export function dayOf(house: House): Day {
  return { city: house.city, today: today(house) }
}
