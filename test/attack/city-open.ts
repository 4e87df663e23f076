import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { openDoors } from '../../src/doors/index.ts'
import { createLog, readConfig } from '../../src/plumbing/index.ts'
import { openLedgerKey } from '../../src/trust/ledger/index.ts'
import { temporaryFolder } from '../support/cluster.ts'
import { routesIn, type Route } from '../support/routes.ts'
import { setTheScene, type Scene } from './scene.ts'

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
    routes: routesIn(site),
    async end() {
      await site.close()
      await scene.shut()
      folder.remove()
    },
  }
}
