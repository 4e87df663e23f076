import type { FastifyReply } from 'fastify'
import { mayDo, type Session, type SessionId } from '../../../city/index.ts'
import type { DeskModule } from '../../../city/look/index.ts'
import type { Desk, Visit } from '../../../trust/need-to-know/index.ts'
import { newId, type House } from '../../correspondence/index.ts'
import { writeToAll } from '../message.ts'
import { callOffReasons } from '../standing.ts'
import { attend, ledToday, openRoster, rosterOfToday } from './lead.ts'
import { say } from './messages.ts'
import { overviewPage } from './overview-page.ts'
import { rosterPage, rosterPrintPage, type RosterView } from './roster-page.ts'
import {
  callOff,
  enrolmentsRun,
  putOut,
  putOutReasons,
  giveKept,
  keptReasons,
  showBefore,
  sessionsRun,
  type RunRefusal,
} from './run.ts'
import { sessionDeskPage } from './session-page.ts'

type DeskHouse = House & Readonly<{ printModule?: DeskModule }>

/** `/desk/activities`. Who neither runs nor leads any is told what is told of a page that is not there. */
export function activitiesDeskRoutes(desk: Desk, house: DeskHouse): void {
  const { city } = house
  const may = ({ staff }: Visit, power: 'run-activities' | 'lead-session') => mayDo(city, staff.duties, power)
  desk.get('/desk/activities', async (visit) => {
    const [leads, runs] = [may(visit, 'lead-session'), may(visit, 'run-activities')]
    if (!leads && !runs) return visit.reply.problem(404)
    const led = leads ? await ledToday(house, visit.actor) : undefined
    const run = runs ? await sessionsRun(house, visit.actor) : []
    return visit.reply.page(overviewPage({ city, staff: visit.staff, run, ...(led && { led }) }))
  })
  runRoutes(desk, house)
  leadRoutes(desk, house)
}

function sessionIn({ city }: DeskHouse, { request }: Visit): Session | undefined {
  const { session } = request.params as { session?: string }
  return city.activities.sessions.get((session ?? '') as SessionId)
}

const onward = ({ reply }: Visit, to: string): FastifyReply =>
  reply.header('cache-control', 'no-store').redirect(to, 303)

const doneWords = ['called_off', 'put_out', 'written', 'kept', 'shown'] as const
const isId = (text: string | undefined): text is string =>
  text !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)

/** One enrolment as its row was shown; undefined where a program made something up. */
function enrolmentAt(house: DeskHouse, visit: Visit) {
  const { id } = visit.request.params as { id?: string }
  const { version = '' } = visit.posted
  const session = sessionIn(house, visit)
  return session && isId(id) && /^\d{1,9}$/.test(version) ? { session, id, version: Number(version) } : undefined
}

type Refused = RunRefusal | 'empty' | 'too-long'

async function showSession(house: DeskHouse, visit: Visit, refused?: Refused): Promise<FastifyReply> {
  const session = sessionIn(house, visit)
  const run = session && (await sessionsRun(house, visit.actor)).find((one) => one.session === session.id)
  if (!session || !run || refused === 'not-there') return visit.reply.problem(404)
  const enrolments = await enrolmentsRun(house, visit.actor, session.id)
  const { done } = visit.request.query as { done?: unknown }
  const word = doneWords.find((one) => one === done)
  const view = { city: house.city, staff: visit.staff, session, run, enrolments, messageId: newId() }
  const said = word && { said: say('en', `done_${word}`) }
  const wrong = refused && { refused: say('en', `refused_${refused}`), words: visit.posted['words'] ?? '' }
  return visit.reply.page(sessionDeskPage({ ...view, ...said, ...wrong }), refused ? 409 : 200)
}

