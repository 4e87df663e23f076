import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { mayDo, type CaseId, type City } from '../../city/index.ts'
import { readParts, type Clock, type Db, type Posted, type Tx } from '../../plumbing/index.ts'
import type { Staff, StaffActor } from './actor.ts'
import { hold, turnAway } from './admit.ts'
import { enterStaff, whoIs, withReviews } from './enter.ts'
import { askProvider } from './identity-provider/ask-provider.ts'
import type { Provider } from './identity-provider/provider.ts'
import type { RelyingParty } from './relying-party.ts'
import { isSameOrigin } from './same-origin.ts'
import type { Sealer } from './sealer.ts'
import { signOut } from './session.ts'
import type { SessionCookie } from './session-cookie.ts'
import type { SignIn } from './sign-in.ts'

/** What the desk's door stands on. */
export type DeskDoor = Readonly<{
  db: Db
  city: City
  clock: Clock
  signIn: SignIn
  cookie: SessionCookie
  /** Undefined where browsers allow no passkey. */
  party: RelyingParty | undefined
  sealer: Sealer
  /** The city's own sign-in, where it has one. */
  provider?: Provider
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

/**
 * A request while its transaction is entering, with the case in hand that its address names (`caseAsked`). What is asked in
 * the transaction need not wait for that: where she could not enter, everything is empty and every act is refused.
 */
export type Arrival = Pick<Visit, 'actor' | 'request' | 'posted'> &
  Readonly<{ tx: Tx; entering: Promise<Staff | undefined> }>

/** The desk inside its door: every handler given to it runs only for an employee whose session is good. */
export type Desk = Readonly<{
  get(path: string, answer: Answer): void
  post(path: string, answer: Answer, admission?: Admission): void
  /**
   * The same where all is read, or the one act is done, in a single transaction: it enters once, and is over before the
   * answer is made of what was `seen`.
   */
  look<Seen>(
    method: 'get' | 'post',
    path: string,
    see: (arrival: Arrival) => Promise<Seen>,
    answer: (visit: Visit, seen: Seen) => Promise<FastifyReply> | FastifyReply,
  ): void
  /** A form that may bring files: `read` reads it, after it is known who sends it. */
  postWithFiles<Sent extends { posted: Posted }>(
    path: string,
    read: (request: FastifyRequest, reply: FastifyReply) => Promise<Sent>,
    answer: (visit: Visit, sent: Sent) => Promise<FastifyReply> | FastifyReply,
  ): void
}>

/** `evenUnasked`: for signing out, which must work while the city's provider gives no answer. */
export type Admission = Readonly<{ evenUnasked?: boolean }>

/**
 * Opens the desk under `/desk`. What another site's page sends is refused with 403 before anything is read. Whoever is
 * not signed in gets the sign-in page: at a form, with all that was typed, which goes on once she has signed in. Of who
 * signed in at the city's provider, the provider is asked first, at every request.
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

  /** Lets in whom the session, and the provider, let in: `enter` gives the way to the answer, and none to anybody else. */
  const admit =
    (
      enter: (actor: StaffActor, request: FastifyRequest, reply: FastifyReply) => Promise<ToAnswer | undefined>,
      { evenUnasked = false }: Admission = {},
    ) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      const secret = door.cookie.read(request.headers.cookie)
      const actor = secret && ({ kind: 'staff', secret } as const)
      const turned = async () => ({ request, reply, posted: fieldsOf((await readTexts(request)).posted), secret })
      const asked = secret && door.provider && !evenUnasked ? await askProvider(door, door.provider, secret) : 'other'
      if (asked === 'unreachable') return hold(door, await turned())
      if (asked === 'ended' && actor) await signOut(door.db, actor, 'here')
      const answer = actor && asked !== 'ended' ? await enter(actor, request, reply) : undefined
      return answer ? answer() : turnAway(door, await turned())
    }
  /** Answers whoever is let in; `read` reads what she posted. */
  const known = <Sent extends { posted: Posted }>(
    read: (request: FastifyRequest, reply: FastifyReply) => Promise<Sent>,
    answer: (visit: Visit, sent: Sent) => Promise<FastifyReply> | FastifyReply,
    admission?: Admission,
  ) =>
    admit(async (actor, request, reply) => {
      const staff = await atDoor(door, actor)
      return (
        staff &&
        (async () => {
          const sent = await read(request, reply)
          return answer({ actor, staff, request, reply, posted: fieldsOf(sent.posted) }, sent)
        })
      )
    }, admission)
  return {
    get: (path, answer) => void app.get(path, known(readTexts, answer)),
    post: (path, answer, admission) => void app.post(path, known(readTexts, answer, admission)),
    postWithFiles: (path, read, answer) => void app.post(path, known(read, answer)),
    look: (method, path, see, answer) =>
      void app[method](
        path,
        admit(async (actor, request, reply) => {
          const posted = fieldsOf(request.body)
          const [staff, seen] = await door.db.transaction((tx) => {
            const entering = enterStaff(tx, actor, caseAsked({ request }))
            const arrived = entering.then((staff) => withReviews(door.city, tx, staff))
            return Promise.all([arrived, see({ tx, actor, entering, request, posted })])
          })
          return staff && (() => answer({ actor, staff, request, reply, posted }, seen))
        }),
      ),
  }
}

/** Who she is. Only who judges emergencies is asked about twice: every page of the desk tells her how many wait. */
async function atDoor({ db, city }: DeskDoor, actor: StaffActor): Promise<Staff | undefined> {
  const staff = await whoIs(db, actor)
  if (!staff || !mayDo(city, staff.duties, 'review')) return staff
  return db.transaction(async (tx) => withReviews(city, tx, await enterStaff(tx, actor)))
}

/** A function, for a reply is a promise too: it is kept when it has been sent. */
type ToAnswer = () => Promise<FastifyReply> | FastifyReply

/** The case an address names; undefined where it is not one that could be. */
export function caseAsked({ request }: Pick<Visit, 'request'>): CaseId | undefined {
  const { id } = request.params as { id?: string }
  return id !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? (id as CaseId) : undefined
}

/** What was typed into a form; files that come with it go by unread. */
async function readTexts(request: FastifyRequest): Promise<{ posted: Posted }> {
  if (request.isMultipart()) return readParts(request, () => Promise.resolve(undefined))
  return { posted: (request.body ?? {}) as Posted }
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
