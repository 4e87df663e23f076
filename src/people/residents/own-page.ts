import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { inLanguage, type Language } from '../../plumbing/index.ts'
import { fieldsOf, isSameOrigin } from '../../trust/need-to-know/index.ts'
import type { Resident, ResidentActor } from './actor.ts'
import { enterResident } from './enter.ts'
import type { ResidentsHouse } from './house.ts'
import { signInPage } from './pages/sign-in.ts'

/** One request of a resident who is signed in. */
export type HomeVisit = Readonly<{
  actor: ResidentActor
  resident: Resident
  language: Language
  request: FastifyRequest
  reply: FastifyReply
  /** The posted form's fields, each once; empty for a question. */
  posted: Readonly<Record<string, string>>
}>

export type HomeAnswer = (visit: HomeVisit) => Promise<FastifyReply> | FastifyReply

/** A resident's own pages inside their door: every handler given to it runs only for whoever is signed in. */
export type OwnPage = Readonly<{
  get(path: string, answer: HomeAnswer): void
  post(path: string, answer: HomeAnswer): void
}>

/** What another site's page sends is refused with 403 before anything is read. For a scope that has nothing but `/me`. */
export function onlySameOrigin(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    // Same-origin, so that a browser tells a form's origin over plain HTTP too; no address leaves the site.
    reply.header('referrer-policy', 'same-origin')
    if (isSameOrigin(request.method, request.headers)) {
      done()
      return
    }
    done(Object.assign(new Error('sent by another site'), { statusCode: 403 }))
  })
}

/**
 * Opens `/me`. Whoever is not signed in is led to sign in, and from there to where she wanted; of a form that was sent after
 * the session ended nothing is done, and the page says so.
 */
export function atOwnPage(app: FastifyInstance, house: ResidentsHouse): OwnPage {
  const admit = (answer: HomeAnswer) => async (request: FastifyRequest, reply: FastifyReply) => {
    const { language } = request
    const secret = house.cookie.read(request.headers.cookie)
    const actor = secret && ({ kind: 'resident', secret } as const)
    const resident = actor && (await house.db.transaction((tx) => enterResident(tx, actor)))
    if (!actor || !resident) {
      if (secret) reply.header('set-cookie', house.cookie.clear())
      if (request.method === 'POST')
        return reply.page(signInPage(house, language, { then: '/me', ended: 'not-done' }), 403)
      const then = homeAddress(request.url)
      const query = then === '/me' ? '' : `?then=${encodeURIComponent(then)}`
      return reply.redirect(inLanguage(language, '/me/sign-in') + query, 303)
    }
    return answer({ actor, resident, language, request, reply, posted: fieldsOf(request.body) })
  }
  return {
    get: (path, answer) => void app.get(path, admit(answer)),
    post: (path, answer) => void app.post(path, admit(answer)),
  }
}

/** An address of a resident's own pages as a form may name it to go on to; anything else is her page's front. */
export function homeAddress(path: string | undefined): string {
  return path !== undefined && /^\/me(\/[\w-]{1,80}){0,4}$/.test(path) && path !== '/me/sign-in' ? path : '/me'
}
