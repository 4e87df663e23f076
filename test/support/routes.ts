import type { FastifyInstance } from 'fastify'

export type Route = { method: string; path: string }

/** Fastify prints its routes as a tree, whole only where common beginnings are branches; each leaf is put together from them. */
export function routesIn(site: FastifyInstance): Route[] {
  const tree = site.printRoutes()
  const branches: string[] = []
  const found: Route[] = []
  for (const line of tree.split('\n')) {
    const read = /^((?:[│ ] {3})*)[├└]── (\S*)(?: \(([A-Z, ]+)\))?/.exec(line)
    if (!read) continue
    const depth = (read[1] ?? '').length / 4
    branches.length = depth
    branches.push(read[2] ?? '')
    for (const method of (read[3] ?? '').split(', ').filter(Boolean)) found.push({ method, path: branches.join('') })
  }
  return found
}
