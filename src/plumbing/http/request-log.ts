import type { FastifyInstance, FastifyRequest } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** No line is written of an answer, only of a fault: that somebody was here at this time is already too much. */
    unlogged?: boolean
  }
}

/** Where lines go; a pino logger fits. */
export interface LineLog {
  info(fields: object, line: string): void
  error(fields: object, line: string): void
}

export interface RequestLog {
  fault(error: unknown, request: FastifyRequest): void
}

/**
 * One line for each answer: which route (its pattern, never the address, which may hold a receipt code), the status, how
 * long it took and the reference. A fault adds where it was thrown. A message is written only of our own faults (a name
 * that ends in Fault), which quote no value: those of the language and of packages repeat what people typed.
 */
export function logRequests(app: FastifyInstance, log: LineLog): RequestLog {
  app.addHook('onResponse', (request, reply, done) => {
    if (request.routeOptions.config.unlogged) {
      done()
      return
    }
    const ms = Math.round(reply.elapsedTime * 10) / 10
    log.info(
      { route: routeOf(request), method: request.method, status: reply.statusCode, ms, request: request.id },
      'answered',
    )
    done()
  })
  return {
    fault: (error, request) =>
      log.error(
        { route: routeOf(request), method: request.method, request: request.id, faults: faultsIn(error) },
        'fault',
      ),
  }
}

interface FaultLine {
  readonly name: string
  readonly says: string | undefined
  readonly code: string | undefined
  readonly constraint: string | undefined
  readonly at: readonly string[]
}

/** The error and its causes, outermost first. */
export function faultsIn(error: unknown, depth = 0): FaultLine[] {
  if (!(error instanceof Error) || depth > 4) return []
  const { code, constraint } = error as { code?: unknown; constraint?: unknown }
  const at = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const line: FaultLine = {
    name: error.name,
    says: error.name.endsWith('Fault') ? error.message : undefined,
    code: typeof code === 'string' ? code : undefined,
    constraint: typeof constraint === 'string' ? constraint : undefined,
    at: at.slice(0, 8).map((frame) => frame.trim()),
  }
  return [line, ...faultsIn(error.cause, depth + 1)]
}

function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? '(none)'
}
