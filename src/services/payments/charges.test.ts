import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CaseId, RefundReasonId, WaiverReasonId } from '../../city/index.ts'
import { DatabaseFault, sql } from '../../plumbing/index.ts'
import { caseOnDesk, issueToken, receiveWith, today } from '../correspondence/index.ts'
import { demand, type FeeLine } from './demand.ts'
import { moneyOf, type Money } from './money.ts'
import { cancelCharge, findCharge, judgeRefund, refund, takePayment, waive } from './on-charge.ts'
import { drawReference, type PaymentReference } from './reference.ts'
import { exportTakings, takings, totalsOf } from './takings.ts'
import { fee, letter, openPaymentHouse, window1, type PaymentTest } from './testing/payment-house.ts'

let house: PaymentTest
beforeAll(async () => {
  house = await openPaymentHouse()
})
afterAll(() => house.close())

const low = 'low-income' as WaiverReasonId
const withdrawn = 'withdrawn' as RefundReasonId

async function of(reference: PaymentReference) {
  const { id, version } = await house.found(reference)
  return { charge: id, version }
}
async function pay(reference: PaymentReference, id: string = randomUUID()) {
  return takePayment(house, house.cashier.actor, await of(reference), { id, way: 'cash', till: window1 })
}
async function payBack(reference: PaymentReference, cents: number, id: string = randomUUID(), by = house.lead) {
  const back = { id, amount: moneyOf(cents), reason: withdrawn, till: window1 }
  return refund(house, by.actor, await of(reference), back)
}

describe('what a letter costs', () => {
  it('comes with the letter, line by line, and stands in the ledger of its person', async () => {
    const { caseId, reference } = await house.charged(
      fee(12_000),
      fee(850, { label: { en: 'Late pickup', es: 'Recogida tarde' } }),
    )
    expect(await house.found(reference)).toMatchObject({
      state: 'due',
      owed: 12_850,
      lines: [{ label: { es: 'Campamento de verano, una semana' }, amount: 12_000 }, { amount: 850 }],
    })
    expect((await house.acts(caseId))[0]).toEqual({ act: 'charge.made', detail: 'amount=12850', duty: null })
  })

  it('is waived by a rule of the form as far as the rule says, and owed no further where that is all', async () => {
    const some = await house.charged(fee(10_000, { waived: { amount: moneyOf(4_000), reason: low } }))
    expect(await house.found(some.reference)).toMatchObject({ state: 'due', owed: 6_000, waivers: [{ by: 'rule' }] })
    const all = await house.charged(fee(10_000, { waived: { amount: moneyOf(10_000), reason: low } }))
    expect(await house.found(all.reference)).toMatchObject({ state: 'waived', waived: 10_000 })
    expect(await pay(all.reference)).toEqual({ refused: 'not-due' })
  })

  const refused = (lines: readonly FeeLine[]) =>
    house.db.transaction(async (tx) => {
      const token = issueToken(house.keys)
      const { caseId } = await receiveWith(house, tx, letter, token)
      return demand(tx, { caseId, lines })
    })

  it.each([
    ['nothing at all', [], 'not-an-amount'],
    ['less than nothing', [fee(100, { amount: -100 as Money })], 'not-an-amount'],
    ['a line of no cents', [fee(0)], 'not-an-amount'],
    ['more waived than asked', [fee(100, { waived: { amount: moneyOf(101), reason: 'veteran' } })], 'not-an-amount'],
    ['a line above a million dollars', [fee(1, { amount: 9_007_199_254_740_991 as Money })], 'too-much'],
    ['lines that are above it together', Array.from({ length: 3 }, () => fee(50_000_000)), 'too-much'],
    [
      'a reason that the file does not have',
      [fee(100, { waived: { amount: moneyOf(50), reason: 'friend-of-mine' } })],
      'no-such-reason',
    ],
    [
      'the reason that only the program gives',
      [fee(100, { waived: { amount: moneyOf(50), reason: 'not-owed' } })],
      'no-such-reason',
    ],
  ] as const)('is refused where it is %s', async (_, lines, reason) => {
    expect(await refused(lines)).toEqual({ refused: reason })
  })

  it('is demanded in the transaction that receives the letter and in no other, and once', async () => {
    const { caseId } = await house.charged()
    const later = (id: CaseId) => house.db.transaction((tx) => demand(tx, { caseId: id, lines: [fee(100)] }))
    expect(await later(caseId)).toEqual({ refused: 'not-there' })
    expect(await later(randomUUID() as CaseId)).toEqual({ refused: 'not-there' })
    const twice = house.db.transaction(async (tx) => {
      const token = issueToken(house.keys)
      const received = await receiveWith(house, tx, letter, token)
      await demand(tx, { caseId: received.caseId, lines: [fee(100)] })
      return demand(tx, { caseId: received.caseId, lines: [fee(100)] })
    })
    expect(await twice).toEqual({ refused: 'again' })
  })

  it('has amounts that fit its state, or the database refuses the row', async () => {
    const { reference } = await house.charged()
    for (const change of [
      sql`paid = 1`,
      sql`state = 'paid'`,
      sql`state = 'refunded'`,
      sql`state = 'cancelled', paid = total`,
      sql`waived = total`,
      sql`refunded = 1`,
      sql`state = 'gone'`,
    ])
      await expect(
        house.database.owner.once(sql`update payments.charge set ${change} where reference = ${reference}`),
      ).rejects.toThrow(DatabaseFault)
  })
})

