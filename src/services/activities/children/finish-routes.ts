import type { FastifyReply } from 'fastify'
import type { PriceGroupId } from '../../../city/index.ts'
import type { ChildAtHome, HomeVisit, OwnPage } from '../../../people/residents/index.ts'
import { issueToken, readToken } from '../../correspondence/index.ts'
import { waiverMark } from '../import-activities.ts'
import { isLive } from '../in-hand.ts'
import { homeOf, onward, sessionIn, showChoice, type ChildHouse, type Found, type Home } from './choice.ts'
import { enrolChildren } from './enrol-child.ts'
import { finishPage, type Signing } from './finish-page.ts'
import { say } from './messages.ts'
import { notShownPage } from './pages.ts'
import { placeOf, showPlace } from './place-routes.ts'
import { fitsAge, stageOfChild, type ChildConsent } from './standing.ts'

type Ready = Readonly<{ child: ChildAtHome; consents: readonly ChildConsent[]; prefix: string }>
type At = Found & Readonly<{ home: Home; its: readonly Ready[] }>

/** The last step of signing children up: one at her own address, brothers and sisters at `…/together`. */
export function finishRoutes(own: OwnPage, house: ChildHouse): void {
  const one = '/me/activities/:session/:child'
  own.get(one, async (visit) => {
    const place = await placeOf(house, visit)
    if (place && isLive(place.enrolment)) return showPlace(house, visit, place)
    return atChild(house, visit, (at) => showFinish(house, visit, at))
  })
  own.post(one, (visit) => atChild(house, visit, (at) => finish(house, visit, at)))
  const several = '/me/activities/:session/together'
  own.get(several, (visit) => atSeveral(house, visit, visit.request.query, (at) => showFinish(house, visit, at)))
  own.post(several, (visit) => atSeveral(house, visit, visit.posted, (at) => finish(house, visit, at)))
}

type Work = (at: At) => Promise<FastifyReply> | FastifyReply

const stageIn = ({ programme }: Found, { consents }: Home, { id }: ChildAtHome) =>
  stageOfChild(programme, consents.filter((one) => one.child === id)) // prettier-ignore

/** A child's own step: where she may go on, and else the page that says what is missing. */
async function atChild(house: ChildHouse, visit: HomeVisit, work: Work): Promise<FastifyReply> {
  const { city } = house
  const found = sessionIn(house, visit)
  const { child: id } = visit.request.params as { child?: string }
  const home = found && (await homeOf(house, visit, found.session))
  const child = home?.household.children.find((one) => one.id === id)
  if (!found || !home || !child) return visit.reply.problem(404)
  const stage = stageIn(found, home, child)
  if (stage.stage === 'not-asked') return onward(visit, `/me/activities/${found.session.id}`)
  if (stage.stage === 'not-shown')
    return visit.reply.page(notShownPage({ city, language: visit.language, ...found }, child, stage.request))
  return work({ ...found, home, its: [{ child, consents: stage.consents, prefix: '' }] })
}

/** Brothers and sisters whom she checked: all of them have to be ready, or she is told whose consent comes first. */
async function atSeveral(house: ChildHouse, visit: HomeVisit, chosen: unknown, work: Work): Promise<FastifyReply> {
  const { language } = visit
  const found = sessionIn(house, visit)
  const home = found && (await homeOf(house, visit, found.session))
  if (!found || !home) return visit.reply.problem(404)
  const names = Object.keys(chosen as object)
  const children = home.household.children.filter(
    (child) => names.includes(`with-${child.id}`) && fitsAge(found.programme, found.session, child),
  )
  const again = (wrong: string) => showChoice(house, visit, found, { errors: [], wrong })
  if (children.length < 2) return again(say(language, 'togetherTwo'))
  const its: Ready[] = []
  for (const [n, child] of children.entries()) {
    const stage = stageIn(found, home, child)
    if (stage.stage !== 'ready') return again(say(language, 'togetherNotReady', { name: child.about.firstName }))
    its.push({ child, consents: stage.consents, prefix: `${String(n)}-` })
  }
  return work({ ...found, home, its })
}

type More = Readonly<{ errors?: readonly Readonly<{ name: string; says: string }>[]; wrong?: string }>

function showFinish(house: ChildHouse, visit: HomeVisit, at: At, more: More = {}): FastifyReply {
  const { session, programme } = at
  const its = at.its.map((one): Signing => {
    const token = readToken(house.keys, visit.posted[`${one.prefix}token`]) ?? issueToken(house.keys)
    return { ...one, token }
  })
  const status = more.wrong !== undefined ? 409 : more.errors ? 422 : 200
  const view = { city: house.city, language: visit.language, session, programme, its, typed: visit.posted }
  return visit.reply.page(finishPage({ ...view, ...more }), status)
}

/** What is missing: an answer under a needed consent, and that she agrees. */
function missingIn({ posted, language }: HomeVisit, { programme, its }: At) {
  const answers = its.flatMap(({ consents, prefix }) =>
    programme.purposes
      .filter(({ id, needed }) => needed && consents.some((one) => one.purpose === id))
      .flatMap(({ asks }) => asks.map(({ field }) => prefix + field)),
  )
  const { waiver } = programme
  return [
    ...answers.filter((name) => !posted[name]?.trim()).map((name) => ({ name, says: say(language, 'needed') })),
    ...(waiver && posted['agreed'] !== waiverMark(waiver)
      ? [{ name: 'agreed', says: say(language, 'agreeWrong') }]
      : []),
  ]
}

async function finish(house: ChildHouse, visit: HomeVisit, at: At): Promise<FastifyReply> {
  const { posted, language, actor } = visit
  const { session, programme, home, its } = at
  const errors = missingIn(visit, at)
  if (errors.length > 0) return showFinish(house, visit, at, { errors })
  const { name, email } = home.household.contact
  const group = posted['group']
  const wishes = its.map(({ child, consents, prefix }) => {
    const token = readToken(house.keys, posted[`${prefix}token`])
    const answers = Object.fromEntries(
      programme.purposes.flatMap(({ asks }) => asks.map(({ field }) => [field, posted[prefix + field] ?? ''])),
    )
    return {
      ...{ programme, session, child, consents, answers, language },
      contact: { name, email },
      ...(group !== undefined && group !== 'full' && { group: group as PriceGroupId }),
      said: posted[`${prefix}said`] !== undefined,
      ...(token && { token }),
    }
  })
  const enrolled = await enrolChildren(house, actor, wishes)
  if ('codes' in enrolled) {
    const [code, ...others] = enrolled.codes
    return onward(visit, others.length === 0 ? `/receipt/${code ?? ''}` : '/me')
  }
  const about = its.find(({ child }) => child.id === enrolled.child)
  if (enrolled.refused === 'again' && its.length === 1) {
    const place = await placeOf(house, visit)
    return place ? showPlace(house, visit, place, 'again') : visit.reply.problem(404)
  }
  if (enrolled.refused === 'before')
    return showFinish(house, visit, at, { errors: [{ name: `${about?.prefix ?? ''}said`, says: say(language, 'saidWrong') }] }) // prettier-ignore
  const why = say(language, `refused_${enrolled.refused}`)
  const wrong = its.length > 1 ? say(language, 'refusedOf', { name: about?.child.about.firstName ?? '', why }) : why
  return showFinish(house, visit, at, { wrong })
}
