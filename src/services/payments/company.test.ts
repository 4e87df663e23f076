import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { WaiverReasonId } from '../../city/index.ts'
import { sql } from '../../plumbing/index.ts'
import { readReceipt } from '../correspondence/index.ts'
import { beginHosted } from './company/begin-hosted.ts'
import type { PaymentCompany } from './company/company.ts'
import { moneyOf } from './money.ts'
import { cancelCharge, takePayment, waive } from './on-charge.ts'
import { drawReference, type PaymentReference } from './reference.ts'
import { form, openCompanyHouse, type CompanyTest } from './testing/company-house.ts'
import { fee, window1 } from './testing/payment-house.ts'

let city: CompanyTest
let { test, stripe, company, house, app, begun, round, roundAsIs, post, hear, of, payBack, paidOnline } =
  {} as CompanyTest
beforeAll(async () => {
  city = await openCompanyHouse()
  ;({ test, stripe, company, house, app, begun, round, roundAsIs, post, hear, of, payBack, paidOnline } = city)
})
afterAll(() => city.close())
beforeEach(() => city.afresh())

describe('what the company is told', () => {
  it('is an amount, a reference and a time: no name, no e-mail, no word and no address of the letter', async () => {
    const { reference, code, caseId } = await test.charged(fee(5_000))
    const before = stripe.told.length
    await begun(reference)
    const told = stripe.told.slice(before)
    expect(told).toHaveLength(1)
    expect(told[0]?.fields).toMatchObject({
      client_reference_id: reference,
      'line_items[0][price_data][unit_amount]': '5000',
      'line_items[0][price_data][currency]': 'usd',
      success_url: `https://city.example/pay/${reference}/done`,
    })
    expect(JSON.stringify(told)).not.toMatch(new RegExp(`${code}|${caseId}|Quentin|Camp|activities|email|phone`, 'i'))
  })

  it('is said to the person before she goes, and stands in the ledger and on her receipt afterwards', async () => {
    const { reference, code, caseId } = await test.charged(fee(5_000))
    const page = await app.inject(`/pay/${reference}`)
    expect(page.body).toContain('Stripe learns from us:')
    expect(page.body).not.toMatch(/Quentin|camp/i)
    expect(page.headers['content-security-policy']).toContain(`form-action 'self' ${stripe.origin};`)
    const sent = await post(`/pay/${reference}/payments`, '', form)
    expect(sent.statusCode).toBe(303)
    expect(sent.headers['location']).toMatch(new RegExp(`^${stripe.origin}/c/pay/cs_test_`))
    expect(sent.headers['referrer-policy']).toBe('no-referrer')
    expect(await test.acts(caseId)).toContainEqual({
      act: 'payment.begun',
      detail: 'to=company fields=amount reference time amount=5000',
      duty: null,
    })
    const receipt = await readReceipt(house, code)
    if ('refused' in receipt) throw new Error(receipt.refused)
    expect(receipt.panels.join('')).toContain('Stripe was told the amount ($50.00)')
  })

  it('is nothing, and nobody is sent anywhere, where the company gives an address that is not its own', async () => {
    const { reference } = await test.charged(fee(5_000))
    const lying = { ...company, open: () => Promise.resolve({ session: 'cs_test_x', url: 'https://evil.example/pay' }) }
    expect(await beginHosted(house, lying, reference, 'en')).toMatchObject({ refused: 'away' })
    await test.database.owner.once(sql`update payments.hosted h set state = 'open', company_session = 'cs_test_y',
      url = 'https://evil.example/', ask_at = now() from payments.charge c where c.id = h.charge and c.reference = ${reference}`)
    expect(await beginHosted(house, company, reference, 'en')).toEqual({ refused: 'away' })
    await test.database.owner.once(sql`delete from payments.hosted where company_session = 'cs_test_y'`)
  })
})

