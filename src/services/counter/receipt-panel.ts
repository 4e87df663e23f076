import type { FastifyInstance } from 'fastify'
import { html, inLanguage, sql, type Html } from '../../plumbing/index.ts'
import { readCode, type CasePanel, type House } from '../correspondence/index.ts'
import { renew } from './renew.ts'
import { sayOnSlip } from './slip-messages.ts'

type AtReceipt = { Params: { code: string } }

/** `POST /receipt/{code}/codes`: a new code, shown once on the page it leads to. An unknown one leads to the look-up. */
export function renewRoutes(app: FastifyInstance, house: House): void {
  app.post<AtReceipt>('/receipt/:code/codes', async (request, reply) => {
    const old = readCode(request.params.code)
    const renewed = typeof old === 'string' ? await renew(house, old) : undefined
    const to = renewed && 'code' in renewed ? `/receipt/${renewed.code}` : '/receipt'
    return reply.header('cache-control', 'no-store').redirect(inLanguage(request.language, to), 303)
  })
}

/** On the person's own page of a letter that a clerk recorded: a new code, so that only she has one. */
export const renewPanel: CasePanel = {
  onReceipt: async (tx, { line, language, path }): Promise<Html | undefined> => {
    if (!['letter', 'counter', 'telephone'].includes(line.channel)) return undefined
    const row = await tx.row<{ renewed: boolean }>(sql`select exists (
      select from ledger.entries_in_hand() e where e.act = 'receipt.renewed') as renewed`)
    if (row?.renewed) return undefined
    return html`<section class="screen">
      <h2>${sayOnSlip(language, 'renewTitle')}</h2>
      <p>${sayOnSlip(language, 'renewLead')}</p>
      <form method="post" action="${inLanguage(language, `${path}/codes`)}">
        <button class="usa-button usa-button--outline" type="submit">${sayOnSlip(language, 'renewDo')}</button>
      </form>
    </section>`
  },
}
