import type { Server } from 'node:http'
import { sql, type Db } from '../plumbing/index.ts'

/**
 * `GET /metrics` in Prometheus text on a port of its own, so that it can be kept from the public. Figures of the
 * process, the ledger and the post; none of a person, a case or an address.
 */
export async function serveMetrics(port: number, host: string, db: Db): Promise<{ close: () => Promise<void> }> {
  const { createServer } = process.getBuiltinModule('node:http')
  const { collectDefaultMetrics, Gauge, Registry } = await import('prom-client')
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const gauge = (name: string, help: string, read: () => Promise<number>) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        this.set(await read().catch(() => Number.NaN))
      },
    })
  const one = async (asked: ReturnType<typeof sql>) => (await db.once<{ value: number }>(asked))[0]?.value ?? 0
  gauge('cityhall_ledger_size', 'Entries under the last signed checkpoint', () =>
    one(sql`select coalesce(max(size), 0) as value from ledger.checkpoint`),
  )
  gauge('cityhall_ledger_lag_seconds', 'How long the oldest entry has waited for the keeper', () =>
    one(sql`select ledger.lag() as value`),
  )
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') response.writeHead(404).end()
    else
      void registry.metrics().then(
        (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
        () => response.writeHead(500).end(),
      )
  })
  await listening(server, port, host)
  return {
    close: () =>
      new Promise((resolve) =>
        server.close(() => {
          resolve()
        }),
      ),
  }
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
}