describe('a payment online', () => {
  it('counts once the company says so: by webhook at once, and just as well where every webhook is lost', async () => {
    const heard = await test.charged(fee(5_000))
    stripe.pay(await begun(heard.reference))
    await roundAsIs()
    expect(await test.found(heard.reference)).toMatchObject({ state: 'due' })
    const [event] = stripe.state.events.splice(0)
    expect((await hear(stripe.signed(event ?? {}))).json()).toEqual({ outcome: 'heard' })
    await roundAsIs()
    expect(await test.found(heard.reference)).toMatchObject({ state: 'paid', payment: { way: 'hosted' } })
    expect(await test.acts(heard.caseId)).toContainEqual({
      act: 'payment.received',
      detail: 'way=hosted amount=5000',
      duty: null,
    })
    const lost = await test.charged(fee(5_000))
    stripe.pay(await begun(lost.reference))
    await round()
    expect(await test.found(lost.reference)).toMatchObject({ state: 'paid', paid: 5_000 })
  })

  it('is one session however often it is begun, at the same moment and after an answer that was lost', async () => {
    const { reference } = await test.charged(fee(5_000))
    stripe.meet('POST /v1/checkout/sessions', 'lost')
    stripe.meet('POST /v1/checkout/sessions', 'broken')
    const all = await Promise.all(Array.from({ length: 5 }, () => begun(reference)))
    expect(new Set([...all, await begun(reference)]).size).toBe(1)
    const ours = [...stripe.state.sessions.values()].filter((one) => one.reference === reference)
    expect(ours).toHaveLength(1)
  })

  it('goes on to the same session after a crash between any two steps', async () => {
    const { reference } = await test.charged(fee(5_000))
    const dying: PaymentCompany = {
      ...company,
      open: async (asked) => {
        await company.open(asked)
        throw new Error('killed after the company was asked, before it was written down')
      },
    }
    const killed = () => Promise.reject(new Error('killed before the company was asked'))
    expect(await beginHosted(house, { ...company, open: killed }, reference, 'en')).toMatchObject({ refused: 'away' })
    expect(await beginHosted(house, dying, reference, 'es')).toMatchObject({ refused: 'away' })
    const session = await begun(reference)
    const ours = [...stripe.state.sessions.values()].filter((one) => one.reference === reference)
    expect(ours.map(({ id }) => id)).toEqual([session])
    stripe.pay(session)
    // Killed after the company answered, before it was settled: the next round asks again.
    const deaf = { ...company, look: killed }
    await round(deaf)
    expect(city.faults.length).toBeGreaterThan(0)
    await round()
    expect(await test.found(reference)).toMatchObject({ state: 'paid', paid: 5_000 })
  })

  it('says so where the company is away, and nothing is paid', async () => {
    const { reference } = await test.charged(fee(5_000))
    for (let n = 0; n < 3; n += 1) stripe.meet('POST /v1/checkout/sessions', 'away')
    const answer = await post(`/pay/${reference}/payments`, '', form)
    expect(answer.statusCode).toBe(503)
    expect(answer.body).toContain('Stripe cannot be reached right now. Nothing was paid.')
    expect(await test.found(reference)).toMatchObject({ state: 'due' })
  })

  it.each([
    ['another amount', { amount: 4_999 }],
    ['another currency', { currency: 'cad' }],
  ])('in %s counts for nothing, and the cash office is told', async (_, changed) => {
    const { reference, caseId } = await test.charged(fee(5_000))
    stripe.pay(await begun(reference), changed)
    await round()
    expect(await test.found(reference)).toMatchObject({ state: 'due' })
    expect((await test.acts(caseId)).map(({ act }) => act)).toContain('payment.mismatched')
    const [row] = await test.database.owner.once(sql`select h.state, h.ask_at from payments.hosted h
      join payments.charge c on c.id = h.charge where c.reference = ${reference}`)
    expect(row).toEqual({ state: 'mismatched', ask_at: null })
  })

  it('for another charge’s session counts for nothing, whoever wrote it down', async () => {
    const cheap = await test.charged(fee(5_000))
    const dear = await test.charged(fee(5_000))
    const paid = await begun(cheap.reference)
    stripe.pay(paid)
    const [row] = await house.db.once<{ id: string }>(
      sql`select id from payments.begin_hosted(${dear.reference}, 'en')`,
    )
    // The unique session is taken away from its own row first: only the tables' owner could.
    await test.database.owner.once(sql`update payments.hosted set company_session = null, url = null, state = 'wanted',
      ask_at = null where company_session = ${paid}`)
    await house.db.once(sql`select payments.opened_hosted(${row?.id}, ${paid}, ${`${stripe.origin}/c/pay/x`})`)
    await round()
    expect(await test.found(dear.reference)).toMatchObject({ state: 'due' })
  })
})

