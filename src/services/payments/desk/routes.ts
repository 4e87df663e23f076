import type { FastifyReply } from 'fastify'
import { Temporal } from 'temporal-polyfill'
import type { RefundReasonId, TillId, WaiverReasonId } from '../../../city/index.ts'
import { sql } from '../../../plumbing/index.ts'
import { enterStaff, type Desk, type Visit } from '../../../trust/need-to-know/index.ts'
import { newId, notHere, today, type House } from '../../correspondence/index.ts'
import { intakeModule } from '../../counter/index.ts'
import { holdsCardNumber } from '../card-number.ts'
import { moneyOf } from '../money.ts'
import {
  cancelCharge,
  findCharge,
  judgeRefund,
  mayAtCashOffice,
  refund,
  takePayment,
  waive,
  type CashOutcome,
  type OfCharge,
} from '../on-charge.ts'
import { readReference, type PaymentReference } from '../reference.ts'
import { exportTakings, takings, type TakingsQuestion } from '../takings.ts'
import { chargePage, type ChargeView } from './charge-page.ts'
import { frontPage, type AskedRefund, type FrontView, type Trouble } from './front-page.ts'
import { say } from './messages.ts'
import { idIn, ofCharge, readAmount, readPayment, tillIn, typedOf } from './read-posted.ts'
import { companyTill, takingsPage } from './takings-page.ts'

const doneWords = ['taken', 'asked', 'refunded', 'declined', 'waived', 'cancelled'] as const
type DoneWord = (typeof doneWords)[number]

/** `/desk/payments`, the cash office. Who does not collect is told what is told of a page that is not there. */
export function cashOfficeRoutes(desk: Desk, house: House): void {
  const { city } = house
  if (!city.payments) return
  const inOffice = (answer: (visit: Visit) => Promise<FastifyReply> | FastifyReply) => (visit: Visit) =>
    mayAtCashOffice(city, visit.staff, 'collect') ? answer(visit) : visit.reply.problem(404)

  desk.get(
    '/desk/payments',
    inOffice((visit) => front(house, visit)),
  )
  desk.post(
    '/desk/payments',
    inOffice((visit) => {
      const typed = visit.posted['reference'] ?? ''
      if (holdsCardNumber(typed)) return front(house, visit, { wrong: 'card' }, 422)
      const reference = readReference(typed)
      if (typeof reference !== 'string')
        return front(house, visit, { typed: typed.slice(0, 40), wrong: reference.refused }, 422)
      return visit.reply.redirect(`/desk/payments/${reference}`, 303)
    }),
  )
  takingsRoutes(desk, house, inOffice)
  desk.get(
    '/desk/payments/:reference',
    inOffice((visit) => {
      const { done } = visit.request.query as { done?: unknown }
      const word = doneWords.find((one) => one === done)
      return show(house, visit, word && { done: say('en', `done-${word}`) })
    }),
  )
  actRoutes(desk, house, inOffice)
}

type InOffice = (answer: (visit: Visit) => Promise<FastifyReply> | FastifyReply) => Parameters<Desk['post']>[1]
/** What a form asks for: an act, or what is wrong with it. */
type Asked = Readonly<{ act: Promise<CashOutcome>; done: DoneWord }> | Readonly<{ wrong: Wrong }>
type Wrong = Extract<Parameters<typeof say>[1], `refused-${string}`> extends `refused-${infer Reason}` ? Reason : never

