import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { refundRules } from '../../city/index.ts'
import { inLanguage, sql, type Posted } from '../../plumbing/index.ts'
import { enterReceipt } from '../../trust/need-to-know/index.ts'
import { holderOf, readCode, type House, type ReceiptCode } from '../correspondence/index.ts'
import { calendarFile } from './calendar-file.ts'
import { cancel } from './cancel.ts'
import { backNow, bookingsInHand, type BackNow, type BookingInHand } from './in-hand.ts'
import { cancellationPage } from './pages/cancellation.ts'
import { mayCancel } from './receipt-panel.ts'

type AtBooking = { Params: { code: string; id: string } }

/**
 * Under `/receipt/{code}/bookings/{id}`: the calendar file, and cancelling with its preview. Whoever has no such receipt, or
 * whose receipt has no such booking, gets the page of what is not there.
 */
export function bookingReceiptRoutes(app: FastifyInstance, house: House): void {
  app.get<AtBooking>('/receipt/:code/bookings/:id/calendar.ics', async (request, reply) => {
    const found = await bookingAt(house, request)
    if (!found) return reply.problem(404)
    const file = calendarFile(house.city, request.language, found.booking, {
      number: found.number,
      at: house.clock.now(),
    })
    return reply
      .header('cache-control', 'no-store')
      .header('content-disposition', 'attachment; filename="booking.ics"')
      .type('text/calendar; charset=utf-8')
      .send(file)
  })

  app.get<AtBooking>('/receipt/:code/bookings/:id/cancellation', async (request, reply) => {
    const found = await bookingAt(house, request)
    if (!found || !isToCome(found.booking)) return reply.problem(404)
    return show(house, request, reply, found)
  })

  app.post<AtBooking & { Body: Posted | undefined }>(
    '/receipt/:code/bookings/:id/cancellation',
    async (request, reply) => {
      const found = await bookingAt(house, request)
      if (!found) return reply.problem(404)
      const refund = refundRules.find((one) => one === request.body?.refund) ?? 'none'
      const cancelled = await cancel(house, found.code, { id: found.booking.id, refund })
      if ('done' in cancelled)
        return reply.redirect(inLanguage(request.language, `/receipt/${found.code}`) + '#bookings', 303)
      if (cancelled.refused === 'not-there') return reply.problem(404)
      const now = await bookingAt(house, request)
      return now ? show(house, request, reply, now, cancelled.refused) : reply.problem(404)
    },
  )
}

const isToCome = ({ standing }: BookingInHand) => standing.state === 'held' || standing.state === 'booked'

function show(
  house: House,
  request: FastifyRequest,
  reply: FastifyReply,
  { booking, code, back }: Found,
  refused?: 'changed' | 'too-late',
): FastifyReply {
  const mayStill = mayCancel(house.clock, booking)
  const view = {
    city: house.city,
    booking,
    path: `/receipt/${code}`,
    mayStill,
    ...(back && { back }),
    ...(refused && { refused }),
  }
  return reply.page(cancellationPage(request.language, view), refused ? 409 : 200)
}

type Found = Readonly<{ booking: BookingInHand; code: ReceiptCode; number: number; back?: BackNow }>

async function bookingAt(house: House, request: FastifyRequest): Promise<Found | undefined> {
  const { code: typed, id } = request.params as AtBooking['Params']
  const code = readCode(typed)
  if (typeof code !== 'string') return undefined
  return house.db.transaction(async (tx) => {
    if (!(await enterReceipt(tx, holderOf(house, code)))) return undefined
    const booking = (await bookingsInHand(tx)).find((one) => one.id === id)
    const line = await tx.row<{ number: number }>(sql`select number from correspondence.in_hand()`)
    const back = booking && (await backNow(tx, booking.id))
    return booking && line ? { booking, code, number: line.number, ...(back && { back }) } : undefined
  })
}
