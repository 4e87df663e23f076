import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { inLanguage } from '../../../plumbing/index.ts'
import { fieldsOf } from '../../../trust/need-to-know/index.ts'
import type { ResidentActor } from '../actor.ts'
import { readEmail } from '../contact.ts'
import type { ResidentsHouse } from '../house.ts'
import { homeAddress } from '../own-page.ts'
import { codePage, signInPage, type SignInState } from '../pages/sign-in.ts'
import { askCode } from './ask-code.ts'
import { residentQuestion, signInWithPasskey } from './passkey.ts'
import { signInByCode } from './sign-in-by-code.ts'
import { signOut } from './session.ts'

/** `/me/sign-in` and what it posts to. Whatever fails, fails with the same words for an address that has a page and for one that has none. */
export function signInRoutes(app: FastifyInstance, house: ResidentsHouse): void {
  const refuse = (request: FastifyRequest, reply: FastifyReply, state: SignInState, status: number) =>
    reply.page(signInPage(house, request.language, state), status)

  app.get<{ Querystring: Record<string, unknown> }>('/me/sign-in', (request, reply) => {
    const { then, ended } = request.query
    const why = (['signed-out', 'left', 'again'] as const).find((one) => one === ended)
    const state = { then: homeAddress(typeof then === 'string' ? then : undefined), ...(why && { ended: why }) }
    return reply.page(signInPage(house, request.language, state))
  })

  app.post('/me/codes', async (request, reply) => {
    const { email: typed = '', then: named } = fieldsOf(request.body)
    const then = homeAddress(named)
    const email = readEmail(typed)
    if (email === undefined) return refuse(request, reply, { then, typed: typed.slice(0, 254), wrong: 'email' }, 422)
    if (!house.gate.admits('codes', request.ip))
      return refuse(request, reply.header('retry-after', '3600'), { then, typed: email, wrong: 'too-many' }, 429)
    await askCode(house, email, request.language, 'sign-in')
    return reply.page(codePage(house, request.language, { email, then }))
  })

  app.post('/me/sessions', async (request, reply) => {
    const { email: typed = '', code = '', passkey = '', then: named } = fieldsOf(request.body)
    const then = homeAddress(named)
    if (passkey !== '') {
      const started = house.party
        ? await signInWithPasskey(house, house.party, passkey)
        : { refused: 'no-match' as const }
      if ('refused' in started) return refuse(request, reply, { then, wrong: 'passkey' }, 422)
      return letIn(house, request, reply, started.actor, then)
    }
    const email = readEmail(typed)
    if (email === undefined) return refuse(request, reply, { then, wrong: 'email' }, 422)
    const started = await signInByCode(house, { email, code }, request.language)
    if ('refused' in started) return reply.page(codePage(house, request.language, { email, then, wrong: true }), 422)
    return letIn(house, request, reply, started.actor, then)
  })

  app.post('/me/passkey-questions', async (_request, reply) => {
    const question = house.party && (await residentQuestion(house.db, house.party))
    if (!question) return reply.problem(house.party ? 429 : 404)
    return reply.header('cache-control', 'no-store').send(question)
  })
}

/** The session she came with ends: signing in again takes its place. */
async function letIn(
  house: ResidentsHouse,
  request: FastifyRequest,
  reply: FastifyReply,
  actor: ResidentActor,
  then: string,
): Promise<FastifyReply> {
  const before = house.cookie.read(request.headers.cookie)
  if (before) await signOut(house.db, { kind: 'resident', secret: before }, 'here')
  return reply
    .headers({ 'set-cookie': house.cookie.set(actor.secret), 'cache-control': 'no-store' })
    .redirect(inLanguage(request.language, then), 303)
}
