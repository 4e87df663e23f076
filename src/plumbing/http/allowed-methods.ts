import type { FastifyInstance } from 'fastify'

/** Which methods some route takes at a path, for answering 405 with what is allowed. Only asked when no route matched. */
export type AllowedMethods = (path: string) => string[]

/** Listens to routes as they are added; call it before the first. */
export function collectAllowedMethods(app: FastifyInstance): AllowedMethods {
  const routes: { methods: readonly string[]; pattern: RegExp }[] = []
  app.addHook('onRoute', ({ method, url }) => {
    routes.push({ methods: [method].flat(), pattern: patternOf(url) })
  })
  return (path) => {
    const allowed = routes.filter((route) => route.pattern.test(path)).flatMap((route) => route.methods)
    return [...new Set(allowed)].sort()
  }
}

function patternOf(url: string): RegExp {
  const parts = url
    .replace(/[.+?^${}|[\]\\]/g, '\\$&')
    .replace(/:[A-Za-z_]+(\([^/]*\))?/g, '[^/]+')
    .replaceAll('*', '.*')
  return new RegExp(`^${parts}$`)
}
