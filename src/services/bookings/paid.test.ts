import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../../test/support/house.ts'
import { sql } from '../../plumbing/index.ts'
import { issueToken, receiveWith, type House } from '../correspondence/index.ts'
import { demand, moneyOf } from '../payments/index.ts'
import { book } from './book.ts'
import { cancel } from './cancel.ts'
import { turnBookings } from './turn.ts'
import { facilityOf, houseAt, lending } from './testing/scene.ts'

let house: TestHouse
let then: House
const hall = facilityOf('hall', { payWithin: 24, price: { slot: 9000, groups: new Map() } })

beforeAll(async () => {
  house = await openTestHouse()
  house = await lending(house, house.database.owner, [hall], '2026-12-08')
  then = houseAt(house, house.database.owner, '2026-12-08T22:00:00Z')
})
afterAll(() => house.close())

const rows = (query: ReturnType<typeof sql>) => house.database.owner.once<Record<string, unknown>>(query)

/** A held booking and what is owed for it, as a form brings them. */
async function owed(hour: number) {
  const start = Temporal.PlainDateTime.from(`2026-12-20T${String(hour)}:00`)
    .toZonedDateTime(house.city.timeZone)
    .toInstant()
  return then.db.transaction(async (tx) => {
    const letter = {
      channel: 'form',
      form: hall.form,
      formVersion: 1,
      topic: hall.topic,
      language: 'en',
      answers: [],
      contact: {},
    } as const
    const { code, caseId } = await receiveWith(then, tx, letter, issueToken(house.keys))
    const booked = await book(tx, { facility: hall.id, start, slots: 1, places: 1, caseId })
    const line = { label: { en: 'Hall', es: 'Salón' }, amount: moneyOf(9000), rule: 'hall' }
    const demanded = await demand(tx, { caseId, lines: [line] })
    if ('refused' in booked || 'refused' in demanded) throw new Error('refused')
    return { code, caseId, id: booked.booked }
  })
}
/** What the cash office leaves: the whole sum is here. */
const pay = (caseId: string) =>
  rows(sql`update payments.charge set paid = total, state = 'paid', state_since = city.now() where case_id = ${caseId}`)
const standing = async ({ id, caseId }: { id: string; caseId: string }) =>
  (
    await rows(sql`select b.state, c.state as charge, f.state as its_case from bookings.booking b
      join payments.charge c on c.case_id = b.case_id join correspondence.casefile f on f.id = b.case_id
      where b.id = ${id} and f.id = ${caseId}`)
  )[0]

it('what is paid in time stands; what is not is let go, and nothing is owed for it any more', async () => {
  const [paid, unpaid] = [await owed(10), await owed(12)]
  await pay(paid.caseId)
  expect(await turnBookings(then.db)).toBe(1)
  expect(await standing(paid)).toEqual({ state: 'booked', charge: 'paid', its_case: 'answered' })
  expect(await standing(unpaid)).toEqual({ state: 'held', charge: 'due', its_case: 'answered' })
  const later = houseAt(house, house.database.owner, '2026-12-09T22:00:01Z')
  expect(await turnBookings(later.db)).toBe(1)
  expect(await standing(unpaid)).toEqual({ state: 'cancelled-by-city', charge: 'cancelled', its_case: 'closed' })
})

it('who cancels before paying owes nothing; after paying her case waits for whoever pays it back', async () => {
  const [unpaid, paid] = [await owed(13), await owed(14)]
  expect(await cancel(then, unpaid.code, { id: unpaid.id, refund: 'none' })).toEqual({ done: true })
  expect(await standing(unpaid)).toEqual({ state: 'cancelled-by-person', charge: 'cancelled', its_case: 'closed' })
  await pay(paid.caseId)
  await turnBookings(then.db)
  expect(await cancel(then, paid.code, { id: paid.id, refund: 'full' })).toEqual({ done: true })
  expect(await standing(paid)).toEqual({ state: 'cancelled-by-person', charge: 'paid', its_case: 'open' })
})
