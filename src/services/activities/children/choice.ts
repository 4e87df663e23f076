import type { FastifyReply } from 'fastify'
import type { Programme, Session, SessionId } from '../../../city/index.ts'
import { openPage, type HomeVisit, type Household } from '../../../people/residents/index.ts'
import { inLanguage } from '../../../plumbing/index.ts'
import type { House } from '../../correspondence/index.ts'
import { enrolmentsInHand, isLive, type EnrolmentInHand } from '../in-hand.ts'
import { choosePage, type ChooseView } from './pages.ts'
import { consentsFor, type ChildConsent } from './standing.ts'

export type ChildHouse = House & Readonly<{ publicUrl: string }>
/** A session in which children take part, with its programme. */
export type Found = Readonly<{ session: Session; programme: Programme }>

export function sessionIn({ city }: ChildHouse, { request }: HomeVisit): Found | undefined {
  const { session: id } = request.params as { session?: string }
  const session = city.activities.sessions.get((id ?? '') as SessionId)
  const programme = session && city.activities.programmes.get(session.programme)
  return session && programme && programme.purposes.length > 0 ? { session, programme } : undefined
}

export type Home = Readonly<{
  household: Household
  inIt: ReadonlyMap<string, EnrolmentInHand>
  consents: readonly ChildConsent[]
}>

export const homeOf = (house: ChildHouse, { actor }: HomeVisit, session: Session): Promise<Home | undefined> =>
  openPage(house, actor, async (tx, household) => {
    const its = (await enrolmentsInHand(tx)).filter((one) => one.session === session.id && isLive(one))
    const inIt = new Map(its.map((one) => [one.child ?? '', one]))
    return { household, inIt, consents: await consentsFor(tx, session) }
  })

export async function showChoice(
  house: ChildHouse,
  visit: HomeVisit,
  found: Found,
  more: Partial<ChooseView> = {},
): Promise<FastifyReply> {
  const home = await homeOf(house, visit, found.session)
  if (!home) return visit.reply.problem(404)
  const view = { ...found, city: house.city, language: visit.language, children: home.household.children, inIt: home.inIt } // prettier-ignore
  return visit.reply.page(choosePage({ ...view, ...more }), more.errors ? 422 : 200)
}

export const onward = ({ reply, language }: HomeVisit, path: string): FastifyReply =>
  reply.header('cache-control', 'no-store').redirect(inLanguage(language, path), 303)
