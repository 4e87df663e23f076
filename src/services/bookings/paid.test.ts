import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../../test/support/house.ts'
import { sql } from '../../plumbing/index.ts'
import { enterReceipt } from '../../trust/need-to-know/index.ts'
import { holderOf, issueToken, receiveWith, type House, type ReceiptCode } from '../correspondence/index.ts'
import { demand, moneyOf } from '../payments/index.ts'
import { book } from './book.ts'
import { cancel } from './cancel.ts'
import { backNow } from './in-hand.ts'
import { callOff } from './keep-bookings.ts'
import { turnBookings } from './turn.ts'
import { facilityOf, houseAt, lending } from './testing/scene.ts'

let house: TestHouse
let then: House
let cashier: Clerk
const hall = facilityOf('hall', { payWithin: 24, price: { slot: 9000, groups: new Map() } })

beforeAll(async () => {
  house = await openTestHouse()
  house = await lending(house, house.database.owner, [hall], '2026-12-08')
  cashier = await house.hire('cass', 'cash-office-lead')
  then = houseAt(house, house.database.owner, '2026-12-08T22:00:00Z')
})
afterAll(() => house.close())

const rows = (query: ReturnType<typeof sql>) => house.database.owner.once<Record<string, unknown>>(query)

/** A held booking and what is owed for it, as a form brings them. */
async function owed(hour: number, cents = 9000) {
  const start = Temporal.PlainDateTime.from(`2026-12-20T${String(hour).padStart(2, '0')}:00`)
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
    const line = { label: { en: 'Hall', es: 'Salón' }, amount: moneyOf(cents), rule: 'hall' }
    const demanded = await demand(tx, { caseId, lines: [line] })
    if ('refused' in booked || 'refused' in demanded) throw new Error('refused')
    return { code, caseId, id: booked.booked }
  })
}
/** What the cash office or the payment company leaves: the whole sum is here. */
async function pay(caseId: string, way: 'cash' | 'hosted' = 'cash') {
  const [till, employee, duty] = way === 'cash' ? ['city-hall-1', cashier.employee, 'cashier'] : [null, null, null]
  await then.db.once(sql`insert into payments.payment (charge, id, way, amount, taken_at, till, employee, duty)
    select id, gen_random_uuid(), ${way}, total, city.now(), ${till}, ${employee}, ${duty} from payments.charge where case_id = ${caseId}`)
  await rows(
    sql`update payments.charge set paid = total, state = 'paid', state_since = city.now() where case_id = ${caseId}`,
  )
}
const refundsOf = (caseId: string) =>
  rows(sql`select r.amount, r.reason, r.state, c.state as charge, c.refunded from payments.refund r join payments.charge c on c.id = r.charge
    where c.case_id = ${caseId}`)
const actsOf = async (caseId: string) =>
  (await rows(sql`select act from ledger.entry where case_id = ${caseId} order by at, subject_count`)).map(
    ({ act }) => act,
  )
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
  expect(await refundsOf(paid.caseId)).toEqual([
    { amount: 9000, reason: 'by-rule', state: 'asked', charge: 'paid', refunded: 0 },
  ])
})

/** What she is shown before she cancels. */
const shownBack = (code: ReceiptCode, id: string, at = then) =>
  at.db.transaction(async (tx) => {
    await enterReceipt(tx, holderOf(at, code))
    return backNow(tx, id)
  })

it('what was paid online goes back by the rule in the very act of cancelling: all in time, half later, as she was shown', async () => {
  const early = await owed(15)
  await pay(early.caseId, 'hosted')
  expect(await shownBack(early.code, early.id)).toEqual({ cents: 9000, way: 'hosted' })
  // She paid a moment ago: the worker has not told the booking yet, and it counts as paid.
  expect(await cancel(then, early.code, { id: early.id, refund: 'none' })).toEqual({ refused: 'changed' })
  expect(await refundsOf(early.caseId)).toEqual([])
  expect(await cancel(then, early.code, { id: early.id, refund: 'full' })).toEqual({ done: true })
  expect(await cancel(then, early.code, { id: early.id, refund: 'full' })).toEqual({ done: true })
  expect(await refundsOf(early.caseId)).toEqual([
    { amount: 9000, reason: 'by-rule', state: 'waiting', charge: 'refunded', refunded: 9000 },
  ])
  expect(await standing(early)).toMatchObject({ its_case: 'closed' })
  expect(await actsOf(early.caseId)).toEqual(
    expect.arrayContaining(['booking.cancelled', 'refund.begun', 'case.closed']),
  )

  const late = await owed(16)
  await pay(late.caseId, 'hosted')
  const shortly = houseAt(house, house.database.owner, '2026-12-20T18:00:00Z')
  expect(await shownBack(late.code, late.id, shortly)).toEqual({ cents: 4500, way: 'hosted' })
  expect(await cancel(shortly, late.code, { id: late.id, refund: 'half' })).toEqual({ done: true })
  expect(await refundsOf(late.caseId)).toEqual([
    { amount: 4500, reason: 'by-rule', state: 'waiting', charge: 'partly-refunded', refunded: 4500 },
  ])
})

it('what is not paid is shown as nothing to go back, and another receipt is shown nothing', async () => {
  const [unpaid, paid] = [await owed(12), await owed(11)]
  await pay(paid.caseId, 'hosted')
  expect(await shownBack(unpaid.code, unpaid.id)).toBeUndefined()
  expect(await shownBack(unpaid.code, paid.id)).toBeUndefined()
  expect(await cancel(then, unpaid.code, { id: paid.id, refund: 'full' })).toEqual({ refused: 'not-there' })
  expect(await refundsOf(paid.caseId)).toEqual([])
})

it('what a clerk calls off goes back whole; above the city’s limit somebody else agrees first', async () => {
  const clerk = await house.hire('rosa', 'recreation-coordinator')
  const [small, large] = [await owed(9), await owed(13, 25_000)]
  for (const { caseId, id } of [small, large]) {
    await pay(caseId, 'hosted')
    expect(await callOff(then, clerk.actor, { id, version: 1, because: 'repair' })).toEqual({ done: true })
  }
  expect(await refundsOf(small.caseId)).toMatchObject([{ amount: 9000, state: 'waiting' }])
  expect(await refundsOf(large.caseId)).toMatchObject([{ amount: 25_000, state: 'asked' }])
  const by = await rows(sql`select r.asked_by from payments.refund r join payments.charge c on c.id = r.charge
    where c.case_id in (${small.caseId}, ${large.caseId}) order by r.amount`)
  expect(by).toEqual([{ asked_by: null }, { asked_by: clerk.employee }])
})
