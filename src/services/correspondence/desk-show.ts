import type { FastifyReply } from 'fastify'
import type { CaseId } from '../../city/index.ts'
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

/** A case, and the inbox beside it with its list as it is drawn, which may still be on its way. */
type SeenCase = Readonly<{
  onDesk: Awaited<ReturnType<typeof caseInHand>>
  beside: Promise<Readonly<{ inbox: Inbox; list: Html }>>
}>

/** The page of a case as it is now, with what is to be said and whatever was typed. */
export async function showCase(house: House, visit: Visit, shown: Shown, status = 200): Promise<FastifyReply> {
  const seen = await house.db.transaction((tx) =>
    seeCase(house, { ...visit, tx, entering: enterStaff(tx, visit.actor, caseAsked(visit)) }),
  )
  return showSeen(house, visit, seen, shown, status)
}

/**
 * What the page of a case shows. The inbox beside it is asked for on a connection of its own, at the same time; neither
 * transaction waits for the other's end, so that no number of pages can hold all connections and wait for one more.
 */
export async function seeCase(house: House, arrival: Entering): Promise<SeenCase> {
  const question = questionAsked(house, arrival)
  const shown = caseAsked(arrival)
  const beside = house.db.transaction((tx) => inboxBeside(house, { ...arrival, tx }, question, shown))
  // Where the case is not there, nobody looks at what became of it.
  beside.catch(() => undefined)
  return { onDesk: await caseInHand(house, arrival, shown, queryOf(question, true)), beside }
}

/** The list is drawn while the database still counts. */
async function inboxBeside(
  house: House,
  { tx, actor, request }: Omit<Entering, 'entering'>,
  question: InboxQuestion,
  shown: CaseId | undefined,
): Promise<Awaited<SeenCase['beside']>> {
  const entering = enterStaff(tx, actor)
  const lines = findLines(tx, question, today(house))
  const [inbox, list] = await Promise.all([
    seeInbox(house, { tx, actor, entering, request }, question, { lines }),
    Promise.all([lines, entering]).then(([inbox, staff]) =>
      caseList(dayOf(house), { inbox, question, shown, employee: staff?.employee }, 2),
    ),
  ])
  return { inbox, list }
}

export async function showSeen(
  house: House,
  visit: Visit,
  { onDesk, beside }: SeenCase,
  { unfolded, ...shown }: Shown,
  status = 200,
): Promise<FastifyReply> {
  if ('refused' in onDesk) return notHere(house, visit)
  const question = questionAsked(house, visit)
  const folded = new Set([...onDesk.folded].filter((name) => name !== unfolded))
  const pane = { onDesk: { ...onDesk, folded }, query: queryOf(question, true), messageId: newId(), ...shown }
  const { inbox, list } = await beside
  return visit.reply.page(casePage(dayOf(house), { staff: visit.staff, inbox, question, pane, list }), status)
}

/** Not permitted and not there are one answer, made in the same way. */
export function notHere(house: House, { staff, posted, reply }: Visit): FastifyReply {
  return reply.page(notHerePage(dayOf(house), staff, posted['words']), 404)
}

export function questionAsked(house: House, { request }: Pick<Visit, 'request'>): InboxQuestion {
  return questionOf(house.city, request.query as Record<string, unknown>)
}

/** The inbox as this clerk asks for it. `whole`: with the colleagues to whom it can be narrowed down. */
export function inboxOf(house: House, visit: Visit, question: InboxQuestion, whole = false): Promise<Inbox> {
  return house.db.transaction((tx) =>
    seeInbox(house, { ...visit, tx, entering: enterStaff(tx, visit.actor) }, question, { whole }),
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
