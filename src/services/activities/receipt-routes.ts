import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { refundRules } from '../../city/index.ts'
import { inLanguage, type Posted } from '../../plumbing/index.ts'
import { enterReceipt } from '../../trust/need-to-know/index.ts'
import { holderOf, readCode, type House, type ReceiptCode } from '../correspondence/index.ts'
import { acceptOffer, cancelEnrolment, type Cancelling } from './cancel.ts'
import { enrolmentsInHand, isLive, type EnrolmentInHand } from './in-hand.ts'
import { cancellationPage, type CancellationRefusal } from './pages/cancellation.ts'
import { notTakenPage } from './pages/not-taken.ts'

type AtEnrolment = { Params: { code: string; id: string } }

/**
 * Under `/receipt/{code}/enrolments/{id}`: taking a place that is offered, and giving one up with its preview. Whoever has no
 * such receipt, or whose receipt has no such enrolment, gets the page of what is not there.
 */
export function enrolmentReceiptRoutes(app: FastifyInstance, house: House): void {
  const base = '/receipt/:code/enrolments/:id'
  const back = (request: FastifyRequest, reply: FastifyReply, code: ReceiptCode) =>
    reply.redirect(inLanguage(request.language, `/receipt/${code}`) + '#enrolment', 303)

  app.get<AtEnrolment>(`${base}/cancellation`, async (request, reply) => {
    const found = await enrolmentAt(house, request.params)
    return found && isLive(found.enrolment) ? show(house, request, reply, found) : reply.problem(404)
  })
  app.post<AtEnrolment & { Body: Posted | undefined }>(`${base}/cancellation`, async (request, reply) => {
    const found = await enrolmentAt(house, request.params)
    if (!found) return reply.problem(404)
    const shown = shownIn(request.body)
    const cancelled = shown && (await cancelEnrolment(house, found.code, { id: found.enrolment.id, ...shown }))
    if (cancelled && 'done' in cancelled) return back(request, reply, found.code)
    if (!cancelled || cancelled.refused === 'not-there') return reply.problem(404)
    // What ran out meanwhile, or the city cancelled, her page tells.
    if (cancelled.refused === 'ended') return back(request, reply, found.code)
    const now = await enrolmentAt(house, request.params)
    return now ? show(house, request, reply, now, cancelled.refused) : reply.problem(404)
  })
  app.post<AtEnrolment>(`${base}/acceptance`, async (request, reply) => {
    const found = await enrolmentAt(house, request.params)
    if (!found) return reply.problem(404)
    const accepted = await acceptOffer(house, found.code, found.enrolment.id)
    if ('as' in accepted) return back(request, reply, found.code)
    const now = await enrolmentAt(house, request.params)
    if (accepted.refused === 'not-there' || !now) return reply.problem(404)
    const view = { city: house.city, enrolment: now.enrolment, path: `/receipt/${now.code}`, refused: accepted.refused }
    return reply.page(notTakenPage(request.language, view), 409)
  })
}

/** What she was shown before she pressed; undefined where a program made something up. */
export function shownIn(posted: Posted | undefined): Omit<Cancelling, 'id'> | undefined {
  const refund = refundRules.find((one) => one === posted?.['refund'])
  const version = posted?.['version']
  return refund && typeof version === 'string' && /^\d{1,9}$/.test(version)
    ? { refund, version: Number(version) }
    : undefined
}

type Found = Readonly<{ enrolment: EnrolmentInHand; code: ReceiptCode }>

function show(
  { city }: House,
  request: FastifyRequest,
  reply: FastifyReply,
  { enrolment, code }: Found,
  refused?: CancellationRefusal,
): FastifyReply {
  const path = `/receipt/${code}`
  const at = `${path}/enrolments/${enrolment.id}/cancellation`
  const view = { city, enrolment, at, back: path, ...(refused && { refused }) }
  return reply.page(cancellationPage(request.language, view), refused ? 409 : 200)
}

async function enrolmentAt(house: House, { code: typed, id }: AtEnrolment['Params']): Promise<Found | undefined> {
  const code = readCode(typed)
  if (typeof code !== 'string') return undefined
  return house.db.transaction(async (tx) => {
    if (!(await enterReceipt(tx, holderOf(house, code)))) return undefined
    const enrolment = (await enrolmentsInHand(tx)).find((one) => one.id === id)
    return enrolment && { enrolment, code }
  })
}
