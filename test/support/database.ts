import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { connect, type Db, type StreamingDb } from '../../src/plumbing/index.ts'

export { copyMadeCluster, startCluster, temporaryFolder } from './cluster.ts'
export { externalPostgres, type ExternalPostgres } from './external.ts'

/** A database of the test's own, migrated, with one pool for each role the program serves under. */
export type TestDatabase = {
  /** The owner of the tables: for arranging and for looking, never for the act under test. */
  owner: StreamingDb
  app: Db
  keeper: StreamingDb
  urls: { owner: string; app: string; keeper: string; super: string }
  name: string
  /** Ends the pools, and leaves the database to be copied. */
  leave: () => Promise<void>
  drop: () => Promise<void>
}

/** Copies the migrated database, or another that nobody uses. `max` is the number of connections of each pool (4). */
export async function createTestDatabase(options: { max?: number; template?: string } = {}): Promise<TestDatabase> {
  const cluster = inject('cluster')
  if (cluster.templateFault !== '') throw new Error(cluster.templateFault)
  const name = await copyDatabase(cluster.superUrl, options.template ?? 'cityhall')
  const urls = {
    owner: withDatabase(cluster.ownerUrl, name),
    app: withDatabase(cluster.appUrl, name),
    keeper: withDatabase(cluster.keeperUrl, name),
    super: withDatabase(cluster.superUrl, name),
  }
  const max = options.max ?? 4
  const owner = connect({ url: urls.owner, max })
  const app = connect({ url: urls.app, role: 'cityhall_app', max })
  const keeper = connect({ url: urls.keeper, role: 'cityhall_keeper', max })
  const leave = async (): Promise<void> => {
    await Promise.all([owner.close(), app.close(), keeper.close()])
  }
  const drop = async (): Promise<void> => {
    await leave()
    await asSuper(cluster.superUrl, [`drop database if exists ${name} with (force)`])
  }
  return { owner, app, keeper, urls, name, leave, drop }
}

/** What a copy does not bring along is said again: who may connect. */
async function copyDatabase(superUrl: string, template: string): Promise<string> {
  const name = `test_${randomBytes(8).toString('hex')}`
  await asSuper(superUrl, [
    `create database ${name} template ${template} owner cityhall_owner strategy file_copy`,
    `revoke all on database ${name} from public`,
    `grant connect on database ${name} to cityhall_app, cityhall_keeper`,
  ])
  return name
}

async function asSuper(url: string, texts: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  for (const text of texts) await client.query(text)
  await client.end()
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
