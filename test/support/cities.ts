import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { connect, sql } from '../../src/plumbing/index.ts'
import { joinEmbedded } from '../../src/plumbing/postgres/embedded/join.ts'
import { makeCity, startCopy, type Running, type Whereabouts } from './city-process.ts'
import { temporaryFolder } from './cluster.ts'

/** Where a shared city is, and the number of its sample's last case: what came after that, files brought. */
export type SharedCity = Whereabouts & { lastOfSample: number }

/**
 * Keeps the cities of a run, for all of its processes: the made one, which others are copies of, and a running one for each
 * worker. None is made before somebody asks for it at `url`: `/made` answers with its folder, `/of/WORKER` with where it runs,
 * `/seen` with the pages that axe has seen so far.
 */
export async function keepCities(): Promise<{ url: string; close: () => Promise<void> }> {
  const folder = temporaryFolder()
  const running: Promise<Running>[] = []
  let made: Promise<string> | undefined
  const makeOnce = () => (made ??= makeCity(join(folder.path, 'made')).then(() => join(folder.path, 'made')))
  const start = async (): Promise<SharedCity> => {
    const city = makeOnce().then((path) => startCopy(path))
    running.push(city)
    const { origin, password, data } = await city
    return { origin, password, data, lastOfSample: await lastCase(data) }
  }
  const known = new Map<string, Promise<string | SharedCity>>()
  const answerTo = (url: string): Promise<string | SharedCity> => {
    const answer = known.get(url) ?? (url === '/made' ? makeOnce() : start())
    known.set(url, answer)
    return answer
  }
  const seen = new Set<string>()
  const server = createServer((request, reply) => {
    if (request.url === '/seen') return void rememberSeen(seen, request, reply)
    answerTo(request.url ?? '').then(
      (answer) => reply.end(JSON.stringify(answer)),
      (error: unknown) => reply.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: async () => {
      server.close()
      await Promise.allSettled(running.map(async (city) => (await city).stop()))
      await made?.catch(() => undefined)
      folder.remove()
    },
  }
}

/** A page that axe has seen is posted; the last test gets them all. */
async function rememberSeen(seen: Set<string>, request: IncomingMessage, reply: ServerResponse): Promise<void> {
  if (request.method !== 'POST') return void reply.end(`[${[...seen].join()}]`)
  for await (const answer of request) seen.add(String(answer))
  reply.end()
}

async function lastCase(data: string): Promise<number> {
  const owner = connect({ url: joinEmbedded(data).ownerUrl, max: 1 })
  const [row] = await owner.once<{ last: number }>(sql`select max(number)::int as last from correspondence.casefile`)
  await owner.close()
  return row?.last ?? 0
}
