import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { inLanguage, policyWithForms, sql, type Posted } from '../../plumbing/index.ts'
import { enterReceipt } from '../../trust/need-to-know/index.ts'
import { holderOf, readCode } from '../correspondence/index.ts'
import { holdsCardNumber } from './card-number.ts'
import { beginHosted } from './company/begin-hosted.ts'
import { hearRoutes } from './company/hear-routes.ts'
import type { PaymentHouse } from './house.ts'
import { moneyOf } from './money.ts'
import { backPage, owedPage, payPage, type AskedReference, type OwedView } from './pages/pay.ts'
import { paymentReceipt } from './pages/payment-receipt.ts'
import { chargesInHand } from './pages/receipt-panel.ts'
import { readReference, type PaymentReference } from './reference.ts'

type AtReference = { Params: { reference: string } }

/** `/pay`: by reference, for anybody; and the payment receipt behind the person's own code. None where the city takes no payments. */
export async function paymentRoutes(app: FastifyInstance, house: PaymentHouse): Promise<void> {
  const { city, company } = house
  if (!city.payments) return
  app.publish('/pay', (language) => payPage(city, language))
  app.post<{ Body: Posted | undefined }>('/pay', (request, reply) => {
    const { reference: typed } = request.body ?? {}
    const read = readTyped(typeof typed === 'string' ? typed : '')
    if (typeof read !== 'string') return reply.page(payPage(city, request.language, read), 422)
    return reply.redirect(inLanguage(request.language, `/pay/${read}`), 303)
  })
  app.get<AtReference>('/pay/:reference', (request, reply) => showOwed(house, request, reply))
  receiptRoute(app, house)
  if (!company) return
  app.post<AtReference>('/pay/:reference/payments', async (request, reply) => {
    const reference = readReference(request.params.reference)
    if (typeof reference !== 'string') return lookUp(house, request, reply, { error: reference.refused }, 404)
    const begun = await beginHosted(house, company, reference, request.language)
    if ('url' in begun) return reply.header('cache-control', 'no-store').redirect(begun.url, 303)
    if (begun.fault !== undefined) reply.noteFault(begun.fault)
    if (begun.refused === 'away') return showOwed(house, request, reply, true)
    return refuse(house, request, reply, begun.refused)
  })
  app.get<AtReference>('/pay/:reference/done', (request, reply) => {
    const reference = readReference(request.params.reference)
    if (typeof reference !== 'string') return lookUp(house, request, reply, { error: reference.refused }, 404)
    return reply.page(backPage(city, request.language, reference, company.name))
  })
  await hearRoutes(app, house, company)
}

/** What was typed as a reference. A card number is not kept, not even for the answer. */
function readTyped(typed: string): PaymentReference | AskedReference {
  if (holdsCardNumber(typed)) return { error: 'card' }
  const read = readReference(typed)
  return typeof read === 'string' ? read : { typed: typed.slice(0, 40), error: read.refused }
}

async function showOwed(
  house: PaymentHouse,
  request: FastifyRequest<AtReference>,
  reply: FastifyReply,
  away = false,
): Promise<FastifyReply> {
  const { city, company } = house
  const reference = readTyped(request.params.reference)
  if (typeof reference !== 'string') return lookUp(house, request, reply, reference, 404)
  if (reference !== request.params.reference)
    return reply.redirect(inLanguage(request.language, `/pay/${reference}`), 303)
  const [owed] = await house.db.once<{ outcome: 'due' | 'nothing-due' | 'later'; amount: number }>(
    sql`select * from payments.owed(${reference})`,
  )
  if (!owed) throw new Error('payments.owed gave no outcome')
  if (owed.outcome !== 'due') return refuse(house, request, reply, owed.outcome)
  const view: OwedView = {
    reference,
    amount: moneyOf(owed.amount),
    ...(company && { company: company.name }),
    ...(away && { away }),
  }
  // The form posts to us and is answered with a redirect; browsers hold both against the page's policy.
  if (company) reply.header('content-security-policy', policyWithForms(company.pageOrigin))
  return reply.page(owedPage(city, request.language, view), away ? 503 : 200)
}

function refuse(
  house: PaymentHouse,
  request: FastifyRequest,
  reply: FastifyReply,
  refused: 'nothing-due' | 'later',
): FastifyReply {
  if (refused === 'nothing-due') return lookUp(house, request, reply, { error: 'nothing' }, 404)
  return lookUp(house, request, reply.header('retry-after', '60'), { later: true }, 429)
}

function lookUp(
  { city }: PaymentHouse,
  request: FastifyRequest,
  reply: FastifyReply,
  asked: AskedReference,
  status: number,
): FastifyReply {
  return reply.page(payPage(city, request.language, asked), status)
}

/** `/receipt/{code}/payments/{reference}`: the payment receipt, for whoever holds the letter's code. */
function receiptRoute(app: FastifyInstance, house: PaymentHouse): void {
  const { city } = house
  app.get<{ Params: { code: string; reference: string } }>(
    '/receipt/:code/payments/:reference',
    async (request, reply) => {
      const code = readCode(request.params.code)
      if (typeof code !== 'string') return reply.problem(404)
      const found = await house.db.transaction(async (tx) => {
        if (!(await enterReceipt(tx, holderOf(house, code)))) return undefined
        const charge = (await chargesInHand(tx)).find(({ reference }) => reference === request.params.reference)
        const line = await tx.row<{ number: number }>(sql`select number from correspondence.in_hand()`)
        return charge && line && { charge, number: line.number }
      })
      const payment = found?.charge.payments.find(({ surplus }) => !surplus)
      if (!found || !payment) return reply.problem(404)
      const view = { city, language: request.language, path: `/receipt/${code}`, payment, ...found }
      return reply.page(paymentReceipt(view))
    },
  )
}
