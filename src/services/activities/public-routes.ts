import type { FastifyInstance, FastifyReply } from 'fastify'
import type { ProgrammeId, Session, SessionId } from '../../city/index.ts'
import { inLanguage, type Language } from '../../plumbing/index.ts'
import type { House } from '../correspondence/index.ts'
import { calendarFeed } from './calendar-feed.ts'
import { drawFile, drawPage } from './draw/draw-page.ts'
import { readDraw } from './draw/read-draw.ts'
import { readFilter } from './filter.ts'
import { allPage } from './pages/all.ts'
import { programmePage } from './pages/programme.ts'
import { sessionPage } from './pages/session.ts'
import { stageOf, standings, type Standing } from './standing.ts'

/** Anybody may keep these pages for so many seconds: they are the same for everybody, and places go. */
const keptSeconds = 15

type PublicHouse = Pick<House, 'db' | 'city' | 'clock'> & Readonly<{ publicUrl: string }>
type AtSession = { Params: { programme: string; session: string } }

/** `/activities`, each programme and each session of it, and calendars to follow: for anybody, naming nobody. */
export function activitiesRoutes(app: FastifyInstance, house: PublicHouse): void {
  const { city, db, clock } = house
  const { programmes, sessions } = city.activities
  const standing = () => standings(db)
  const view = (all: ReadonlyMap<SessionId, Standing>) => ({
    city,
    stage: (session: Session) => stageOf(session, all.get(session.id), clock.now()),
    kept: (session: Session) => all.get(session.id)?.kept,
  })
  const feed = async (reply: FastifyReply, language: Language, some: readonly Session[]) => {
    const url = house.publicUrl + inLanguage(language, '/activities')
    const file = calendarFeed(city, language, some, { standing: await standing(), at: clock.now(), url })
    return kept(reply).type('text/calendar; charset=utf-8').send(file)
  }
  const sessionAt = ({ programme, session }: AtSession['Params']) => {
    const found = sessions.get(session as SessionId)
    return found?.programme === programme ? found : undefined
  }

  app.get<{ Querystring: Record<string, unknown> }>('/activities', async (request, reply) => {
    const filter = readFilter(city.activities, request.query)
    return kept(reply).page(allPage(request.language, { ...view(await standing()), filter }))
  })
  app.get('/activities/calendar.ics', (request, reply) => feed(reply, request.language, [...sessions.values()]))
  app.get<{ Params: { programme: string } }>('/activities/:programme', async (request, reply) => {
    const programme = programmes.get(request.params.programme as ProgrammeId)
    if (!programme) return reply.problem(404)
    return kept(reply).page(programmePage(request.language, { ...view(await standing()), programme }))
  })
  app.get<AtSession>('/activities/:programme/:session', async (request, reply) => {
    const session = sessionAt(request.params)
    if (!session) return reply.problem(404)
    return kept(reply).page(sessionPage(request.language, { ...view(await standing()), session }))
  })
  app.get<AtSession>('/activities/:programme/:session/draw', async (request, reply) => {
    const session = sessionAt(request.params)
    if (!session?.lottery) return reply.problem(404)
    const draw = await db.transaction((tx) => readDraw(tx, session.id))
    return kept(reply).page(drawPage(request.language, { city, session, ...(draw && { draw }) }))
  })
  app.get<AtSession>('/activities/:programme/:session/draw.json', async (request, reply) => {
    const session = sessionAt(request.params)
    const draw = session && (await db.transaction((tx) => readDraw(tx, session.id)))
    return draw ? kept(reply).type('application/json; charset=utf-8').send(drawFile(draw)) : reply.problem(404)
  })
  app.get<AtSession>('/activities/:programme/:session/calendar.ics', (request, reply) => {
    const session = sessionAt(request.params)
    return session ? feed(reply, request.language, [session]) : reply.problem(404)
  })
}

const kept = (reply: FastifyReply) => reply.header('cache-control', `public, max-age=${String(keptSeconds)}`)
