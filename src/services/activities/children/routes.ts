import { Temporal } from 'temporal-polyfill'
import type { FastifyReply } from 'fastify'
import { askSelf, bandOn, keepNotice } from '../../../people/consent/index.ts'
import {
  addChild,
  enterResident,
  guardianKinds,
  type HomeVisit,
  type OwnPage,
} from '../../../people/residents/index.ts'
import { homeOf, onward, sessionIn, showChoice, type ChildHouse, type Found } from './choice.ts'
import { finishRoutes } from './finish-routes.ts'
import { say } from './messages.ts'
import { noticeOf, signUpPath } from './notice.ts'
import { placeRoutes } from './place-routes.ts'
import { stageOfChild } from './standing.ts'

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
  finishRoutes(own, house)
  placeRoutes(own, house)
}

/** To the questions where the consents are there; else her consent is asked, by the page that asks for any. */
async function goOn(house: ChildHouse, visit: HomeVisit, found: Found, id: string): Promise<FastifyReply> {
  const home = await homeOf(house, visit, found.session)
  const child = home?.household.children.find((one) => one.id === id)
  if (!home || !child) return visit.reply.problem(404)
  const stage = stageOfChild(found.programme, home.consents.filter((one) => one.child === child.id)) // prettier-ignore
  if (stage.stage !== 'not-asked') return onward(visit, signUpPath(found.session.id, child.id))
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
