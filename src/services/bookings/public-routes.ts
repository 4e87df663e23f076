import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Temporal } from 'temporal-polyfill'
import type { Facility, FacilityId } from '../../city/index.ts'
import { today, type House } from '../correspondence/index.ts'
import { freeSlots, type Slot } from './free-slots.ts'
import { allPage } from './pages/all.ts'
import { facilityPage } from './pages/facility.ts'
import { dateOf, mondayOf, weekAsked } from './week.ts'

const keptSeconds = 30
const daysAhead = 62

type PublicHouse = Pick<House, 'db' | 'city' | 'clock'>

/** `/bookings` and `/bookings/{id}`: what is free, for anybody. */
export function bookingsRoutes(app: FastifyInstance, house: PublicHouse): void {
  app.publish('/bookings', (language) => allPage(house.city, language))
  app.get<{ Params: { id: string }; Querystring: { week?: unknown } }>('/bookings/:id', async (request, reply) => {
    const facility = house.city.bookings.get(request.params.id as FacilityId)
    if (!facility) return reply.problem(404)
    return showWeek(house, request, reply, facility, request.query.week)
  })
}

async function showWeek(
  house: PublicHouse,
  request: FastifyRequest,
  reply: FastifyReply,
  facility: Facility,
  asked: unknown,
): Promise<FastifyReply> {
  const { city } = house
  const now = today(house)
  const week = weekAsked(facility, now, asked)
  const slots = await freeSlots(house.db, facility, week, 7)
  const isFree = slots.some(({ state }) => state === 'free')
  const next = isFree ? undefined : await nextFree(house, facility, week.add({ days: 7 }))
  reply.header('cache-control', `public, max-age=${String(secondsToKeep(house, facility, slots))}`)
  return reply.page(facilityPage(request.language, { city, facility, today: now, week, slots, ...(next && { next }) }))
}

/** The week of the next free time, as far as two months ahead. */
async function nextFree({ db, city }: PublicHouse, facility: Facility, from: Temporal.PlainDate) {
  const free = (await freeSlots(db, facility, from, daysAhead)).find(({ state }) => state === 'free')
  return free && mondayOf(dateOf(city, free.start))
}

/** Anybody may keep the page for half a minute, but not past the moment at which one of its times can no longer be booked. */
function secondsToKeep({ clock }: PublicHouse, { lead }: Facility, slots: readonly Slot[]): number {
  const first = slots.find(({ state }) => state === 'free')
  if (!first) return keptSeconds
  const ends = first.start.subtract({ hours: lead })
  const left = Math.floor((ends.epochMilliseconds - clock.now().epochMilliseconds) / 1000)
  return Math.max(0, Math.min(keptSeconds, left))
}
