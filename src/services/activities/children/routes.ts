import { Temporal } from 'temporal-polyfill'
import type { FastifyReply } from 'fastify'
import type { PriceGroupId, Programme, Session, SessionId } from '../../../city/index.ts'
import { askSelf, bandOn, keepNotice } from '../../../people/consent/index.ts'
import { addChild, enterResident, guardianKinds, openPage, type ChildAtHome, type HomeVisit, type Household, type OwnPage } from '../../../people/residents/index.ts' // prettier-ignore
import { inLanguage } from '../../../plumbing/index.ts'
import { issueToken, readToken, type House } from '../../correspondence/index.ts'
import { waiverMark } from '../import-activities.ts'
import { enrolmentsInHand, isLive, type EnrolmentInHand } from '../in-hand.ts'
import { enrolChild } from './enrol-child.ts'
import { say } from './messages.ts'
import { noticeOf } from './notice.ts'
import { placeOf, placeRoutes, showPlace } from './place-routes.ts'
import { choosePage, finishPage, notShownPage, type ChooseView } from './pages.ts'
import { consentsFor, stageOfChild, type ChildConsent } from './standing.ts'

type ChildHouse = House & Readonly<{ publicUrl: string }>
type Found = Readonly<{ session: Session; programme: Programme }>

/** `/me/activities/{session}`: a guardian signs a child up. What children may not join is not there. */
export function childRoutes(own: OwnPage, house: ChildHouse): void {
  own.get('/me/activities/:session', async (visit) => {
    const found = sessionIn(house, visit)
    return found ? showChoice(house, visit, found) : visit.reply.problem(404)
  })
  own.post('/me/activities/:session', async (visit) => {
    const found = sessionIn(house, visit)
    if (!found) return visit.reply.problem(404)
    return visit.posted['child'] === undefined
      ? addAndGoOn(house, visit, found)
      : goOn(house, visit, found, visit.posted['child'])
  })
  own.get('/me/activities/:session/:child', async (visit) => {
    const place = await placeOf(house, visit)
    if (place && isLive(place.enrolment)) return showPlace(house, visit, place)
    return atChild(house, visit, (at) => showFinish(house, visit, at))
  })
  own.post('/me/activities/:session/:child', (visit) => atChild(house, visit, (at) => finish(house, visit, at)))
  placeRoutes(own, house)
}

function sessionIn({ city }: ChildHouse, { request }: HomeVisit): Found | undefined {
  const { session: id } = request.params as { session?: string }
  const session = city.activities.sessions.get((id ?? '') as SessionId)
  const programme = session && city.activities.programmes.get(session.programme)
  return session && programme && programme.purposes.length > 0 ? { session, programme } : undefined
}

type Home = Readonly<{
  household: Household
  inIt: ReadonlyMap<string, EnrolmentInHand>
  consents: readonly ChildConsent[]
}>

const homeOf = (house: ChildHouse, { actor }: HomeVisit, session: Session): Promise<Home | undefined> =>
  openPage(house, actor, async (tx, household) => {
    const its = (await enrolmentsInHand(tx)).filter((one) => one.session === session.id && isLive(one))
    const inIt = new Map(its.map((one) => [one.child ?? '', one]))
    return { household, inIt, consents: await consentsFor(tx, session) }
  })

async function showChoice(
  house: ChildHouse,
  visit: HomeVisit,
  found: Found,
  more: Partial<ChooseView> = {},
): Promise<FastifyReply> {
  // prettier-ignore
  const home = await homeOf(house, visit, found.session)
  if (!home) return visit.reply.problem(404)
  const view = { ...found, city: house.city, language: visit.language, children: home.household.children, inIt: home.inIt } // prettier-ignore
  return visit.reply.page(choosePage({ ...view, ...more }), more.errors ? 422 : 200)
}

const onward = ({ reply, language }: HomeVisit, path: string): FastifyReply =>
  reply.header('cache-control', 'no-store').redirect(inLanguage(language, path), 303)

/** To the questions where the consents are there; else her consent is asked, by the page that asks for any. */
async function goOn(house: ChildHouse, visit: HomeVisit, found: Found, id: string): Promise<FastifyReply> {
  const home = await homeOf(house, visit, found.session)
  const child = home?.household.children.find((one) => one.id === id)
  if (!home || !child) return visit.reply.problem(404)
  const stage = stageOfChild(found.programme, home.consents.filter((one) => one.child === child.id)) // prettier-ignore
  if (stage.stage !== 'not-asked') return onward(visit, `/me/activities/${found.session.id}/${child.id}`)
  const notice = noticeOf(house.city, found.programme, found.session)
  const hash = await house.db.transaction((tx) => keepNotice(tx, house.keys, notice))
  const { email } = home.household.contact
  const words = { firstName: child.about.firstName, email }
  const asked = await askSelf(house, visit.actor, { child: child.id, notice: hash, words })
  return 'refused' in asked ? visit.reply.problem(404) : onward(visit, `/me/consents/requests/${asked.asked}`)
}

