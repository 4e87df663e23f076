import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Html } from '../html.ts'
import type { Language } from '../messages.ts'
import { collectAllowedMethods } from './allowed-methods.ts'
import { readFormBodies } from './form-bodies.ts'
import { securityHeaders } from './headers.ts'
import { languageOf, withoutLanguage } from './language.ts'
import { shedLoad, type Limits } from './pressure.ts'
import { answerFault, answerProblem, answerProblems, type ProblemPage, type ProblemStatus } from './problems.ts'
import { createReferences } from './reference.ts'
import { logRequests, type LineLog } from './request-log.ts'
import { publishFromShelf } from './publish.ts'
import { createShelf, type Shelf } from './shelf.ts'

// Not imported: an import asks node:http for all its names, and some of them load a whole client (undici) for nobody.
const { createServer: createHttpServer } = process.getBuiltinModule('node:http')

export interface ServerOptions {
  /** Where the outside reaches us; decides whether HSTS is promised. */
  readonly publicUrl: string
  readonly log: LineLog
  /** The city's page for 404, 413, 500 and the like. */
  readonly problemPage: ProblemPage
  /** Largest body in bytes; 1 MB unless told. */
  readonly bodyLimit?: number
  readonly limits?: Limits
}

declare module 'fastify' {
  interface FastifyRequest {
    /** From the address: `/es/...` is Spanish. Routes see the path without the prefix. */
    readonly language: Language
  }
  interface FastifyReply {
    /** Sends a page that is made for one person: never kept by anyone. */
    page(markup: Html, status?: number): FastifyReply
    /** Sends the page of a problem: 404 also where something is there that the person may not see. */
    problem(status: ProblemStatus): FastifyReply
    /** Writes the line of a fault that a route caught and answers itself. */
    noteFault(error: unknown): void
  }
}

/**
 * The web server with what every answer has in common: security headers, no cookie, language from the address, forms
 * read, problems answered as pages of the city, load shed. Pages and files that are the same for everyone bypass all of
 * it and are handed out ready-made.
 */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const always = securityHeaders(options.publicUrl)
  const shelf = createShelf(always)
  const nextReference = createReferences()
  const app: FastifyInstance = Fastify({
    serverFactory: (handler) => listenFor(handler, shelf),
    rewriteUrl: (request) => withoutLanguage(request.url as string),
    genReqId: () => nextReference(),
    requestIdHeader: false,
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    bodyLimit: options.bodyLimit ?? 1_000_000,
    forceCloseConnections: 'idle',
    clientErrorHandler: (_error, socket) => {
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
    },
    frameworkErrors: (error, request, reply) => void answerFault(error, request, reply, problems),
  })
  const log = logRequests(app, options.log)
  const problems = { page: options.problemPage, always, allowedMethods: collectAllowedMethods(app), log }

  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(always)
    done()
  })
  shedLoad(app, options.limits)
  await readFormBodies(app)
  answerProblems(app, problems)
  app.decorateRequest('language', { getter: languageOfRequest })
  app.decorateReply('page', sendPage)
  app.decorateReply('problem', function (this: FastifyReply, status: ProblemStatus) {
    return answerProblem(status, this.request, this, problems)
  })

  app.decorateReply('noteFault', function (this: FastifyReply, error: unknown) {
    log.fault(error, this.request)
  })

  publishFromShelf(app, shelf, options.log)
  return app
}

/** Routes parse what comes with parsers of their rooms. Unless it is told so, the framework loads two compilers for schemas. */
function noSchemas(): never {
  throw new Error('a route has a schema: read what comes with a parser of the room')
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/**
 * The shelf is asked before the router: what stands on it needs neither hooks nor routes. Five minutes are enough to send
 * 25 MB over a poor line; a request that takes longer is cut off.
 */
function listenFor(handler: Handler, shelf: Shelf): Server {
  const times = { headersTimeout: 60_000, requestTimeout: 300_000, keepAliveTimeout: 75_000 }
  return createHttpServer(times, (request, response) => {
    if (!shelf.handOut(request, response)) handler(request, response)
  })
}

function languageOfRequest(this: FastifyRequest): Language {
  return languageOf(this.originalUrl)
}

/** As bytes: the stream would make them from text more slowly. */
function sendPage(this: FastifyReply, markup: Html, status = 200): FastifyReply {
  if (!this.hasHeader('cache-control')) this.header('cache-control', 'no-store')
  return this.code(status)
    .type('text/html; charset=utf-8')
    .send(Buffer.from(String(markup)))
}
