import type { FastifyReply } from 'fastify'
import { caseAsked, enterStaff, type Arrival, type Visit } from '../../trust/need-to-know/index.ts'
import { sql, type Html } from '../../plumbing/index.ts'
import { caseInHand, type Colleague } from './case-on-desk.ts'
import { ownFilters } from './filters/filter.ts'
import { today, type House } from './house.ts'
import { findLines, readStanding, type Inbox, type InboxQuestion, type Lines } from './inbox.ts'
import { newId } from './new-id.ts'
import { panelsOf } from './panel.ts'
import type { CasePaneParts } from './pages/desk-case.ts'
import { caseList, questionOf, queryOf } from './pages/desk-list.ts'
import { casePage, notHerePage } from './pages/desk-pages.ts'
import type { Day } from './pages/desk-words.ts'

type Entering = Omit<Arrival, 'posted'>

/** `unfolded`: the answer that was asked for. */
export type Shown = Partial<Pick<CasePaneParts, 'draft' | 'done' | 'wrong' | 'messageId'>> & { unfolded?: string }

type SeenCase = Readonly<{ onDesk: Awaited<ReturnType<typeof caseInHand>>; beside: Inbox; list: Html }>

/** The page of a case as it is now, with what is to be said and whatever was typed. */
export async function showCase(house: House, visit: Visit, shown: Shown, status = 200): Promise<FastifyReply> {
  const seen = await house.db.transaction((tx) =>
    seeCase(house, { tx, entering: enterStaff(tx, visit.actor, caseAsked(visit)), request: visit.request }),
  )
  return showSeen(house, visit, seen, shown, status)
}

/** What the page of a case shows, and the inbox beside it: its list is drawn while the database looks the case up. */
export async function seeCase(house: House, arrival: Entering): Promise<SeenCase> {
  const { tx, entering } = arrival
  const question = questionAsked(house, arrival)
  const caseId = caseAsked(arrival)
  const lines = findLines(tx, question, today(house))
  const [beside, onDesk, list] = await Promise.all([
    seeInbox(house, arrival, question, { lines }),
    caseInHand(house, arrival, caseId, queryOf(question, true)),
    Promise.all([lines, entering]).then(([inbox, staff]) =>
      caseList(dayOf(house), { inbox, question, shown: caseId, employee: staff?.employee }, 2),
    ),
  ])
  return { beside, onDesk, list }
}

export function showSeen(
  house: House,
  visit: Visit,
  { onDesk, beside, list }: SeenCase,
  { unfolded, ...shown }: Shown,
  status = 200,
): FastifyReply {
  if ('refused' in onDesk) return notHere(house, visit)
  const question = questionAsked(house, visit)
  const folded = new Set([...onDesk.folded].filter((name) => name !== unfolded))
  const pane = { onDesk: { ...onDesk, folded }, query: queryOf(question, true), messageId: newId(), ...shown }
  return visit.reply.page(casePage(dayOf(house), { staff: visit.staff, inbox: beside, question, pane, list }), status)
}

/** Not permitted and not there are one answer, made in the same way. */
export function notHere(house: House, { staff, posted, reply }: Visit): FastifyReply {
  return reply.page(notHerePage(dayOf(house), staff, posted['words']), 404)
}

export function questionAsked(house: House, { request }: Pick<Visit, 'request'>): InboxQuestion {
  return questionOf(house.city, request.query as Record<string, unknown>)
}

/** The inbox as this clerk asks for it. `whole`: with the colleagues to whom it can be narrowed down. */
export function inboxOf(
  house: House,
  { actor, request }: Visit,
  question: InboxQuestion,
  whole = false,
): Promise<Inbox> {
  return house.db.transaction((tx) =>
    seeInbox(house, { tx, entering: enterStaff(tx, actor), request }, question, { whole }),
  )
}

/** The same in a transaction that is just entering as her: lists and counts are empty where she could not. */
export async function seeInbox(
  house: House,
  { tx, entering }: Entering,
  question: InboxQuestion,
  { whole = false, lines }: Readonly<{ whole?: boolean; lines?: Promise<Lines> }> = {},
): Promise<Inbox> {
  const day = today(house)
  const asked = (house.panels ?? []).map(({ inRail }) => inRail)
  const [found, standing, colleagues, filters, rail] = await Promise.all([
    lines ?? findLines(tx, question, day),
    readStanding(tx),
    whole ? tx.rows<Colleague>(sql`select id, name from need_to_know.colleagues() where active`) : [],
    ownFilters(tx, house.city, day),
    entering.then((staff) => (staff ? panelsOf(asked, tx, { staff }) : [])),
  ])
  return { ...found, ...standing, colleagues, filters, rail }
}

export function dayOf(house: House): Day {
  return { city: house.city, today: today(house) }
}
