import { randomUUID } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import { mayDo } from '../../../city/index.ts'
import type { Desk, DeskDoor, Visit } from '../desk.ts'
import { enterStaff } from '../enter.ts'
import { breakGlass, type Emergence } from './break-glass.ts'
import { breakPage, type BreakView } from './break-page.ts'
import { glassToReview, ownGlass, type GlassToReview } from './read-glass.ts'
import { reviewGlass } from './review-glass.ts'
import { reviewsPage, type Judged, type ReviewsView } from './reviews-page.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Opening a letter in an emergency, and judging who did. Who may do neither finds no such page. */
export function breakGlassRoutes(desk: Desk, door: DeskDoor): void {
  desk.get('/desk/break-glass', (visit) => {
    const { number } = visit.request.query as { number?: unknown }
    const typed = { id: randomUUID(), number: typeof number === 'string' ? number.slice(0, 12) : '' }
    return showBreak(door, visit, { typed: { ...typed, because: '', words: '' } })
  })

  desk.post('/desk/break-glass', async (visit) => {
    const { glass = '', number = '', because = '', words = '' } = visit.posted
    const typed: Emergence = { id: uuid.test(glass) ? glass : randomUUID(), number: number.trim(), because, words }
    const broken = await breakGlass(door, visit.actor, typed)
    if ('caseId' in broken)
      return visit.reply.header('cache-control', 'no-store').redirect(`/desk/cases/${broken.caseId}`, 303)
    const { refused } = broken
    if (refused === 'not-there') return visit.reply.problem(404)
    // A try that was kept is done: what comes next is another one.
    const again = refused === 'no-case' ? { ...typed, id: randomUUID() } : typed
    return showBreak(door, visit, { typed: again, wrong: refused }, refused === 'too-many' ? 429 : 422)
  })

  desk.get('/desk/reviews', (visit) =>
    showReviews(door, visit, (visit.request.query as { done?: unknown }).done === 'yes' ? { done: true } : {}),
  )

  desk.post('/desk/reviews/:id', async (visit) => {
    const { id = '' } = visit.request.params as { id?: string }
    const { verdict = '', note = '' } = visit.posted
    if (!uuid.test(id)) return visit.reply.problem(404)
    const reviewed = await reviewGlass(door, visit.actor, { id, verdict, note })
    if ('done' in reviewed)
      return visit.reply.header('cache-control', 'no-store').redirect('/desk/reviews?done=yes', 303)
    if (reviewed.refused === 'not-there') return visit.reply.problem(404)
    const status = reviewed.refused === 'reviewed-already' ? 409 : 422
    return showReviews(door, visit, { wrong: { id, why: reviewed.refused, note } }, status)
  })
}

async function showBreak(
  door: DeskDoor,
  { actor, staff, reply }: Visit,
  view: Pick<BreakView, 'typed' | 'wrong'>,
  status = 200,
): Promise<FastifyReply> {
  if (!mayDo(door.city, staff.duties, 'break-glass')) return reply.problem(404)
  const own = await door.db.transaction(async (tx) => ((await enterStaff(tx, actor)) ? ownGlass(tx) : []))
  return reply.page(breakPage(door, { staff, own, ...view }), status)
}

async function showReviews(
  door: DeskDoor,
  { actor, staff, reply }: Visit,
  view: Pick<ReviewsView, 'done' | 'wrong'>,
  status = 200,
): Promise<FastifyReply> {
  if (!staff.reviews) return reply.problem(404)
  const found = await door.db.transaction(async (tx) => ((await enterStaff(tx, actor)) ? glassToReview(tx) : []))
  return reply.page(reviewsPage(door, { staff, emergencies: found.map((one) => opened(door, one)), ...view }), status)
}

function opened({ sealer }: DeskDoor, { words, note, ...one }: GlassToReview): Judged {
  const unsealed = (column: string, sealed: Buffer | null) =>
    sealed === null ? undefined : sealer.unseal({ table: 'broken_glass', column, row: one.id }, sealed)
  const [said, noted] = [unsealed('sealed_words', words), unsealed('sealed_note', note)]
  return { ...one, ...(said !== undefined && { words: said }), ...(noted !== undefined && { note: noted }) }
}
