import type { FastifyInstance, FastifyReply } from 'fastify'
import { goOn } from './admit.ts'
import { deskAddress, fieldsOf, type DeskDoor } from './desk.ts'
import { say } from './messages.ts'
import { signInPage, type SignInParts } from './pages/sign-in.ts'
import { passkeyQuestion, signInWithPasskey } from './passkey-sign-in.ts'
import type { SessionStarted } from './session.ts'
import type { SignInRefusal } from './sign-in.ts'

/** Signing in. Whatever fails fails with the same status and words for a name that is there and for one that is not. */
export function signInRoutes(app: FastifyInstance, door: DeskDoor): void {
  app.get<{ Querystring: { then?: unknown } }>('/desk/sign-in', (request, reply) => {
    const { then } = request.query
    return reply.page(signInPage(door, { then: deskAddress(typeof then === 'string' ? then : undefined) }))
  })

  app.post('/desk/sign-in', async (request, reply) => {
    const { handle = '', password = '', passkey = '', then, kept } = fieldsOf(request.body)
    if (door.provider?.settings.only) return reply.problem(404)
    const started = passkey
      ? await byPasskey(door, passkey)
      : await door.signIn.withPassword(door.db, { handle, password })
    const parts = { then: deskAddress(then), ...(kept && { kept }) }
    if ('refused' in started) return refuse(door, reply, started, { ...parts, handle }, passkey !== '')
    reply.header('set-cookie', door.cookie.set(started.secret))
    return goOn(door, reply, started.secret, parts)
  })

  app.post('/desk/sign-in/challenges', async (_request, reply) => {
    const question = door.party && (await passkeyQuestion(door.db, door.party))
    if (question === undefined) return reply.problem(door.party ? 429 : 404)
    return reply.header('cache-control', 'no-store').send(question)
  })
}

async function byPasskey({ db, party, signIn }: DeskDoor, answer: string): Promise<SessionStarted | SignInRefusal> {
  return party ? signInWithPasskey(db, party, signIn.keys.authority, answer) : { refused: 'no-match' }
}

function refuse(
  door: DeskDoor,
  reply: FastifyReply,
  refusal: SignInRefusal,
  parts: SignInParts,
  passkey: boolean,
): FastifyReply {
  const status = { 'no-match': 422, wait: 429, busy: 503 } as const
  if (refusal.refused === 'wait') reply.header('retry-after', refusal.seconds)
  return reply.page(signInPage(door, { ...parts, wrong: words(refusal, passkey) }), status[refusal.refused])
}

function words(refusal: SignInRefusal, passkey: boolean): string {
  switch (refusal.refused) {
    case 'no-match':
      return say('en', passkey ? 'noPasskey' : 'noMatch')
    case 'wait':
      return refusal.seconds <= 90
        ? say('en', 'wait', { seconds: refusal.seconds })
        : say('en', 'waitMinutes', { minutes: Math.ceil(refusal.seconds / 60) })
    case 'busy':
      return say('en', 'busy')
    default:
      return refusal satisfies never
  }
}
