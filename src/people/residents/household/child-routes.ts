import type { FastifyReply } from 'fastify'
import { inLanguage } from '../../../plumbing/index.ts'
import { guardianKinds, type ChildId } from '../actor.ts'
import { readEmail } from '../contact.ts'
import type { ResidentsHouse } from '../house.ts'
import { openPage } from '../open-page.ts'
import type { HomeVisit, OwnPage } from '../own-page.ts'
import { shownBy } from '../panel.ts'
import { childPage, type ChildView } from '../pages/child.ts'
import { correctChild, endGuardianship, inviteGuardian, standingFor, takeBackInvitation } from './child-acts.ts'

const isId = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)

/** `/me/children/{id}`. A child that is not on her page and one that is not there are one answer. */
export function childRoutes(own: OwnPage, house: ResidentsHouse): void {
  const at = '/me/children/:child'
  own.get(at, (visit) => show(house, visit, {}))

  own.post(at, async (visit) => {
    const { firstName = '', born } = visit.posted
    const typed = { firstName, ...(born !== undefined && { born }) }
    const id = childIn(visit)
    const done = id && (await correctChild(house, visit.actor, id, typed))
    if (!done) return visit.reply.problem(404)
    return 'done' in done ? show(house, visit, { done: 'done' }) : show(house, visit, { typed, wrong: done.wrong }, 422)
  })

  own.post(`${at}/invitations`, async (visit) => {
    const { email: typed = '', kind: named = '' } = visit.posted
    const [email, kind] = [readEmail(typed), guardianKinds.find((one) => one === named)]
    const id = childIn(visit)
    if (!id) return visit.reply.problem(404)
    if (email === undefined || kind === undefined) {
      const wrong = {
        ...(email === undefined && { email: true as const }),
        ...(kind === undefined && { kind: true as const }),
      }
      return show(house, visit, { asked: { email: typed.slice(0, 254), kind: named, wrong } }, 422)
    }
    const done = await inviteGuardian(house, visit.actor, id, { email, kind })
    if (!done || ('refused' in done && done.refused === 'not-there')) return visit.reply.problem(404)
    if ('done' in done) return show(house, visit, { done: 'invited' })
    return show(house, visit, done.refused === 'too-many' ? { refused: 'inviteMany' } : {}, 422)
  })

  own.post(`${at}/invitation-endings`, async (visit) => {
    const invitation = visit.posted['invitation'] ?? ''
    const done = isId(invitation) && (await takeBackInvitation(house.db, visit.actor, invitation))
    return show(house, visit, done ? { done: 'takenBack' } : {})
  })

  own.post(`${at}/endings`, async (visit) => {
    const id = childIn(visit)
    const ended = id && (await endGuardianship(house.db, visit.actor, id))
    if (!ended || ('refused' in ended && ended.refused === 'not-there')) return visit.reply.problem(404)
    if ('refused' in ended) return show(house, visit, {}, 422)
    return visit.reply.redirect(inLanguage(visit.language, '/me') + '?done=ended', 303)
  })
}

function childIn({ request }: HomeVisit): ChildId | undefined {
  const { child } = request.params as { child: string }
  return isId(child) ? (child as ChildId) : undefined
}

type Said = Omit<ChildView, 'child' | 'fresh' | 'guardians' | 'invitations' | 'panels'>

async function show(house: ResidentsHouse, visit: HomeVisit, said: Said, status = 200): Promise<FastifyReply> {
  const { actor, resident, language, reply } = visit
  const id = childIn(visit)
  const page = await openPage(house, actor, async (tx, household) => {
    const child = household.children.find((one) => one.id === id)
    if (!child) return undefined
    const standing = await standingFor(tx, child.id)
    const seen = { household, language, child }
    const panels = await shownBy((house.panels ?? []).map((panel) => panel.ofChild?.(tx, seen)))
    return childPage(house.city, language, { child, fresh: resident.fresh, ...standing, panels, ...said })
  })
  return page ? reply.page(page, status) : reply.problem(404)
}
