import type { City } from '../../../city/index.ts'
import type { Db } from '../../../plumbing/index.ts'
import type { Desk, Visit } from '../../../trust/need-to-know/index.ts'
import type { ConsentId } from '../actor.ts'
import { copyCustody, liftHold, listCustody, placeHold } from '../custody/custody.ts'
import { custodyPage } from './custody-page.ts'

type House = Readonly<{ db: Db; city: City }>

/** `/desk/custody`. Who has no duty with the power `custody` is told what is told of a page that is not there. */
export function custodyRoutes(desk: Desk, house: House): void {
  const { city } = house
  const mayKeep = ({ staff }: Visit) => staff.duties.some((id) => city.duties.get(id)?.may.includes('custody'))
  const consentIn = ({ request }: Visit): ConsentId | undefined => {
    const { id } = request.params as { id?: string }
    return id !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? (id as ConsentId) : undefined
  }
  desk.get('/desk/custody', async (visit) => {
    if (!mayKeep(visit)) return visit.reply.problem(404)
    const { done: asked } = visit.request.query as { done?: unknown }
    const done = (['done', 'held'] as const).find((one) => one === asked)
    const rows = await listCustody(house, visit.actor)
    return visit.reply.page(custodyPage({ city, staff: visit.staff, rows, ...(done && { done }) }))
  })
  for (const [noun, act] of [
    ['holds', placeHold],
    ['liftings', liftHold],
  ] as const)
    desk.post(`/desk/custody/:id/${noun}`, async (visit) => {
      const consent = consentIn(visit)
      const outcome = consent && (await act(house, visit.actor, consent, visit.posted['reason'] ?? ''))
      return outcome === undefined || outcome === 'not-there'
        ? visit.reply.problem(404)
        : visit.reply.redirect(`/desk/custody?done=${outcome}`, 303)
    })
  desk.post('/desk/custody/:id/copies', async (visit) => {
    const consent = consentIn(visit)
    const copy = consent && (await copyCustody(house, visit.actor, consent, visit.posted['reason'] ?? ''))
    if (!copy) return visit.reply.problem(404)
    return visit.reply
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename="custody-${copy.consent}.json"`)
      .type('application/json; charset=utf-8')
      .send(`${JSON.stringify(copy, null, 2)}\n`)
  })
}