function runRoutes(desk: Desk, house: DeskHouse): void {
  desk.get('/desk/activities/:session', (visit) => showSession(house, visit))
  desk.post('/desk/activities/:session/cancellations', async (visit) => {
    const session = sessionIn(house, visit)
    const because = callOffReasons.find((one) => one === visit.posted['because'])
    if (!session) return visit.reply.problem(404)
    if (!because || visit.posted['sure'] !== 'yes') return showSession(house, visit, 'no-reason')
    const ran = await callOff(house, visit.actor, { session: session.id, because })
    if ('refused' in ran) return showSession(house, visit, ran.refused)
    return onward(visit, `/desk/activities/${session.id}?done=called_off`)
  })
  desk.post('/desk/activities/:session/enrolments/:id/endings', async (visit) => {
    const at = enrolmentAt(house, visit)
    if (!at) return visit.reply.problem(404)
    const because = putOutReasons.find((one) => one === visit.posted['because'])
    if (!because) return showSession(house, visit, 'no-reason')
    const ran = await putOut(house, visit.actor, { ...at, because })
    if ('refused' in ran) return showSession(house, visit, ran.refused)
    return onward(visit, `/desk/activities/${at.session.id}?done=put_out`)
  })
  desk.post('/desk/activities/:session/enrolments/:id/kept-places', async (visit) => {
    const at = enrolmentAt(house, visit)
    if (!at) return visit.reply.problem(404)
    const because = keptReasons.find((one) => one === visit.posted['because'])
    if (!because) return showSession(house, visit, 'no-reason')
    const ran = await giveKept(house, visit.actor, { ...at, because })
    if ('refused' in ran) return showSession(house, visit, ran.refused)
    return onward(visit, `/desk/activities/${at.session.id}?done=kept`)
  })
  desk.post('/desk/activities/:session/enrolments/:id/shown', async (visit) => {
    const at = enrolmentAt(house, visit)
    if (!at) return visit.reply.problem(404)
    const ran = await showBefore(house, visit.actor, at)
    if ('refused' in ran) return showSession(house, visit, ran.refused)
    return onward(visit, `/desk/activities/${at.session.id}?done=shown`)
  })
  desk.post('/desk/activities/:session/messages', async (visit) => {
    const session = sessionIn(house, visit)
    const { id, words = '' } = visit.posted
    if (!session || !isId(id)) return visit.reply.problem(404)
    const written = await writeToAll(house, visit.actor, { id, session: session.id, words })
    if ('refused' in written) return showSession(house, visit, written.refused)
    return onward(visit, `/desk/activities/${session.id}?done=written`)
  })
}

const rosterWords = ['attended', 'shown', 'written'] as const

function leadRoutes(desk: Desk, house: DeskHouse): void {
  const at = '/desk/activities/:session/roster'
  const show = async (
    visit: Visit,
    page: typeof rosterPage,
    wrong: Partial<RosterView> = {},
  ): Promise<FastifyReply> => {
    const session = sessionIn(house, visit)
    const roster = session && (await rosterOfToday(house, visit.actor, session.id))
    if (!session || !roster) return visit.reply.problem(404)
    const { done } = visit.request.query as { done?: unknown }
    const modules = house.printModule ? { modules: [house.printModule] } : {}
    const word = rosterWords.find((one) => one === done)
    const said =
      word && wrong.refused === undefined ? { said: say('en', word === 'attended' ? word : `done_${word}`) } : {}
    const view = {
      city: house.city,
      staff: visit.staff,
      session,
      roster,
      messageId: newId(),
      ...modules,
      ...said,
      ...wrong,
    }
    return visit.reply.page(page(view), wrong.refused === undefined ? 200 : 409)
  }
  desk.get(at, (visit) => show(visit, rosterPage))
  desk.get(`${at}/print`, (visit) => show(visit, rosterPrintPage))
  desk.post(`${at}/openings`, async (visit) => {
    const session = sessionIn(house, visit)
    if (!session || !(await openRoster(house, visit.actor, session.id))) return visit.reply.problem(404)
    return onward(visit, `/desk/activities/${session.id}/roster`)
  })
  desk.post(`${at}/shown/:id`, async (visit) => {
    const found = enrolmentAt(house, visit)
    const ran = found && (await showBefore(house, visit.actor, found))
    // What is not as it was when she looked, the roster shows as it is.
    if (!found || (ran && 'refused' in ran && ran.refused === 'not-there')) return visit.reply.problem(404)
    return onward(visit, `/desk/activities/${found.session.id}/roster?done=shown`)
  })
  desk.post(`${at}/messages`, async (visit) => {
    const session = sessionIn(house, visit)
    const { id, words = '' } = visit.posted
    if (!session || !isId(id)) return visit.reply.problem(404)
    const written = await writeToAll(house, visit.actor, { id, session: session.id, words })
    if ('people' in written) return onward(visit, `/desk/activities/${session.id}/roster?done=written`)
    return show(visit, rosterPage, { refused: say('en', `refused_${written.refused}`), words })
  })
  desk.post(`${at}/attendance`, async (visit) => {
    const session = sessionIn(house, visit)
    const came = [(visit.request.body as { came?: unknown } | undefined)?.came ?? []]
      .flat()
      .filter((one) => typeof one === 'string')
    if (!session || !(await attend(house, visit.actor, { session: session.id, came: came.filter(isId) })))
      return visit.reply.problem(404)
    return onward(visit, `/desk/activities/${session.id}/roster?done=attended`)
  })
}
