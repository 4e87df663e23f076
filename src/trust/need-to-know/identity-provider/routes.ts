import type { FastifyInstance, FastifyReply } from 'fastify'
import { goOn } from '../admit.ts'
import { deskAddress, fieldsOf, type DeskDoor } from '../desk.ts'
import { signOut } from '../session.ts'
import { attemptCookie } from './attempt-cookie.ts'
import { takeAttempt } from './attempt.ts'
import { beginCitySignIn } from './begin.ts'
import { finishCitySignIn, type NotFinished } from './finish.ts'
import { finishLinking } from './link.ts'
import { endedByProvider } from './logout-token.ts'
import { linkedPage, notFinishedPage, onwardPage } from './pages.ts'

/** Signing in with the city's own account: to its provider, back from it, and its word that somebody was signed out. */
export function cityAccountRoutes(app: FastifyInstance, door: DeskDoor): void {
  const { provider } = door
  if (!provider) return
  const way = attemptCookie(provider.settings.publicUrl)

  app.post('/desk/sign-in/city', async (request, reply) => {
    const { then, kept, again } = fieldsOf(request.body)
    const along = { then: deskAddress(then), ...(kept && { kept }) }
    const before = door.cookie.read(request.headers.cookie)?.toString('base64url')
    const more = { ...(again === 'yes' && { again: true as const }), ...(before && { before }) }
    const begun = await beginCitySignIn(door, provider, { ...along, ...more })
    if ('refused' in begun) {
      if (begun.error !== undefined) reply.noteFault(begun.error)
      return reply.page(notFinishedPage(door, begun.refused, along), 503)
    }
    reply.header('set-cookie', way.set(begun.browser)).header('refresh', `0;url=${begun.address.href}`)
    return reply.page(onwardPage(door, begun.address.href))
  })

  app.get('/desk/sign-in/city/return', async (request, reply) => {
    const browser = way.read(request.headers.cookie)
    const attempt = browser && (await takeAttempt(door.db, door.sealer, browser))
    reply.header('set-cookie', way.clear())
    if (!attempt) return refuse(door, reply, 'late', { then: '/desk' })
    const [, query = ''] = request.url.split('?', 2)
    if (attempt.link) {
      const linked = await finishLinking(door, provider, attempt, `?${query}`)
      if ('done' in linked) return reply.page(linkedPage(door))
      if (linked.error !== undefined) reply.noteFault(linked.error)
      return reply.page(linkedPage(door, linked.refused), statuses[linked.refused])
    }
    const finished = await finishCitySignIn(door, provider, attempt, `?${query}`)
    if ('refused' in finished) {
      if (finished.error !== undefined) reply.noteFault(finished.error)
      return refuse(door, reply, finished.refused, attempt)
    }
    // The session this browser had is not carried on: signing in always makes a new one.
    if (attempt.before)
      await signOut(door.db, { kind: 'staff', secret: Buffer.from(attempt.before, 'base64url') }, 'here')
    reply.header('set-cookie', [way.clear(), door.cookie.set(finished.secret)])
    return goOn(door, reply, finished.secret, { then: deskAddress(attempt.then), kept: attempt.kept, page: true })
  })

  app.post('/desk/sign-in/city/logout', async (request, reply) => {
    const token = fieldsOf(request.body)['logout_token'] ?? ''
    const ended = await endedByProvider(door, provider, token)
    return reply
      .code(ended ? 200 : 400)
      .header('cache-control', 'no-store')
      .send()
  })
}

const statuses = {
  anothers: 409,
  'has-one': 409,
  'not-proved': 403,
  'refused-there': 403,
  late: 422,
  unreachable: 503,
  'not-checked': 422,
  'no-group': 403,
} as const

function refuse(
  door: DeskDoor,
  reply: FastifyReply,
  why: NotFinished,
  { then, kept }: Readonly<{ then: string; kept?: string }>,
): FastifyReply {
  return reply.page(notFinishedPage(door, why, { then, ...(kept && { kept }) }), statuses[why])
}