async function addAndGoOn(house: ChildHouse, visit: HomeVisit, found: Found): Promise<FastifyReply> {
  const { posted, language, actor } = visit
  const firstName = (posted['firstName'] ?? '').trim().slice(0, 60)
  const born = dateIn(posted['born'])
  const today = house.clock.now().toZonedDateTimeISO(house.city.timeZone).toPlainDate()
  const band = born && bandOn(today, born)
  const as = guardianKinds.find((kind) => kind === posted['as'])
  const errors = [
    ...(firstName === '' ? [{ name: 'firstName', says: say(language, 'wrongName') }] : []),
    ...(!born || band === 'adult' || band === 'not-born' ? [{ name: 'born', says: say(language, 'wrongBorn') }] : []),
    ...(as ? [] : [{ name: 'as', says: say(language, 'wrongAs') }]),
  ]
  if (errors.length > 0 || !born || !as) return showChoice(house, visit, found, { errors, typed: posted })
  const added = await house.db.transaction(async (tx) => {
    if (!(await enterResident(tx, actor))) return { refused: 'not-there' as const }
    return addChild(tx, house.keys, as, { firstName, born: born.toString() }, band)
  })
  if ('refused' in added)
    return showChoice(house, visit, found, {
      errors: [],
      wrong: say(language, `wrong-${added.refused}`),
      typed: posted,
    })
  return goOn(house, visit, found, added.child)
}

function dateIn(typed = ''): Temporal.PlainDate | undefined {
  const [, year = '', month = '', day = ''] = /^(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})$/.exec(typed.trim()) ?? []
  try {
    return Temporal.PlainDate.from(
      { year: Number(year), month: Number(month), day: Number(day) },
      { overflow: 'reject' },
    )
  } catch {
    return undefined
  }
}

type AtChild = Found & Readonly<{ child: ChildAtHome; home: Home; consents: readonly ChildConsent[] }>

/** A child's own step: where she may go on, and else the page that says what is missing. */
async function atChild(
  house: ChildHouse,
  visit: HomeVisit,
  work: (at: AtChild) => Promise<FastifyReply> | FastifyReply,
): Promise<FastifyReply> {
  // prettier-ignore
  const found = sessionIn(house, visit)
  const { child: id } = visit.request.params as { child?: string }
  const home = found && (await homeOf(house, visit, found.session))
  const child = home?.household.children.find((one) => one.id === id)
  if (!found || !home || !child) return visit.reply.problem(404)
  const stage = stageOfChild(found.programme, home.consents.filter((one) => one.child === child.id)) // prettier-ignore
  if (stage.stage === 'not-asked') return onward(visit, `/me/activities/${found.session.id}`)
  if (stage.stage === 'not-shown')
    return visit.reply.page(
      notShownPage({ city: house.city, language: visit.language, ...found }, child, stage.request),
    )
  return work({ ...found, child, home, consents: stage.consents })
}

type More = Readonly<{ errors?: readonly Readonly<{ name: string; says: string }>[]; wrong?: string }>

function showFinish(house: ChildHouse, visit: HomeVisit, at: AtChild, more: More = {}): FastifyReply {
  const token = readToken(house.keys, visit.posted['token']) ?? issueToken(house.keys)
  const { session, programme, child, consents } = at
  const view = { city: house.city, language: visit.language, session, programme, child, consents, token }
  const status = more.wrong !== undefined ? 409 : more.errors ? 422 : 200
  return visit.reply.page(finishPage({ ...view, typed: visit.posted, ...more }), status)
}

async function finish(house: ChildHouse, visit: HomeVisit, at: AtChild): Promise<FastifyReply> {
  const { posted, language, actor } = visit
  const { programme, consents, home } = at
  const asked = programme.purposes.filter(({ id }) => consents.some((one) => one.purpose === id))
  const missing = asked.flatMap(({ needed, asks }) =>
    needed ? asks.filter(({ field }) => !posted[field]?.trim()) : [],
  )
  const errors = [
    ...missing.map(({ field }) => ({ name: field, says: say(language, 'needed') })),
    ...(programme.waiver && posted['agreed'] !== waiverMark(programme.waiver)
      ? [{ name: 'agreed', says: say(language, 'agreeWrong') }]
      : []),
  ]
  if (errors.length > 0) return showFinish(house, visit, at, { errors })
  const { name, email } = home.household.contact
  const token = readToken(house.keys, posted['token'])
  const enrolled = await enrolChild(house, actor, {
    ...at,
    answers: posted,
    contact: { name, email },
    ...(posted['group'] !== undefined && posted['group'] !== 'full' && { group: posted['group'] as PriceGroupId }),
    said: posted['said'] !== undefined,
    language,
    ...(token && { token }),
  })
  if ('code' in enrolled) return onward(visit, `/receipt/${enrolled.code}`)
  if (enrolled.refused === 'again') {
    const place = await placeOf(house, visit)
    return place ? showPlace(house, visit, place, 'again') : visit.reply.problem(404)
  }
  if (enrolled.refused === 'before') return showFinish(house, visit, at, { errors: [{ name: 'said', says: say(language, 'saidWrong') }] }) // prettier-ignore
  return showFinish(house, visit, at, { wrong: say(language, `refused_${enrolled.refused}`) })
}