describe('money that comes late', () => {
  const ended = async (how: (reference: PaymentReference) => Promise<unknown>) => {
    const charged = await test.charged(fee(5_000))
    const session = await begun(charged.reference)
    stripe.pay(session)
    expect(await how(charged.reference)).toEqual({ done: 'done' })
    await round()
    await round()
    const given = [...stripe.state.refunds.values()].filter(
      ({ payment }) => payment === stripe.state.sessions.get(session)?.payment,
    )
    expect(given.map(({ amount }) => amount)).toEqual([5_000])
    return test.found(charged.reference)
  }
  const lead = () => test.lead.actor

  it('after it was paid at the counter goes back by itself, once', async () => {
    const paid = { id: randomUUID(), way: 'cash', till: window1 } as const
    const charge = await ended(async (one) => takePayment(house, lead(), await of(one), paid))
    expect(charge).toMatchObject({
      state: 'paid',
      payment: { way: 'cash' },
      refunds: [{ surplus: true, state: 'paid' }],
    })
  })

  it('after it was taken back or waived goes back too', async () => {
    expect(await ended(async (one) => cancelCharge(house, lead(), await of(one)))).toMatchObject({ state: 'cancelled' })
    const all = { amount: moneyOf(5_000), reason: 'veteran' as WaiverReasonId }
    expect(await ended(async (one) => waive(house, lead(), await of(one), all))).toMatchObject({ state: 'waived' })
    const some = { amount: moneyOf(1_000), reason: 'veteran' as WaiverReasonId }
    expect(await ended(async (one) => waive(house, lead(), await of(one), some))).toMatchObject({
      state: 'due',
      owed: 4_000,
    })
  })

  it('cannot come where nobody has paid yet: the session is ended as soon as nothing is owed', async () => {
    const { reference } = await test.charged(fee(5_000))
    const session = await begun(reference)
    await cancelCharge(house, lead(), await of(reference))
    await roundAsIs()
    expect(stripe.state.sessions.get(session)?.status).toBe('expired')
    expect(await beginHosted(house, company, reference, 'en')).toEqual({ refused: 'nothing-due' })
  })

  it('a session that ran out can be begun anew', async () => {
    const { reference } = await test.charged(fee(5_000))
    const first = await begun(reference)
    stripe.state.expire(first)
    await round()
    const second = await begun(reference)
    expect(second).not.toBe(first)
    stripe.pay(second)
    await round()
    expect(await test.found(reference)).toMatchObject({ state: 'paid' })
  })
})

describe('a refund online', () => {
  it('goes back to the card once, though the answer is lost and the worker killed between the steps', async () => {
    const { reference, session } = await paidOnline()
    expect(await payBack(reference, 2_000)).toEqual({ done: 'done' })
    expect(await test.found(reference)).toMatchObject({ state: 'partly-refunded', refunds: [{ state: 'waiting' }] })
    const dying: PaymentCompany = {
      ...company,
      refund: async (asked) => {
        await company.refund(asked)
        throw new Error('killed after the company paid back, before it was written down')
      },
    }
    await round(dying)
    stripe.meet('POST /v1/refunds', 'lost')
    await round()
    expect(await test.found(reference)).toMatchObject({ state: 'partly-refunded', refunds: [{ state: 'paid' }] })
    const { payment } = stripe.state.sessions.get(session) ?? {}
    expect([...stripe.state.refunds.values()].filter((one) => one.payment === payment)).toHaveLength(1)
    const keys = stripe.told.filter(({ path }) => path === 'POST /v1/refunds').slice(-3)
    expect(new Set(keys.map(({ key }) => key)).size).toBe(1)
  })

  it('that fails at the company, at once or later, is owed again and shown to the cash office', async () => {
    stripe.state.refundsBegin = 'pending'
    const { reference, caseId } = await paidOnline()
    await payBack(reference, 5_000)
    await round()
    expect(await test.found(reference)).toMatchObject({ state: 'refunded', refunds: [{ state: 'waiting' }] })
    const [given] = [...stripe.state.refunds.values()].slice(-1)
    stripe.state.settleRefund(given?.id ?? '', 'succeeded')
    await round()
    expect(await test.found(reference)).toMatchObject({ refunds: [{ state: 'paid' }] })
    stripe.state.events.length = 0
    stripe.state.settleRefund(given?.id ?? '', 'failed')
    await hear(stripe.signed(stripe.state.events.splice(0)[0] ?? {}))
    await roundAsIs()
    expect(await test.found(reference)).toMatchObject({ state: 'paid', refunds: [{ state: 'failed' }] })
    expect((await test.acts(caseId)).map(({ act }) => act)).toContain('refund.failed')
    expect(await payBack(reference, 5_000)).toEqual({ done: 'done' })
  })
})

