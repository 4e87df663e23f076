import type { FastifyReply } from 'fastify'
import { inLanguage, type Language } from '../../../plumbing/index.ts'
import { openPage, type HomeVisit, type OwnPage } from '../../residents/index.ts'
import type { ConsentHouse, ConsentRoutesHouse } from '../house.ts'
import type { About, Line } from '../pages/consequence-words.ts'
import { receiptPage, revocationPage } from '../pages/revocation-page.ts'
import { preview, revoke, type Preview } from '../revoke.ts'
import { childIn, findChild, sendProof, type ChildFound } from './child-routes.ts'
import { say } from './child-messages.ts'
import { liveStates, proveLook, receiptsOf, type ConsentOfHers } from './read.ts'

/** `/me/consents/{child}/revocation` and the receipts: first what will follow, then the act, then its proof. */
export function revokeRoutes(own: OwnPage, house: ConsentRoutesHouse): void {
  const at = '/me/consents/:child'
  own.get(`${at}/revocation`, async (visit) => {
    const found = await findChild(house, visit)
    if (!found) return visit.reply.problem(404)
    const chosen = chosenOf(found, visit.request.query as Record<string, unknown>)
    if (chosen.length === 0)
      return visit.reply.redirect(`${inLanguage(visit.language, `/me/consents/${found.child}`)}?chosen=none`, 303)
    const shown = await preview(
      house,
      visit.actor,
      chosen.map(({ id }) => id),
    )
    return shown ? show(house, visit, found, chosen, shown) : visit.reply.problem(404)
  })
  own.post(`${at}/revocation`, async (visit) => {
    const found = await findChild(house, visit)
    if (!found) return visit.reply.problem(404)
    const chosen = chosenOf(found, visit.posted)
    const seen = visit.posted['seen'] ?? ''
    if (chosen.length === 0 || !/^[0-9a-f]{64}$/.test(seen)) return visit.reply.problem(404)
    const done = await revoke(
      house,
      visit.actor,
      chosen.map(({ id }) => id),
      seen,
    )
    if ('done' in done)
      return visit.reply.redirect(
        inLanguage(visit.language, `/me/consents/${found.child}/receipts/${done.receipt}`),
        303,
      )
    return done.refused === 'changed' ? show(house, visit, found, chosen, done.now, true) : visit.reply.problem(404)
  })
  own.get(`${at}/receipts/:id`, async (visit) => {
    const found = await findReceipt(house, visit)
    if (!found) return visit.reply.problem(404)
    const { receipt } = found
    const { consequences } = JSON.parse(receipt.content) as { consequences: Line[] }
    const ended = found.consents.filter(({ id }) => consequences.some(({ consent }) => consent === id))
    const about = aboutOf(house, found, ended, visit.language)
    const back = say(visit.language, 'title', { child: found.firstName })
    const words = house.consequenceWords ?? []
    return visit.reply.page(
      receiptPage({ city: house.city, language: visit.language, receipt, about, lines: consequences, words, back }),
    )
  })
  own.get(`${at}/receipts/:id/file`, async (visit) => {
    const found = await findReceipt(house, visit)
    if (!found) return visit.reply.problem(404)
    return visit.reply
      .header('cache-control', 'no-store')
      .header('content-disposition', 'attachment; filename="receipt.json"')
      .type('application/json; charset=utf-8')
      .send(found.receipt.content)
  })
  own.get(`${at}/receipts/:id/proof`, async (visit) => {
    const found = await findReceipt(house, visit)
    if (!found?.receipt.entry) return visit.reply.problem(404)
    return sendProof(visit, await proveLook(house.db, visit.actor, found.child, found.receipt.entry))
  })
}

/** The consents that she ticked, of those that can be taken back. */
const chosenOf = ({ consents }: ChildFound, ticked: Readonly<Record<string, unknown>>): readonly ConsentOfHers[] =>
  consents.filter(({ id, state }) => liveStates.includes(state) && ticked[`consent-${id}`] === 'yes')

function show(
  house: ConsentRoutesHouse,
  visit: HomeVisit,
  found: ChildFound,
  chosen: readonly ConsentOfHers[],
  { digest, follows }: Preview,
  changed = false,
): FastifyReply {
  const lines = follows.map((line) => ({ ...line, at: line.at?.toString() ?? null }))
  const about = aboutOf(house, found, chosen, visit.language)
  const words = house.consequenceWords ?? []
  const view = { city: house.city, language: visit.language, child: found.child, about, lines, digest, words, changed }
  return visit.reply.page(revocationPage(view), changed ? 409 : 200)
}

function aboutOf(
  { city }: ConsentHouse,
  { notices }: ChildFound,
  of: readonly ConsentOfHers[],
  language: Language,
): readonly About[] {
  return of.map((consent) => {
    const notice = notices.get(consent.notice)?.notice
    const purpose = notice?.purposes.find(({ id }) => id === consent.purpose)
    const kept =
      [...city.retention.values()].find(({ id }) => id === consent.retention)?.text[language] ?? consent.retention
    return {
      id: consent.id,
      title: `${notice?.title[language] ?? consent.thing}: ${purpose?.title[language] ?? consent.purpose}`,
      kept,
    }
  })
}

async function findReceipt(house: ConsentRoutesHouse, visit: HomeVisit) {
  const { child = '', id } = visit.request.params as { child?: string; id?: string }
  if (!/^[0-9a-f-]{36}$/.test(child)) return undefined
  return openPage(house, visit.actor, async (tx, household) => {
    const found = await childIn(tx, house, household, child)
    const receipt = found && (await receiptsOf(tx, found.child)).find((one) => one.id === id)
    return found && receipt ? { ...found, receipt } : undefined
  })
}
