import type { FastifyInstance } from 'fastify'
import { sql } from '../plumbing/index.ts'
import { missingKeys } from '../trust/vault/index.ts'
import type { House } from './open-doors.ts'

/** The keeper promises a second; a minute behind, something is wrong that a restart of the web would not mend. */
const keeperLagsAt = 60

/** `/healthz`: this process answers. `/readyz`: it can serve, so send people here. */
export function healthRoutes(app: FastifyInstance, house: Pick<House, 'db' | 'keys'>): void {
  app.get('/healthz', (_request, reply) => reply.type('text/plain').header('cache-control', 'no-store').send('ok\n'))

  app.get('/readyz', async (_request, reply) => {
    const parts = await readiness(house)
    const ready = parts.database === 'ok' && parts.keys === 'ok'
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(parts)
  })
}

type Readiness = { database: 'ok' | 'away'; keys: 'ok' | 'missing' | 'unknown'; keeper: 'ok' | 'behind' | 'unknown' }

async function readiness({ db, keys }: Pick<House, 'db' | 'keys'>): Promise<Readiness> {
  try {
    const [row] = await db.once<{ lag: number }>(sql`select ledger.lag() as lag`)
    const missing = await missingKeys(db, keys)
    return {
      database: 'ok',
      keys: missing.length === 0 ? 'ok' : 'missing',
      keeper: (row?.lag ?? 0) < keeperLagsAt ? 'ok' : 'behind',
    }
  } catch {
    return { database: 'away', keys: 'unknown', keeper: 'unknown' }
  }
}
