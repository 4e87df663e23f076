import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DatabaseFault, readFormsWithFiles } from '../../plumbing/index.ts'
import { typeOf, written, type Answer, type Format } from './answer.ts'
import { createAdmission } from './admit.ts'
import { endpointAt, type Asking } from './endpoints.ts'
import type { Open311House } from './house.ts'
import { say } from './messages.ts'
import { parametersIn } from './parameters.ts'
import { readReport } from './read-parts.ts'
import { errorsAnswer, isRefused, refuse, type Refused } from './refused.ts'

type Params = Partial<Record<'resource' | 'id', string>>

/**
 * GeoReport v2 under `/open311/v2`. Each resource as `.xml` and `.json`, whatever their case; without an ending as Accept
 * says, and XML where it says nothing. Every error is one of the specification's, with its status.
 */
export async function open311Routes(app: FastifyInstance, house: Open311House): Promise<void> {
  const admit = createAdmission(house)
  await app.register(async (scope) => {
    if (!scope.hasContentTypeParser('multipart/form-data')) await readFormsWithFiles(scope)
    scope.setErrorHandler<FastifyError>((error, request, reply) => {
      return send(reply, pathOf(request).format, refusalOf(error, request, reply))
    })
    const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const { path, format } = pathOf(request)
      const { language } = request
      const endpoint = endpointAt(path)
      const work = endpoint?.[request.method === 'POST' ? 'post' : 'get']
      if (!endpoint) return send(reply, format, refuse(404, say(language, 'errNotHere')))
      if (!work) {
        reply.header('allow', endpoint.get && endpoint.post ? 'GET, HEAD, POST' : endpoint.get ? 'GET, HEAD' : 'POST')
        return send(reply, format, refuse(405, say(language, 'errMethod')))
      }
      const asking = await askingOf(house, request, path)
      return send(reply, format, isRefused(asking) ? asking : await work(house, asking, admit), request.method)
    }
    for (const path of ['/open311/v2/:resource', '/open311/v2/:resource/:id', '/open311/:resource']) {
      scope.get(path, answer)
      scope.post(path, answer)
    }
  })
}

/** The path below `/open311/v2` without its ending, and the format. Of `/open311` itself only the discovery is there. */
function pathOf(request: FastifyRequest): { path: readonly string[]; format: Format } {
  const { resource = '', id } = request.params as Params
  const last = id ?? resource
  const [, stem = last, ending] = /^(.*)\.(xml|json)$/i.exec(last) ?? []
  const format = (ending?.toLowerCase() as Format | undefined) ?? accepted(request.headers.accept)
  const below = request.url.startsWith('/open311/v2') || stem.toLowerCase() === 'discovery'
  return { path: below ? (id === undefined ? [stem] : [resource, stem]) : [], format }
}

/** JSON where it is asked for by name and XML is not, or comes later. */
function accepted(accept = ''): Format {
  const [json, xml] = [accept.search(/\bapplication\/json\b/i), accept.search(/\b(text|application)\/xml\b/i)]
  return json >= 0 && (xml < 0 || json < xml) ? 'json' : 'xml'
}

async function askingOf(house: Open311House, request: FastifyRequest, path: readonly string[]) {
  const { language, query } = request
  const parts = request.isMultipart() ? await readReport(request, house.cabinet) : undefined
  if (parts?.refused === 'later') return { ...refuse(503, say(language, 'errLater')), after: 10 }
  if (parts?.refused) return refuse(400, say(language, 'errFile', { reason: parts.refused.replace('-', '') }))
  const body = parts ? parts.posted : request.method === 'POST' ? request.body : undefined
  const asking: Asking = {
    parameters: parametersIn(query, body),
    files: parts?.files ?? [],
    language,
    ...(path[1] !== undefined && { id: path[1] }),
  }
  return asking
}

function send(reply: FastifyReply, format: Format, answer: Answer | Refused, method = 'POST'): FastifyReply {
  reply.type(typeOf[format]).header('access-control-allow-origin', '*')
  if (isRefused(answer)) {
    if (answer.after !== undefined) reply.header('retry-after', String(answer.after))
    return reply
      .header('cache-control', 'no-store')
      .code(answer.status)
      .send(written(errorsAnswer(answer), format))
  }
  reply.header('cache-control', method === 'POST' ? 'no-store' : 'public, max-age=30').header('vary', 'Accept')
  return reply.code(method === 'POST' ? 201 : 200).send(written(answer, format))
}

/** A fault in the specification's clothes; what went wrong inside is in the log, under the reference. */
function refusalOf(error: FastifyError, request: FastifyRequest, reply: FastifyReply): Refused {
  const { language } = request
  const later = { ...refuse(503, say(language, 'errLater')), after: 10 }
  if (error instanceof DatabaseFault) {
    reply.noteFault(error)
    return later
  }
  switch (error.statusCode) {
    case 503:
      return later
    case 413:
      return refuse(413, say(language, 'errTooLarge'))
    case 415:
      return refuse(415, say(language, 'errUnsupported'))
    default:
      if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
        return refuse(400, say(language, 'errBody'))
      reply.noteFault(error)
      return refuse(500, say(language, 'errFault', { reference: request.id }))
  }
}
