import type { FastifyInstance } from 'fastify'
import { inLanguage } from '../../../plumbing/index.ts'
import type { House } from '../house.ts'
import { makeReceipt } from './make-receipt.ts'
import { makePage, noReceiptPage } from './page.ts'
import { readLinkLetters } from './receipt-link.ts'

type AtLink = { Params: { letters: string } }

/** `/receipt/mail/{letters}`: where the link of a mail leads. What was made there lies at the receipt's own address. */
export function mailedReceiptRoutes(app: FastifyInstance, house: House): void {
  app.get<AtLink>('/receipt/mail/:letters', (request, reply) => {
    const letters = readLinkLetters(request.params.letters)
    if (letters === undefined) return reply.page(noReceiptPage(house.city, request.language, 'past'), 404)
    return reply.page(makePage(house.city, request.language, letters))
  })
  app.post<AtLink>('/receipt/mail/:letters', async (request, reply) => {
    const letters = readLinkLetters(request.params.letters)
    const made = letters === undefined ? ({ refused: 'past' } as const) : await makeReceipt(house, letters)
    if ('refused' in made)
      return reply.page(noReceiptPage(house.city, request.language, made.refused), made.refused === 'later' ? 503 : 404)
    return reply.redirect(inLanguage(request.language, `/receipt/${made.code}`), 303)
  })
}
