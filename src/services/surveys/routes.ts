import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createGate, DatabaseFault, inLanguage, type Gate, type Posted } from '../../plumbing/index.ts'
import { issueToken, readToken } from '../correspondence/index.ts'
import { publishTicketModules } from './browser/modules.ts'
import type { SurveysHouse } from './house.ts'
import { closedPage, thanksPage } from './pages/after.ts'
import { keyPage } from './pages/key-page.ts'
import { listPage } from './pages/list.ts'
import { resultsPage } from './pages/results-page.ts'
import { surveyPage, trap, type SurveyState } from './pages/survey-page.ts'
import { readPublished } from './published.ts'
import { putAnswer, type Pass, type Put } from './put-answer.ts'
import { resultsCsv } from './results-csv.ts'
import { readTables } from './results-table.ts'
import { signTicket } from './sign-ticket.ts'
import { findSurvey, listSurveys, type Survey } from './survey.ts'

type Asked = { Params: { id: string } }
type Handler = (survey: Survey, request: FastifyRequest, reply: FastifyReply) => FastifyReply | Promise<FastifyReply>

/** Of signing and answering no line is written: it would have a time. */
const unlogged = { config: { unlogged: true } } as const

/** `/surveys`: what can be answered, the questions, the tickets, what came out. */
export function surveysRoutes(app: FastifyInstance, house: SurveysHouse): void {
  const gate = createGate()
  const of = (handler: Handler) => async (request: FastifyRequest<Asked>, reply: FastifyReply) => {
    const survey = await findSurvey(house, request.params.id)
    return survey ? handler(survey, request, reply) : reply.problem(404)
  }
  publishTicketModules(app)
  app.get('/surveys', async (request, reply) =>
    reply.page(listPage(house.city, request.language, await listSurveys(house))),
  )
  app.get(
    '/surveys/:id',
    of((survey, request, reply) => {
      if (survey.state === 'closed') return reply.page(closedPage(house.city, request.language, survey))
      // Her own browser may keep the empty page, so that going back brings the token that was sent: one answer.
      reply.header('cache-control', 'private, no-cache')
      return show(house, survey, request, reply, { token: issueToken(house.keys) })
    }),
  )
  app.post(
    '/surveys/:id',
    unlogged,
    of((survey, request, reply) => take(house, gate, survey, request, reply)),
  )
  app.post('/surveys/:id/tickets', unlogged, of(sign(house)))
  app.get(
    '/surveys/:id/thanks',
    of((survey, request, reply) => {
      const again = (request.query as { again?: unknown }).again !== undefined
      return reply.page(thanksPage(house.city, request.language, survey, again))
    }),
  )
  app.get(
    '/surveys/:id/key',
    of((survey, request, reply) =>
      survey.publicKey
        ? reply.page(keyPage(house.city, request.language, survey, survey.publicKey))
        : reply.problem(404),
    ),
  )
  resultsRoutes(app, house, of)
  leadFromForms(app, house)
}

function resultsRoutes(
  app: FastifyInstance,
  house: SurveysHouse,
  of: (handler: Handler) => (request: FastifyRequest<Asked>, reply: FastifyReply) => Promise<FastifyReply>,
): void {
  app.get(
    '/surveys/:id/results',
    of(async (survey, request, reply) => {
      const published = await readPublished(house.db, survey.id)
      return reply
        .header('cache-control', 'public, max-age=300')
        .page(resultsPage(house.city, request.language, survey, published))
    }),
  )
  app.get(
    '/surveys/:id/results.csv',
    of(async (survey, request, reply) => {
      const published = await readPublished(house.db, survey.id)
      if (published?.results.counted === undefined) return reply.problem(404)
      const tables = readTables(request.language, survey.questions.form, published.results)
      return reply
        .header('content-disposition', `attachment; filename="${survey.id}.csv"`)
        .header('cache-control', 'public, max-age=300')
        .type('text/csv; charset=utf-8')
        .send(resultsCsv(request.language, tables))
    }),
  )
}