describe('a payment at the counter', () => {
  it('settles the whole of it once, however often it is sent, and is in the ledger with way and amount', async () => {
    const { caseId, reference } = await house.charged()
    const id = randomUUID()
    const seen = await of(reference)
    const take = () => takePayment(house, house.cashier.actor, seen, { id, way: 'check', till: window1, slip: '10442' })
    expect(await Promise.all([take(), take(), take()])).toEqual(Array.from({ length: 3 }, () => ({ done: 'done' })))
    expect(await house.found(reference)).toMatchObject({
      state: 'paid',
      paid: 12_000,
      payment: { way: 'check', slip: '10442', till: window1 },
    })
    expect(await house.acts(caseId)).toContainEqual({
      act: 'payment.taken',
      detail: 'way=check amount=12000',
      duty: 'cashier',
    })
    expect(await pay(reference)).toEqual({ refused: 'not-due' })
  })

  it('is refused to who does not collect, who saw it otherwise, and at no till of the city', async () => {
    const { reference } = await house.charged()
    const seen = await of(reference)
    const paid = { id: randomUUID(), way: 'cash', till: window1 } as const
    for (const nobody of [house.librarian, house.coordinator])
      expect(await takePayment(house, nobody.actor, seen, paid)).toEqual({ refused: 'not-there' })
    const cass = house.cashier.actor
    expect(await takePayment(house, cass, { ...seen, version: 7 }, paid)).toEqual({ refused: 'changed' })
    expect(await takePayment(house, cass, seen, { ...paid, till: 'mine' as never })).toEqual({
      refused: 'no-such-till',
    })
    expect(await house.found(reference)).toMatchObject({ state: 'due' })
  })

  it('cannot carry a card number: no column is long enough for one', async () => {
    const { reference } = await house.charged()
    const seen = await of(reference)
    for (const slip of ['4111111111111111', '=1+1', '-7', '4111 1111']) {
      const paid = { id: randomUUID(), way: 'card-terminal', till: window1, slip } as const
      await expect(takePayment(house, house.cashier.actor, seen, paid)).rejects.toThrow(DatabaseFault)
    }
    expect(await house.found(reference)).toMatchObject({ state: 'due' })
  })
})

