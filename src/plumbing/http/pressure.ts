import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { FastifyInstance } from 'fastify'

export interface Limits {
  /** Mean delay of the event loop, in ms, above which new requests are turned away. */
  readonly delay: number
  /** Requests that may be in the house at once. */
  readonly requests: number
}

const resolution = 20
const defaults: Limits = { delay: 500, requests: 1_000 }

/** Routes that say how the house is doing answer under any pressure. */
declare module 'fastify' {
  interface FastifyContextConfig {
    underAnyPressure?: boolean
  }
}

/**
 * Turns requests away with 503 while the process cannot keep up, so that those inside are still served: shedding early
 * is kinder than answering everyone too late. Pages on the shelf are handed out regardless.
 */
export function shedLoad(app: FastifyInstance, limits: Limits = defaults): void {
  const delay = monitorEventLoopDelay({ resolution })
  let late = false
  let lateBefore = false
  let inside = 0
  delay.enable()
  // Twice in a row: one long piece of work is no crowd, and turning people away after it helps nobody.
  const timer = setInterval(() => {
    const isLate = delay.mean / 1e6 - resolution > limits.delay
    late = isLate && lateBefore
    lateBefore = isLate
    delay.reset()
  }, 500)
  timer.unref()
  app.addHook('onClose', (_app, done) => {
    clearInterval(timer)
    delay.disable()
    done()
  })
  app.addHook('onRequest', (request, reply, done) => {
    if ((late || inside >= limits.requests) && !request.routeOptions.config.underAnyPressure) {
      done(Object.assign(new Error('too busy'), { statusCode: 503 }))
      return
    }
    inside += 1
    reply.raw.once('close', () => void (inside -= 1))
    done()
  })
}