function actRoutes(desk: Desk, house: House, inOffice: InOffice): void {
  const act = (noun: string, ask: (visit: Visit, of: OfCharge, id: string) => Asked) => {
    desk.post(
      `/desk/payments/:reference/${noun}`,
      inOffice(async (visit) => {
        const [of, id] = [ofCharge(visit.posted), idIn(visit.posted)]
        const typed = typedOf(visit.posted)
        if (typed === 'card') return show(house, visit, { wrong: say('en', 'wrong-card') }, 422)
        if (!of || id === undefined) return notHere(house, visit)
        const asked = ask(visit, of, id)
        if ('wrong' in asked) return show(house, visit, { id, typed, wrong: say('en', `refused-${asked.wrong}`) }, 422)
        const outcome = await asked.act
        if ('refused' in outcome)
          return show(house, visit, { typed, wrong: say('en', `refused-${outcome.refused}`) }, 409)
        const done = outcome.done === 'asked' ? 'asked' : asked.done
        return visit.reply.redirect(`/desk/payments/${referenceAsked(visit) ?? ''}?done=${done}`, 303)
      }),
    )
  }
  act('payments', ({ actor, posted }, of, id) => {
    const paid = readPayment(posted)
    return 'wrong' in paid ? paid : { act: takePayment(house, actor, of, { id, ...paid }), done: 'taken' }
  })
  act('refunds', ({ actor, posted }, of, id) => {
    const back = readAmount<RefundReasonId>(posted)
    if ('wrong' in back) return back
    const till = tillIn(posted)
    return { act: refund(house, actor, of, { id, ...back, ...(till && { till }) }), done: 'refunded' }
  })
  act('agreements', ({ actor, posted }, of, id) => {
    const till = tillIn(posted)
    return { act: judgeRefund(house, actor, of, { id, agrees: true, ...(till && { till }) }), done: 'refunded' }
  })
  act('declinations', ({ actor }, of, id) => ({
    act: judgeRefund(house, actor, of, { id, agrees: false }),
    done: 'declined',
  }))
  act('waivers', ({ actor, posted }, of) => {
    const given = readAmount<WaiverReasonId>(posted)
    return 'wrong' in given ? given : { act: waive(house, actor, of, given), done: 'waived' }
  })
  act('cancellations', ({ actor }, of) => ({ act: cancelCharge(house, actor, of), done: 'cancelled' }))
}

function referenceAsked({ request }: Visit): PaymentReference | undefined {
  const { reference = '' } = request.params as { reference?: string }
  const read = readReference(reference)
  return typeof read === 'string' ? read : undefined
}

async function show(
  house: House,
  visit: Visit,
  shown: Partial<Pick<ChargeView, 'done' | 'wrong' | 'typed' | 'id'>> = {},
  status = 200,
): Promise<FastifyReply> {
  const reference = referenceAsked(visit)
  const charge = reference && (await findCharge(house, visit.actor, reference))
  if (!charge) return front(house, visit, { wrong: 'nothing' }, 404)
  const { city } = house
  const view = { city, staff: visit.staff, charge, id: newId(), typed: {}, modules: [intakeModule], ...shown }
  return visit.reply.page(chargePage(view), status)
}

async function front(
  house: House,
  visit: Visit,
  asked: Pick<FrontView, 'typed' | 'wrong'> = {},
  status = 200,
): Promise<FastifyReply> {
  const { city } = house
  const lists = await house.db.transaction(async (tx) => {
    if (!(await enterStaff(tx, visit.actor))) return { asked: [], troubles: [] }
    const refunds = await tx.rows<Omit<AskedRefund, 'amount'> & { amount: number }>(
      sql`select reference, amount, reason, own from payments.refunds_asked()`,
    )
    const troubles = await tx.rows<Omit<Trouble, 'amount'> & { amount: number }>(
      sql`select reference, what, amount from payments.troubles()`,
    )
    return {
      asked: refunds.map((one) => ({ ...one, amount: moneyOf(one.amount) })),
      troubles: troubles.map((one) => ({ ...one, amount: moneyOf(one.amount) })),
    }
  })
  return visit.reply.page(frontPage({ city, staff: visit.staff, ...lists, ...asked }), status)
}

function takingsRoutes(desk: Desk, house: House, inOffice: InOffice): void {
  desk.get(
    '/desk/payments/takings',
    inOffice(async (visit) => {
      const question = questionOf(house, visit.request.query as Record<string, unknown>)
      const rows = await takings(house, visit.actor, question)
      const view = { city: house.city, staff: visit.staff, today: today(house), ...question, rows }
      return visit.reply.page(takingsPage(view))
    }),
  )
  desk.post(
    '/desk/payments/takings',
    inOffice(async (visit) => {
      const question = questionOf(house, visit.posted)
      const csv = await exportTakings(house, visit.actor, question)
      const name = `takings-${question.till ?? companyTill}-${question.day.toString()}.csv`
      return visit.reply
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename="${name}"`)
        .type('text/csv; charset=utf-8')
        .send(csv)
    }),
  )
}

/** Today at the first till, unless asked otherwise. */
function questionOf(house: House, { day, till }: Record<string, unknown>): TakingsQuestion {
  const asked = typeof day === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(day) ? day : undefined
  const tills = [...(house.city.payments?.tills.keys() ?? [])]
  const known = tills.find((one) => one === till) ?? (till === companyTill ? undefined : tills[0])
  return { day: dateOf(asked) ?? today(house), ...(known && { till: known satisfies TillId }) }
}

function dateOf(text: string | undefined): Temporal.PlainDate | undefined {
  try {
    return text === undefined ? undefined : Temporal.PlainDate.from(text)
  } catch {
    return undefined
  }
}
