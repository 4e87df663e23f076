import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { openDoors } from '../../src/doors/index.ts'
import { createLog, readConfig } from '../../src/plumbing/index.ts'
import { openLedgerKey } from '../../src/trust/ledger/index.ts'
import { temporaryFolder } from '../support/cluster.ts'
import { setTheScene, type Scene } from './scene.ts'

export type Route = { method: string; path: string }

/** The whole site on the scene's database, with every line it logs, and every route it answers. */
export type OpenCity = Scene & { site: FastifyInstance; logged: string[]; routes: Route[]; end(): Promise<void> }

export async function openTheCity(publicUrl = 'http://city.test'): Promise<OpenCity> {
  const scene = await setTheScene()
  const folder = temporaryFolder()
  const logged: string[] = []
  const config = readConfig({ CITYHALL_DATA: folder.path, PUBLIC_URL: publicUrl })
  if ('refused' in config) throw new Error(JSON.stringify(config.mistakes))
  const signer = await openLedgerKey(join(folder.path, 'secrets'), 'city.test/ledger')
  const log = createLog({ logLevel: 'trace' }, { write: (line: string) => void logged.push(line) })
  const site = await openDoors({ ...scene, config, log, signer })
  await site.ready()
  return {
    ...scene,
    site,
    logged,
    routes: routesIn(site.printRoutes({ commonPrefix: false })),
    async end() {
      await site.close()
      await scene.shut()
      folder.remove()
    },
  }
}

/** Fastify prints its routes as a tree; each leaf is put together again from the branches above it. */
function routesIn(tree: string): Route[] {
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
