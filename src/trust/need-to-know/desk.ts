import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { City } from '../../city/index.ts'
import type { Db } from '../../plumbing/index.ts'
import type { Staff, StaffActor } from './actor.ts'
import { whoIs } from './enter.ts'
import { momentPage, signInPage } from './pages/sign-in.ts'
import type { RelyingParty } from './relying-party.ts'
import { isSameOrigin } from './same-origin.ts'
import type { SessionCookie } from './session-cookie.ts'
import type { SignIn } from './sign-in.ts'

/** What the desk's door stands on. */
export type DeskDoor = Readonly<{
  db: Db
  city: City
  signIn: SignIn
  cookie: SessionCookie
  /** Undefined where browsers allow no passkey. */
  party: RelyingParty | undefined
}>

/** One request of an employee who is signed in. */
export type Visit = Readonly<{
  actor: StaffActor
  staff: Staff
  request: FastifyRequest
  reply: FastifyReply
  /** The posted form's fields, each once; empty for a question. */
  posted: Readonly<Record<string, string>>
}>

export type Answer = (visit: Visit) => Promise<FastifyReply> | FastifyReply

/** The desk inside its door: every handler given to it runs only for an employee whose session is good. */
export type Desk = Readonly<{ get(path: string, answer: Answer): void; post(path: string, answer: Answer): void }>

/**
 * Opens the desk under `/desk`. What another site's page sends is refused with 403 before anything is read. Whoever is
 * not signed in gets the sign-in page: at a form, with all that was typed, which goes on once she has signed in.
 */
export function atDesk(app: FastifyInstance, door: DeskDoor): Desk {
  app.addHook('onRequest', (request, reply, done) => {
    // Same-origin, so that a browser tells a form's origin over plain HTTP too; no address leaves the site.
    reply.header('referrer-policy', 'same-origin')
    if (isSameOrigin(request.method, request.headers)) {
      done()
      return
    }
    done(Object.assign(new Error('sent by another site'), { statusCode: 403 }))
  })

  const admit = (answer: Answer) => async (request: FastifyRequest, reply: FastifyReply) => {
    const posted = fieldsOf(request.body)
    const secret = door.cookie.read(request.headers.cookie)
    const actor = secret && ({ kind: 'staff', secret } as const)
    const staff = actor && (await whoIs(door.db, actor))
    if (actor && staff) return answer({ actor, staff, request, reply, posted })
    return turnAway(door, request, reply, posted, secret !== undefined)
  }
  return {
    get: (path, answer) => void app.get(path, admit(answer)),
    post: (path, answer) => void app.post(path, admit(answer)),
  }
}

function turnAway(
  door: DeskDoor,
  request: FastifyRequest,
  reply: FastifyReply,
  posted: Visit['posted'],
  ended: boolean,
): FastifyReply {
  const path = pathOf(request)
  if (ended) reply.header('set-cookie', door.cookie.clear())
  if (request.method !== 'POST') {
    // A link in a mail: a browser sends no SameSite=Strict cookie with it, but does when our own page asks again.
    if (!ended && request.headers['sec-fetch-site'] === 'cross-site')
      return reply.header('refresh', '0').page(momentPage(door, path))
    const then = path === '/desk' ? '' : `?then=${encodeURIComponent(path)}`
    return reply.header('cache-control', 'no-store').redirect(`/desk/sign-in${then}`, 303)
  }
  return reply.page(signInPage(door, { then: path, kept: posted, ended: true }), 401)
}

/** An address of the desk as a form may name it to go on to; anything else is the desk's own front. */
export function deskAddress(path: string | undefined): string {
  return path !== undefined && /^\/desk(\/[\w-]{1,64}){0,4}$/.test(path) ? path : '/desk'
}

/** A form's fields, texts only, without NUL, which PostgreSQL holds none of; of one that came more than once, the last. */
export function fieldsOf(body: unknown): Record<string, string> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return {}
  const fields: Record<string, string> = {}
  for (const [name, value] of Object.entries(body)) {
    const last: unknown = Array.isArray(value) ? value.at(-1) : value
    if (typeof last === 'string') fields[name] = last.replaceAll('\0', '')
  }
  return fields
}

function pathOf(request: FastifyRequest): string {
  return deskAddress(request.url.split('?', 1)[0])
}
