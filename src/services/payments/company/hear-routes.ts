import type { FastifyInstance } from 'fastify'
import { sql } from '../../../plumbing/index.ts'
import type { PaymentHouse } from '../house.ts'
import type { PaymentCompany } from './company.ts'

/** More than any event of the kinds we ask for. */
const mostBytes = 200_000

/**
 * `POST /payments/stripe`: the company says that something happened. Read as bytes, for its signature covers them; checked;
 * then the worker is told to ask. Answers 200 also to what is not ours or was heard before, so that it is not sent again;
 * 400 to what is not signed by the company or older than five minutes.
 */
export async function hearRoutes(app: FastifyInstance, house: PaymentHouse, company: PaymentCompany): Promise<void> {
  await app.register((scope, _options, done) => {
    scope.removeContentTypeParser('application/json')
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer', bodyLimit: mostBytes },
      (_request, body, parsed) => {
        parsed(null, body)
      },
    )
    scope.post('/payments/stripe', async ({ body, headers }, reply) => {
      const signature = headers['stripe-signature']
      const heard =
        Buffer.isBuffer(body) && typeof signature === 'string'
          ? company.hear(body, signature)
          : ({ refused: 'not-signed' } as const)
      reply.header('cache-control', 'no-store')
      if ('refused' in heard) return reply.code(400).send({ refused: heard.refused })
      const { event, session = null, refund = null } = heard
      const [row] = await house.db.once<{ outcome: string }>(
        sql`select payments.hear(${event}, ${session}, ${refund}) as outcome`,
      )
      return reply.send({ outcome: row?.outcome })
    })
    done()
  })
}
