import type { FastifyReply } from 'fastify'
import { inLanguage } from '../../../plumbing/index.ts'
import { enterResident } from '../enter.ts'
import type { ResidentsHouse } from '../house.ts'
import { say } from '../messages.ts'
import { openPage } from '../open-page.ts'
import type { HomeVisit, OwnPage } from '../own-page.ts'
import { signInsPage, type SignInsView } from '../pages/sign-ins.ts'
import { addPasskey, ownPasskeys, passkeyOffer, removePasskey } from './passkey.ts'
import { ownSessions, signOut } from './session.ts'

const isId = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)

/** `/me/sign-ins`: her passkeys and sessions; signing out. */
export function ownSignInRoutes(own: OwnPage, house: ResidentsHouse): void {
  const { db, party } = house
  own.get('/me/sign-ins', (visit) => show(house, visit, {}))

  own.post('/me/passkey-offers', async ({ actor, resident, reply }) => {
    if (!party) return reply.problem(404)
    const offer = await openPage(house, actor, async (tx, { contact }) =>
      passkeyOffer(db, party, resident, contact.email, await ownPasskeys(tx)),
    )
    return offer ? reply.header('cache-control', 'no-store').send(offer) : reply.problem(429)
  })

  own.post('/me/passkeys', async (visit) => {
    if (!party) return visit.reply.problem(404)
    const { passkey: answer = '', device = '' } = visit.posted
    const added = await addPasskey(db, party, visit.actor, visit.resident, { answer, device })
    if ('done' in added) return show(house, visit, { done: say(visit.language, 'passkeyDone') })
    const words = {
      'not-verified': 'passkeyNotVerified',
      'known-already': 'passkeyKnown',
      'not-fresh': 'freshFirst',
      'too-many': 'passkeyMany',
    } as const
    return show(house, visit, { wrong: say(visit.language, words[added.refused]) })
  })

  own.post('/me/passkey-removals', async (visit) => {
    const removed = await removePasskey(db, visit.actor, visit.posted['passkey'] ?? '')
    const { language } = visit
    return show(
      house,
      visit,
      removed ? { done: say(language, 'passkeyGone') } : { wrong: say(language, 'passkeyNotRemoved') },
    )
  })

  own.post('/me/session-endings', async (visit) => {
    const session = visit.posted['session'] ?? ''
    if (!isId(session)) return visit.reply.problem(404)
    await signOut(db, visit.actor, { session })
    return show(house, visit, { done: say(visit.language, 'sessionEnded') })
  })

  own.post('/me/sign-outs', async ({ actor, posted, reply, language }) => {
    await signOut(db, actor, posted['everywhere'] === 'yes' ? 'everywhere' : 'here')
    reply.headers({ 'set-cookie': house.cookie.clear(), 'cache-control': 'no-store', 'clear-site-data': '"cache"' })
    return reply.redirect(inLanguage(language, '/me/sign-in') + '?ended=signed-out', 303)
  })
}

async function show(
  house: ResidentsHouse,
  { actor, resident, reply, language }: HomeVisit,
  said: Pick<SignInsView, 'done' | 'wrong'>,
): Promise<FastifyReply> {
  const view = await house.db.transaction(async (tx) => {
    await enterResident(tx, actor)
    return { passkeys: await ownPasskeys(tx), sessions: await ownSessions(tx) }
  })
  const page = signInsPage(house, language, { fresh: resident.fresh, ...view, ...said })
  return reply.page(page, said.wrong === undefined ? 200 : 422)
}