describe('need to know', () => {
  it('shows the cash office lines and amounts, no case and no person, and writes down once that it looked', async () => {
    const { caseId, reference } = await house.charged()
    const charge = await findCharge(house, house.cashier.actor, reference)
    await findCharge(house, house.cashier.actor, reference)
    expect(JSON.stringify(charge)).not.toMatch(new RegExp(`${caseId}|Quentin|activities`))
    expect(await caseOnDesk(house, house.cashier.actor, caseId)).toEqual({ refused: 'not-there' })
    expect((await house.acts(caseId)).filter(({ act }) => act === 'charge.seen')).toEqual([
      { act: 'charge.seen', detail: null, duty: 'cashier' },
    ])
  })

  it('shows other employees nothing, whether or not there is such a charge', async () => {
    const { reference } = await house.charged()
    for (const one of [reference, drawReference()])
      expect(await findCharge(house, house.librarian.actor, one)).toBeUndefined()
    const day = today(house)
    expect(await takings(house, house.librarian.actor, { day, till: window1 })).toEqual([])
    expect(await exportTakings(house, house.librarian.actor, { day, till: window1 })).toBe(
      'time,reference,what,way,dollars,slip\r\n',
    )
  })

  it('lets the app’s own password do nothing to a charge without a session', async () => {
    const { reference } = await house.charged()
    const { charge, version } = await of(reference)
    const [row] = await house.db.once(sql`select
      payments.take_payment(${randomUUID()}, ${charge}, ${version}, 'cash', ${window1}, null) as paid,
      payments.waive(${charge}, ${version}, 100, 'veteran') as waived, payments.cancel(${charge}, ${version}) as cancelled,
      payments.find(${reference}) as found, (select count(*)::int from payments.in_hand()) as held`)
    const no = 'not-there'
    expect(row).toEqual({ paid: no, waived: no, cancelled: no, found: null, held: 0 })
    await expect(house.db.once(sql`select * from payments.charge`)).rejects.toThrow(DatabaseFault)
  })
})

describe('waiving and taking back', () => {
  it('is done by who has the power, for a reason of the list, and shown to the person', async () => {
    const { caseId, reference } = await house.charged()
    const half = { amount: moneyOf(6_000), reason: low }
    expect(await waive(house, house.cashier.actor, await of(reference), half)).toEqual({ refused: 'not-there' })
    expect(await waive(house, house.lead.actor, await of(reference), half)).toEqual({ done: 'done' })
    const rest = { amount: moneyOf(6_001), reason: low }
    expect(await waive(house, house.lead.actor, await of(reference), rest)).toEqual({ refused: 'too-much' })
    const invented = { amount: moneyOf(1), reason: 'a-nice-person' as WaiverReasonId }
    expect(await waive(house, house.lead.actor, await of(reference), invented)).toEqual({ refused: 'no-such-reason' })
    expect(await house.found(reference)).toMatchObject({ state: 'due', owed: 6_000, waivers: [{ by: 'clerk' }] })
    expect(await house.acts(caseId)).toContainEqual({
      act: 'charge.waived',
      detail: 'because=low-income amount=6000',
      duty: 'cash-office-lead',
    })
  })

  it('is done from the case by a duty that covers its topic, and by no other of that power', async () => {
    const { caseId, reference } = await house.charged()
    const all = { amount: moneyOf(12_000), reason: low }
    const seen = await of(reference)
    expect(await waive(house, house.coordinator.actor, seen, all)).toEqual({ refused: 'not-there' })
    expect(await waive(house, house.coordinator.actor, { ...seen, caseId }, all)).toEqual({ done: 'done' })
    expect(await house.found(reference)).toMatchObject({ state: 'waived' })
  })

  it('takes a charge back only while it is due', async () => {
    const { reference } = await house.charged()
    expect(await cancelCharge(house, house.lead.actor, await of(reference))).toEqual({ done: 'done' })
    expect(await house.found(reference)).toMatchObject({ state: 'cancelled' })
    expect(await pay(reference)).toEqual({ refused: 'not-due' })
    const paid = await house.charged()
    await pay(paid.reference)
    expect(await cancelCharge(house, house.lead.actor, await of(paid.reference))).toEqual({ refused: 'not-due' })
  })
})