/** `/forms/{questionnaire}` leads to the survey that asks it now. */
function leadFromForms(app: FastifyInstance, house: SurveysHouse): void {
  for (const id of house.surveys.keys())
    app.get(`/forms/${id}`, async (request, reply) => {
      const surveys = (await listSurveys(house)).filter(({ form }) => form === id)
      const asked = surveys.find(({ state }) => state === 'open') ?? surveys[0]
      void reply.header('cache-control', 'public, max-age=60')
      return reply.redirect(inLanguage(request.language, asked ? `/surveys/${asked.id}` : '/surveys'), 303)
    })
}

function sign(house: SurveysHouse): Handler {
  return async (survey, request, reply) => {
    const { invitation, blinded } = (request.body ?? {}) as { invitation?: unknown; blinded?: unknown }
    if (typeof invitation !== 'string' || typeof blinded !== 'string')
      return reply.code(400).send({ refused: 'trouble' })
    const signed = await signTicket(house, survey.id, invitation, Buffer.from(blinded, 'base64url'))
    void reply.header('cache-control', 'no-store')
    if ('signature' in signed) return reply.send({ signature: signed.signature.toString('base64url') })
    // An expected refusal is an answer: the page says what it means.
    return reply.send(signed)
  }
}

async function take(
  house: SurveysHouse,
  gate: Gate,
  survey: Survey,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { keys } = house
  const { language } = request
  const posted = (request.body ?? {}) as Posted
  const ours = typeof posted['token'] === 'string' ? readToken(keys, posted['token']) : undefined
  const again = { token: ours ?? issueToken(keys), values: posted }
  const thanks = (put: 'done' | 'again') =>
    reply.redirect(inLanguage(language, `/surveys/${survey.id}/thanks${put === 'again' ? '?again' : ''}`), 303)
  // A program that fills in what no person sees is thanked, and nothing is kept.
  if (typeof posted[trap] === 'string' && posted[trap] !== '') return thanks('done')
  if (survey.state === 'open' && survey.way === 'open' && !gate.admits(survey.id, request.ip))
    return show(house, survey, request, reply.header('retry-after', '3600'), { ...again, told: 'busy' }, 429)
  const put = await putAnswer(house, survey, passOf(survey, posted, ours), posted).catch((error: unknown) => {
    if (!(error instanceof DatabaseFault)) throw error
    reply.noteFault(error)
    return { refused: 'later' } as const
  })
  if ('put' in put) return thanks(put.put)
  return refused(house, survey, request, reply, put, again)
}

/** A printed code that was typed counts before a ticket that the browser has. */
function passOf(survey: Survey, { ticket, signature, slip }: Posted, token: string | undefined): Pass | undefined {
  if (survey.way === 'open') return token === undefined ? undefined : { kind: 'page', token }
  if (typeof slip === 'string' && slip.trim() !== '') return { kind: 'slip', code: slip }
  if (typeof ticket !== 'string' || typeof signature !== 'string' || ticket === '') return undefined
  return { kind: 'ticket', ticket: Buffer.from(ticket, 'base64url'), signature: Buffer.from(signature, 'base64url') }
}

function refused(
  house: SurveysHouse,
  survey: Survey,
  request: FastifyRequest,
  reply: FastifyReply,
  put: Exclude<Put, { put: string }> | Readonly<{ refused: 'later' }>,
  again: { token: string; values: Posted },
): FastifyReply {
  const { city } = house
  switch (put.refused) {
    case 'answers':
      return show(house, survey, request, reply, { ...again, errors: put.errors }, 422)
    case 'later':
      return show(house, survey, request, reply.header('retry-after', '10'), { ...again, told: 'later' }, 503)
    case 'closed':
      return reply.page(closedPage(city, request.language, survey, true), 409)
    case 'not-there':
      return reply.problem(404)
    case 'no-pass':
    case 'no-such-slip':
      return show(house, survey, request, reply, { ...again, pass: survey.way === 'open' ? 'page' : put.refused }, 422)
    case 'not-signed': {
      const values = { ...again.values, ticket: '', signature: '' }
      return show(house, survey, request, reply, { ...again, values, pass: 'not-signed' }, 422)
    }
    default:
      return put satisfies never
  }
}

function show(
  { city }: SurveysHouse,
  survey: Survey,
  request: FastifyRequest,
  reply: FastifyReply,
  state: SurveyState,
  status = 200,
): FastifyReply {
  return reply.page(surveyPage(city, request.language, survey, state), status)
}
