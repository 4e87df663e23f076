import type { FastifyReply } from 'fastify'
import type { Facility } from '../../../city/index.ts'
import { enterStaff, type Desk, type Visit } from '../../../trust/need-to-know/index.ts'
import { issueToken, notHere, tokenOf } from '../../correspondence/index.ts'
import { intakeModule, slipPage, type CounterHouse } from '../../counter/index.ts'
import { keptFacilities } from '../keep-bookings.ts'
import { say as sayToPerson } from '../messages.ts'
import { endOf, type SlotWish } from '../slot.ts'
import { dateOf } from '../week.ts'
import { whenWords } from '../when.ts'
import { slotIn } from './asked.ts'
import { say } from './messages.ts'
import { newPage, type NewView } from './new-page.ts'
import { hrefOf } from './parts.ts'
import { dutiesToRecord, readNew, typedOf, type Typed } from './read-new.ts'
import { recordBooking, type ToRecord } from './record-booking.ts'

type Choice = Readonly<{ facility: Facility; wish: SlotWish }>

/** `/desk/bookings/new?slot=…`: booking for who calls or stands at the counter. */
export function newRoutes(desk: Desk, house: CounterHouse): void {
  desk.get('/desk/bookings/new', async (visit) => {
    const choice = await choiceOf(house, visit)
    if (!choice) return notHere(house, visit)
    const [duty] = dutiesToRecord(house.city, visit.staff)
    return show(house, visit, choice, { ...typedOf({}), channel: 'telephone', language: 'en', duty: duty?.id ?? '' })
  })
  desk.post('/desk/bookings', async (visit) => {
    const choice = await choiceOf(house, visit)
    if (!choice) return notHere(house, visit)
    const typed = typedOf(visit.posted)
    const input = readNew(house.city, visit.staff, choice.wish, typed)
    if ('wrong' in input) return show(house, visit, choice, typed, { wrong: input.wrong }, 422)
    return recording(house, visit, choice, input, typed)
  })
}

/** The slot that is asked for, of something whose bookings she keeps and may record. */
async function choiceOf(house: CounterHouse, visit: Visit): Promise<Choice | undefined> {
  if (dutiesToRecord(house.city, visit.staff).length === 0) return undefined
  const kept = await house.db.transaction(async (tx) =>
    (await enterStaff(tx, visit.actor)) ? keptFacilities(tx, house.city) : [],
  )
  const wish = slotIn(house.city, visit, kept)
  const facility = wish && house.city.bookings.get(wish.facility)
  return wish && facility && { facility, wish }
}

function show(
  house: CounterHouse,
  visit: Visit,
  choice: Choice,
  typed: Typed,
  more: Partial<Pick<NewView, 'wrong' | 'refused'>> & { token?: string } = {},
  status = 200,
): FastifyReply {
  const token = more.token ?? tokenOf(house.keys, visit.posted)
  const view = { city: house.city, staff: visit.staff, ...choice, typed, wrong: [], ...more, token }
  return visit.reply.page(newPage(view), status)
}

async function recording(
  house: CounterHouse,
  visit: Visit,
  choice: Choice,
  input: ToRecord,
  typed: Typed,
): Promise<FastifyReply> {
  const token = tokenOf(house.keys, visit.posted)
  const recorded = await recordBooking(house, visit.actor, input, token)
  if ('refused' in recorded) {
    const more = { refused: say('en', `wrong_${recorded.refused}`) }
    // A token that brought something else is used up.
    const fresh = recorded.refused === 'different' || recorded.refused === 'past'
    return show(house, visit, choice, typed, { ...more, ...(fresh && { token: issueToken(house.keys) }) }, 409)
  }
  const { city, publicUrl } = house
  const { facility, wish } = choice
  const { language, contact, channel } = input
  const about = {
    facts: [
      [sayToPerson(language, 'what'), facility.name[language]],
      [
        sayToPerson(language, 'when'),
        whenWords(language, city.timeZone, { start: wish.start, end: endOf(facility, wish) }),
      ],
      [sayToPerson(language, 'where'), facility.address],
    ],
    next: sayToPerson(language, facility.payWithin === undefined ? 'slipBooked' : 'slipHeld', {
      hours: facility.payWithin ?? 0,
    }),
    onward: { href: hrefOf({ facility, day: dateOf(city, wish.start), view: 'day' }), says: say('en', 'onward') },
  } as const
  const view = { city, staff: visit.staff, publicUrl, slip: recorded.slip, channel, contact, about }
  return visit.reply.page(slipPage({ ...view, modules: [intakeModule] }))
}
