import type { FastifyReply } from 'fastify'
import type { SessionId } from '../../../city/index.ts'
import { openPage, type ChildId, type HomeVisit, type OwnPage } from '../../../people/residents/index.ts'
import { inLanguage } from '../../../plumbing/index.ts'
import type { House } from '../../correspondence/index.ts'
import { acceptOffers, cancelEnrolment, waitOneByOne } from '../cancel.ts'
import { daysInHand, enrolmentsInHand, isLive, type EnrolmentInHand } from '../in-hand.ts'
import { messagesInHand } from '../message.ts'
import type { CancellationRefusal } from '../pages/cancellation.ts'
import type { NotTaken } from '../pages/not-taken.ts'
import { shownIn } from '../receipt-routes.ts'
import { addressOf, givingUpPage, placePage, type PlaceView } from './place-pages.ts'

type Found = Omit<PlaceView, 'language' | 'city'>

const onward = ({ reply, language }: HomeVisit, path: string): FastifyReply =>
  reply.header('cache-control', 'no-store').redirect(inLanguage(language, path), 303)

/**
 * `/me/activities/{session}/{child}`, once she is signed up: how it stands, taking a place that is offered, giving it up with
 * its preview. Whoever does not speak for the child gets the page of what is not there.
 */
export function placeRoutes(own: OwnPage, house: House): void {
  const base = '/me/activities/:session/:child'
  own.get(`${base}/cancellation`, async (visit) => {
    const found = await placeOf(house, visit)
    if (!found) return visit.reply.problem(404)
    return isLive(found.enrolment) ? showGivingUp(house, visit, found) : showPlace(house, visit, found)
  })
  own.post(`${base}/cancellation`, async (visit) => {
    const found = await placeOf(house, visit)
    const shown = shownIn(visit.posted)
    if (!found || !shown) return visit.reply.problem(404)
    const cancelled = await cancelEnrolment(house, visit.actor, { id: found.enrolment.id, ...shown })
    // What has ended is told there; the address above it signs her up again.
    if ('done' in cancelled) return onward(visit, `${addressOf(found)}/cancellation`)
    const now = await placeOf(house, visit)
    if (!now || cancelled.refused === 'not-there') return visit.reply.problem(404)
    if (cancelled.refused === 'ended') return showPlace(house, visit, now, 'ended')
    return isLive(now.enrolment) ? showGivingUp(house, visit, now, cancelled.refused) : showPlace(house, visit, now)
  })
  own.post(`${base}/acceptance`, async (visit) => {
    const found = await placeOf(house, visit)
    if (!found) return visit.reply.problem(404)
    const offered = found.together.filter(({ state }) => state === 'offered').map(({ id }) => id)
    const all = visit.posted['together'] === 'yes' ? offered : []
    const accepted = await acceptOffers(house, visit.actor, [found.enrolment.id, ...all])
    if ('as' in accepted) return onward(visit, addressOf(found))
    const now = await placeOf(house, visit)
    if (accepted.refused === 'not-there' || !now) return visit.reply.problem(404)
    return showPlace(house, visit, now, accepted.refused)
  })
  own.post(`${base}/waiting-alone`, async (visit) => {
    const found = await placeOf(house, visit)
    if (!found) return visit.reply.problem(404)
    // Where they do not wait together any more, her page says how each of them stands.
    if (found.enrolment.family !== undefined) await waitOneByOne(house, visit.actor, found.enrolment.family)
    return onward(visit, addressOf(found))
  })
}

/** The place of a child in a session: the one that stands, else the last that ended. Undefined where she has none here. */
export function placeOf(house: House, { actor, request }: HomeVisit): Promise<Found | undefined> {
  const { session, child: id } = request.params as { session?: string; child?: string }
  return openPage(house, actor, async (tx, { children, was }) => {
    const child = [...children, ...was].find((one) => one.id === id)
    const all = await enrolmentsInHand(tx)
    const enrolment = child && enrolmentIn(all, child.id, (session ?? '') as SessionId)
    if (!enrolment) return undefined
    const together = all.flatMap((one) => {
      const other = children.find(({ id: its }) => its === one.child)
      const isWith =
        one.family !== undefined && one.family === enrolment.family && one.id !== enrolment.id && isLive(one)
      return isWith && other ? [{ id: one.id, name: other.about.firstName, state: one.standing.state }] : []
    })
    const messages = (await messagesInHand(tx, house.keys)).filter((one) => one.enrolment === enrolment.id)
    const days = (await daysInHand(tx)).filter((one) => one.enrolment === enrolment.id)
    return { child: { id: child.id, name: child.about.firstName }, enrolment, together, messages, days }
  })
}

function enrolmentIn(all: readonly EnrolmentInHand[], child: ChildId, session: SessionId): EnrolmentInHand | undefined {
  const its = all.filter((one) => one.child === child && one.session === session)
  return its.find(isLive) ?? its.at(-1)
}

/** `again`: she is signed up already, and how it stands is the answer. */
export function showPlace({ city }: House, visit: HomeVisit, found: Found, refused?: NotTaken | 'again'): FastifyReply {
  const view = { city, language: visit.language, ...found, ...(refused && { refused }) }
  return visit.reply.page(placePage(view), refused ? 409 : 200)
}

function showGivingUp({ city }: House, visit: HomeVisit, found: Found, refused?: CancellationRefusal): FastifyReply {
  const view = { city, language: visit.language, ...found }
  return visit.reply.page(givingUpPage(view, refused), refused ? 409 : 200)
}
