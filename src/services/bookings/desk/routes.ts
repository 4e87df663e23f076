import type { FastifyReply } from 'fastify'
import type { FacilityId } from '../../../city/index.ts'
import { enterStaff, type Desk, type Visit } from '../../../trust/need-to-know/index.ts'
import { newId, notHere, today } from '../../correspondence/index.ts'
import { intakeModule, type CounterHouse } from '../../counter/index.ts'
import { freeSlots } from '../free-slots.ts'
import { cancelReasons } from '../in-hand.ts'
import {
  blockOut,
  blockReasons,
  blocksIn,
  callOff,
  confirm,
  keptBooking,
  keptBookings,
  keptFacilities,
  mark,
  unblock,
  type Kept,
} from '../keep-bookings.ts'
import { dateOf, mondayOf } from '../week.ts'
import { isId, momentOf, shownIn, spanOf, type Shown } from './asked.ts'
import { bookingPage } from './booking-page.ts'
import { say } from './messages.ts'
import { newRoutes } from './new-routes.ts'
import { overviewPage, type Overview } from './overview-page.ts'
import { hrefOf } from './parts.ts'
import { printPage } from './print-page.ts'

const doneWords = ['cancelled', 'paid', 'marked', 'blocked', 'unblocked'] as const
type DoneWord = (typeof doneWords)[number]

/** `/desk/bookings`. Who keeps no bookings is told what is told of a page that is not there. */
export function bookingsDeskRoutes(desk: Desk, house: CounterHouse): void {
  desk.get('/desk/bookings', (visit) => show(house, visit))
  desk.get('/desk/bookings/print', async (visit) => {
    const view = await overviewOf(house, visit)
    return view ? visit.reply.page(printPage(view, [intakeModule])) : notHere(house, visit)
  })
  newRoutes(desk, house)
  desk.post('/desk/bookings/blocks', (visit) => blocking(house, visit))
  desk.post('/desk/bookings/blocks/:id/endings', async (visit) => {
    const { id } = visit.request.params as { id?: string }
    const kept = isId(id) ? await unblock(house, visit.actor, id) : ({ refused: 'not-there' } as const)
    return 'done' in kept ? onward(visit, '/desk/bookings?done=unblocked') : notHere(house, visit)
  })
  desk.get('/desk/bookings/:id', (visit) => showOne(house, visit))
  onBooking(desk, house, 'cancellations', 'cancelled', (visit, seen) => {
    const because = cancelReasons.find((one) => one === visit.posted['because'])
    return because ? callOff(house, visit.actor, { ...seen, because }) : { refused: 'no-reason' }
  })
  onBooking(desk, house, 'confirmations', 'paid', (visit, seen) => confirm(house, visit.actor, seen))
  onBooking(desk, house, 'no-shows', 'marked', (visit, seen) => mark(house, visit.actor, { ...seen, what: 'no-show' }))
  onBooking(desk, house, 'comings', 'marked', (visit, seen) => mark(house, visit.actor, { ...seen, what: 'came' }))
}

type Seen = Readonly<{ id: string; version: number }>

function onBooking(
  desk: Desk,
  house: CounterHouse,
  act: string,
  done: DoneWord,
  work: (visit: Visit, seen: Seen) => Promise<Kept> | Kept,
): void {
  desk.post(`/desk/bookings/:id/${act}`, async (visit) => {
    const { id } = visit.request.params as { id?: string }
    const { version = '' } = visit.posted
    if (!isId(id) || !/^\d{1,9}$/.test(version)) return notHere(house, visit)
    const kept = await work(visit, { id, version: Number(version) })
    if ('done' in kept) return onward(visit, `/desk/bookings/${id}?done=${done}`)
    if (kept.refused === 'not-there') return notHere(house, visit)
    return showOne(house, visit, say('en', `refused_${kept.refused}`))
  })
}