describe('a webhook', () => {
  const event = (about: object) => ({
    id: `evt_${randomUUID().replaceAll('-', '')}`,
    object: 'event',
    data: { object: about },
  })

  it('that is forged, altered, unsigned or older than five minutes is refused and changes nothing', async () => {
    const { reference } = await test.charged(fee(5_000))
    const session = await begun(reference)
    const told = event({ object: 'checkout.session', id: session, payment_status: 'paid', status: 'complete' })
    const good = stripe.signed(told)
    const now = Math.floor(Date.now() / 1000)
    for (const [bad, refused] of [
      [stripe.signed(told, now, 'whsec_guess'), 'not-signed'],
      [{ ...good, body: good.body.replace('paid', 'Paid') }, 'not-signed'],
      [{ ...good, signature: '' }, 'not-signed'],
      [{ ...good, signature: 't=1,v1=00' }, 'not-signed'],
      [stripe.signed(told, now - 301), 'too-old'],
    ] as const) {
      const answer = await hear(bad)
      expect([answer.statusCode, answer.json<{ refused: string }>().refused]).toEqual([400, refused])
    }
    expect((await post('/payments/stripe', '{', { 'content-type': 'application/json' })).statusCode).toBe(400)
    await roundAsIs()
    expect(await test.found(reference)).toMatchObject({ state: 'due' })
  })

  it('is believed in nothing: signed, and saying that it is paid, it only makes the city ask', async () => {
    const { reference } = await test.charged(fee(5_000))
    const session = await begun(reference)
    const told = event({ object: 'checkout.session', id: session, payment_status: 'paid', status: 'complete' })
    expect((await hear(stripe.signed(told))).json()).toEqual({ outcome: 'heard' })
    await roundAsIs()
    expect(await test.found(reference)).toMatchObject({ state: 'due' })
  })

  it('that comes again, out of order, or is about nothing of ours is taken and changes nothing', async () => {
    const { reference, session } = await paidOnline()
    const again = stripe.signed(event({ object: 'checkout.session', id: session, status: 'open' }))
    const outcomes = [
      await hear(again),
      await hear(again),
      await hear(stripe.signed(event({ object: 'account', id: 'acct_1' }))),
    ]
    expect(outcomes.map((one) => [one.statusCode, one.json<{ outcome: string }>().outcome])).toEqual([
      [200, 'not-ours'],
      [200, 'again'],
      [200, 'not-ours'],
    ])
    stripe.state.events.length = 0
    await roundAsIs()
    expect(await test.found(reference)).toMatchObject({ state: 'paid', payments: [{ surplus: false }] })
    const [row] = await test.database.owner.once<{ id: string }>(
      sql`select id from payments.hosted where company_session = ${session}`,
    )
    const settle = () =>
      city.keeper.once(sql`select payments.settle_hosted(${row?.id}, 'expired', null, null, null) as outcome`)
    expect(await settle()).toEqual([{ outcome: 'again' }])
    expect(await test.found(reference)).toMatchObject({ state: 'paid' })
  })
})

describe('a reference that is tried', () => {
  it('tells the amount that is due and nothing else; paid, waived, taken back and unknown are one answer', async () => {
    const { reference } = await test.charged(fee(5_000))
    const { body } = await app.inject(`/pay/${reference}`)
    expect(body).toContain('$50.00 is owed')
    expect(body).not.toMatch(/Quentin|camp|Recreation|activities|\/receipt\/\d/i)
    const paid = await paidOnline()
    const gone = await test.charged(fee(5_000))
    await cancelCharge(house, test.lead.actor, await of(gone.reference))
    const answers = await Promise.all(
      [paid.reference, gone.reference, drawReference()].map((one) => app.inject(`/pay/${one}`)),
    )
    expect(new Set(answers.map(({ statusCode, body }) => `${String(statusCode)} ${body}`)).size).toBe(1)
    expect(answers[0]?.statusCode).toBe(404)
  })

  it('cannot be found by trying many: after sixty misses in a minute nobody is told, and nothing of who tried is kept', async () => {
    const { reference } = await test.charged(fee(5_000))
    for (let n = 0; n < 60; n += 1) await house.db.once(sql`select * from payments.owed(${drawReference()})`)
    const hit = await app.inject(`/pay/${reference}`)
    expect([hit.statusCode, hit.headers['retry-after']]).toEqual([429, '60'])
    expect(await beginHosted(house, company, reference, 'en')).toEqual({ refused: 'later' })
    const kept = await test.database.owner.once(sql`select * from payments.miss`)
    expect(Object.keys(kept[0] as object)).toEqual(['minute', 'misses'])
    await test.database.owner.once(sql`delete from payments.miss`)
    expect((await app.inject(`/pay/${reference}`)).statusCode).toBe(200)
  })

  it('that is a card number is refused and shown to nobody again', async () => {
    const answer = await post('/pay', 'reference=4111+1111+1111+1111', form)
    expect(answer.statusCode).toBe(422)
    expect(answer.body).toContain('looks like a card number')
    expect(answer.body).not.toMatch(/4111(?:\s?1111){3}/)
  })
})