describe('a refund', () => {
  it('goes out at once up to the limit, in part and then the rest, and never more than was paid', async () => {
    const { reference } = await house.charged()
    await pay(reference)
    expect(await payBack(reference, 10_000)).toEqual({ done: 'done' })
    expect(await house.found(reference)).toMatchObject({ state: 'partly-refunded', refunded: 10_000 })
    expect(await payBack(reference, 2_001)).toEqual({ refused: 'too-much' })
    expect(await payBack(reference, 2_000)).toEqual({ done: 'done' })
    expect(await house.found(reference)).toMatchObject({ state: 'refunded', refunded: 12_000 })
    expect(await payBack(reference, 1)).toEqual({ refused: 'not-paid' })
  })

  it('above the limit waits for somebody else, who agrees or declines', async () => {
    const { caseId, reference } = await house.charged()
    await pay(reference)
    const id = randomUUID()
    expect(await payBack(reference, 10_001, id)).toEqual({ done: 'asked' })
    expect(await payBack(reference, 2_000)).toEqual({ refused: 'too-much' })
    expect(await house.found(reference)).toMatchObject({ state: 'paid' })
    const agree = async (by = house.other, agrees = true) =>
      judgeRefund(house, by.actor, await of(reference), { id, agrees, till: window1 })
    expect(await agree(house.lead)).toEqual({ refused: 'own' })
    expect(await agree(house.cashier)).toEqual({ refused: 'not-there' })
    expect(await agree()).toEqual({ done: 'done' })
    expect(await house.found(reference)).toMatchObject({ state: 'partly-refunded', refunded: 10_001 })
    expect(await agree()).toEqual({ refused: 'changed' })
    const acts = (await house.acts(caseId)).map(({ act }) => act)
    expect(acts.slice(-3)).toEqual(['refund.asked', 'refund.agreed', 'refund.paid'])
    const another = await house.charged()
    await pay(another.reference)
    const declined = randomUUID()
    await payBack(another.reference, 12_000, declined)
    const judged = { id: declined, agrees: false }
    expect(await judgeRefund(house, house.other.actor, await of(another.reference), judged)).toEqual({ done: 'done' })
    expect(await payBack(another.reference, 500)).toEqual({ done: 'done' })
  })

  it('asked for by many at the same moment pays back what was paid and no cent more', async () => {
    const { reference } = await house.charged(fee(5_000))
    await pay(reference)
    const seen = await of(reference)
    const back = (id: string) => ({ id, amount: moneyOf(5_000), reason: withdrawn, till: window1 })
    const same = randomUUID()
    const ids = [same, same, ...Array.from({ length: 10 }, () => randomUUID())]
    const all = await Promise.all(ids.map((id) => refund(house, house.lead.actor, seen, back(id))))
    const [sums] = await house.database.owner.once<{ n: number; refunded: number }>(sql`select count(*)::int as n,
      sum(amount)::int as refunded from payments.refund r join payments.charge c on c.id = r.charge where c.reference = ${reference}`)
    expect(sums).toEqual({ n: 1, refunded: 5_000 })
    expect(all.filter((one) => 'refused' in one).length).toBeGreaterThanOrEqual(10)
  })

  it('is not asked for by a cashier, nor after the days that the file gives', async () => {
    const { reference } = await house.charged()
    await pay(reference)
    expect(await payBack(reference, 100, randomUUID(), house.cashier)).toEqual({ refused: 'not-there' })
    const long = house.city.payments?.refunds.withinDays ?? 0
    await house.database.owner
      .once(sql`update payments.payment p set taken_at = taken_at - make_interval(days => ${long + 1})
      from payments.charge c where c.id = p.charge and c.reference = ${reference}`)
    expect(await payBack(reference, 100)).toEqual({ refused: 'too-late' })
  })
})

describe('the takings of a till', () => {
  it('are what came in and went back there on that day, to the cent, and as CSV in the ledger', async () => {
    const till = 'recreation' as typeof window1
    const day = today(house)
    const [one, two] = [await house.charged(fee(1_250)), await house.charged(fee(99))]
    for (const { reference } of [one, two])
      await takePayment(house, house.cashier.actor, await of(reference), {
        id: randomUUID(),
        way: 'cash',
        till,
        slip: '7-A',
      })
    const back = { id: randomUUID(), amount: moneyOf(250), reason: withdrawn, till }
    await refund(house, house.lead.actor, await of(one.reference), back)
    expect(totalsOf(await takings(house, house.cashier.actor, { day, till }))).toEqual([
      { way: 'cash', taken: 1_349, back: 250, count: 3 },
    ])
    expect(await takings(house, house.cashier.actor, { day: day.subtract({ days: 1 }), till })).toEqual([])
    const csv = (await exportTakings(house, house.cashier.actor, { day, till })).split('\r\n')
    expect(csv[0]).toBe('time,reference,what,way,dollars,slip')
    expect(csv.slice(1, -1).map((row) => row.split(',').slice(2).join())).toEqual([
      'payment,cash,12.50,7-A',
      'payment,cash,0.99,7-A',
      'refund,cash,-2.50,',
    ])
    const [entry] = await house.database.owner.once(
      sql`select detail from ledger.entry where act = 'takings.exported' order by at desc limit 1`,
    )
    expect(entry).toEqual({ detail: 'till=recreation rows=3' })
  })
})