const onward = (visit: Visit, to: string): FastifyReply =>
  visit.reply.header('cache-control', 'no-store').redirect(to, 303)

function saidIn({ request }: Visit): string | undefined {
  const { done } = request.query as { done?: unknown }
  const word = doneWords.find((one) => one === done)
  return word && say('en', `done_${word}`)
}

async function showOne(house: CounterHouse, visit: Visit, refused?: string): Promise<FastifyReply> {
  const { id } = visit.request.params as { id?: string }
  const booking = isId(id)
    ? await house.db.transaction(async (tx) => ((await enterStaff(tx, visit.actor)) ? keptBooking(tx, id) : undefined))
    : undefined
  const facility = booking && house.city.bookings.get(booking.facility)
  if (!booking || !facility) return notHere(house, visit)
  const told = saidIn(visit)
  const view = { city: house.city, staff: visit.staff, facility, booking, now: house.clock.now() }
  const words = refused === undefined ? { ...(told !== undefined && { said: told }) } : { refused }
  return visit.reply.page(bookingPage({ ...view, ...words }), refused === undefined ? 200 : 409)
}

/** What is shown, read in one transaction as her; undefined where she keeps nothing, or not this. */
async function overviewOf(house: CounterHouse, visit: Visit, asked?: Partial<Shown>): Promise<Overview | undefined> {
  const { city, db } = house
  const now = today(house)
  const read = await db.transaction(async (tx) => {
    if (!(await enterStaff(tx, visit.actor))) return undefined
    const kept = await keptFacilities(tx, city)
    const plain = shownIn(visit, kept, now)
    const shown = plain && { ...plain, ...asked }
    if (!shown) return undefined
    const [day, days] = shown.view === 'day' ? ([shown.day, 1] as const) : ([mondayOf(shown.day), 7] as const)
    const span = spanOf(city, day, days)
    const { id } = shown.facility
    const found = { bookings: await keptBookings(tx, id, span), blocks: await blocksIn(tx, id, span) }
    return { kept, shown, ...found, day, days }
  })
  if (!read) return undefined
  const { day, days, ...rest } = read
  const slots = await freeSlots(db, read.shown.facility, day, days)
  return { city, staff: visit.staff, today: now, slots, blockId: newId(), ...rest }
}

async function show(
  house: CounterHouse,
  visit: Visit,
  asked?: Partial<Shown>,
  refused?: string,
): Promise<FastifyReply> {
  const view = await overviewOf(house, visit, asked)
  if (!view) return notHere(house, visit)
  const told = saidIn(visit)
  const words = refused === undefined ? { ...(told !== undefined && { said: told }) } : { refused }
  return visit.reply.page(overviewPage({ ...view, ...words }), refused === undefined ? 200 : 422)
}

async function blocking(house: CounterHouse, visit: Visit): Promise<FastifyReply> {
  const { city } = house
  const { posted } = visit
  const facility = city.bookings.get((posted['facility'] ?? '') as FacilityId)
  if (!facility) return notHere(house, visit)
  const from = momentOf(city, posted['from-day'], posted['from'])
  const until = momentOf(city, posted['until-day'], posted['until'])
  const because = blockReasons.find((one) => one === posted['because'])
  const id = isId(posted['id']) ? posted['id'] : newId()
  const shown = { facility, view: 'day', ...(from && { day: dateOf(city, from) }) } as const
  const refuse = (why: 'not-then' | 'no-reason') => show(house, visit, shown, say('en', `refused_${why}`))
  if (!from || !until) return refuse('not-then')
  if (!because) return refuse('no-reason')
  const kept = await blockOut(house, visit.actor, { id, facility: facility.id, from, until, because })
  if ('done' in kept) return onward(visit, `${hrefOf({ facility, day: dateOf(city, from), view: 'day' })}&done=blocked`)
  if (kept.refused === 'not-then' || kept.refused === 'no-reason') return refuse(kept.refused)
  return notHere(house, visit)
}
