import { resolve } from 'node:path'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../src/plumbing/index.ts'
import { keepCities } from './cities.ts'
import { copyMadeCluster, startCluster, temporaryFolder } from './cluster.ts'
import { fillCompileCache } from './compile-cache.ts'

/** What every test file may know of the one cluster of this run. */
export type SharedCluster = {
  superUrl: string
  ownerUrl: string
  appUrl: string
  keeperUrl: string
  /** Why the migrated database that others are copied from could not be made; empty when it was. */
  templateFault: string
}

declare module 'vitest' {
  export interface ProvidedContext {
    cluster: SharedCluster
    /** Where the keeper of this run's cities answers. */
    cities: string
  }
}

/** One PostgreSQL for the whole run, without durability, and in it the migrated database that tests copy. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = temporaryFolder()
  const compiled = fillCompileCache()
  await copyMadeCluster(folder.path)
  const cluster = await startCluster({ data: folder.path, durable: false })
  const { superUrl, ownerUrl, appUrl, keeperUrl } = cluster
  // A mistake in a migration fails the tests that need a database, with its reason, not those that need none.
  const templateFault = await migrate({
    ownerUrl,
    folder: resolve(import.meta.dirname, '../../migrations'),
  }).then(
    () => '',
    (error: unknown) => String(error),
  )
  await compiled
  const cities = await keepCities()
  project.provide('cities', cities.url)
  project.provide('cluster', { superUrl, ownerUrl, appUrl, keeperUrl, templateFault })
  return async () => {
    await Promise.all([cluster.stop(), cities.close()])
    folder.remove()
  }
}
