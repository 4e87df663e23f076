import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Html } from '../html.ts'
import type { Language } from '../messages.ts'
import type { AllowedMethods } from './allowed-methods.ts'
import { languageOf, withoutLanguage } from './language.ts'
import type { RequestLog } from './request-log.ts'

/** What went wrong, in the shapes that have a page. 400 is a request no browser of ours makes. */
export type ProblemStatus = 400 | 403 | 404 | 405 | 413 | 415 | 429 | 500 | 503

export interface Problem {
  readonly status: ProblemStatus
  /** What the person can quote, and what the log line carries. */
  readonly reference: string
  readonly language: Language
  /** The path without language prefix and query. */
  readonly path: string
}

export type ProblemPage = (problem: Problem) => Html

const pages: readonly number[] = [400, 403, 404, 405, 413, 415, 429, 500, 503]
const retryAfterSeconds = 10

export interface ProblemOptions {
  readonly page: ProblemPage
  readonly always: Readonly<Record<string, string>>
  readonly allowedMethods: AllowedMethods
  readonly log: RequestLog
}

/** Answers what no route answered, and what a route threw: a page in the person's language that tells nothing of our insides. */
export function answerProblems(app: FastifyInstance, options: ProblemOptions): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => answerFault(error, request, reply, options))
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request)
    const canonical = withoutTrailingSlash(request)
    if (canonical !== undefined) return reply.redirect(canonical, 301)
    const allowed = options.allowedMethods(path)
    if (allowed.length === 0) return answerProblem(404, request, reply, options)
    if (request.method === 'OPTIONS') return reply.header('allow', allowed.join(', ')).code(204).send()
    return answerProblem(405, request, reply.header('allow', allowed.join(', ')), options)
  })
}

/** A thrown error as an answer: its own 4xx or 503 where it carries one, else 500 and a line in the log. */
export function answerFault(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  options: ProblemOptions,
) {
  const status = pages.find((known) => known === error.statusCode) ?? (isClientFault(error.statusCode) ? 400 : 500)
  if (status === 500) options.log.fault(error, request)
  return answerProblem(status as ProblemStatus, request, reply, options)
}

/** Answers with the page of a problem. Also for routes that find, say, that nothing stands behind an identifier (404). */
export function answerProblem(
  status: ProblemStatus,
  request: FastifyRequest,
  reply: FastifyReply,
  { page, always }: ProblemOptions,
) {
  const language = languageOf(request.originalUrl)
  if (status === 503) reply.header('retry-after', retryAfterSeconds)
  return reply
    .code(status)
    .headers({ ...always, 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' })
    .send(String(page({ status, reference: request.id, language, path: pathOf(request) })))
}

function isClientFault(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500
}

function pathOf(request: FastifyRequest): string {
  return withoutLanguage(request.originalUrl).split('?', 1)[0] as string
}

/** A slash too many leads to the page without it. Leading slashes are folded, so that no address of another site comes out. */
function withoutTrailingSlash(request: FastifyRequest): string | undefined {
  if (request.method !== 'GET' && request.method !== 'HEAD') return undefined
  const [path = '', ...query] = request.originalUrl.split('?')
  if (!path.endsWith('/') || path === '/') return undefined
  const folded = path.replace(/^[/\\]+/, '/').replace(/\/+$/, '') || '/'
  return [folded, ...query].join('?')
}
