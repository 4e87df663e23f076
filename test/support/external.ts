import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { chooseIdentity, commandAs, type Identity } from '../../src/plumbing/postgres/embedded/identity.ts'
import { serverEnvironment } from '../../src/plumbing/postgres/embedded/initialise.ts'
import { startCluster, temporaryFolder } from './cluster.ts'
import { freePort } from './free-port.ts'

/** A PostgreSQL as a city's own administrator would run it: over TCP, with passwords, and two logins. */
export type ExternalPostgres = {
  version: number
  /** May create databases and roles; owns the database `cityhall`. */
  migrateUrl: string
  /** A plain login, member of nothing yet. */
  serveUrl: string
  superUrl: string
  stop: () => Promise<void>
}

const debian = '/usr/lib/postgresql/15/bin'

/** Debian's PostgreSQL 15 where it is installed, the embedded one over TCP elsewhere; in a temporary folder. */
export async function externalPostgres(): Promise<ExternalPostgres> {
  const folder = temporaryFolder()
  const port = await freePort()
  const server = existsSync(debian)
    ? await startDebian(folder.path, port)
    : await startCluster({ data: folder.path, port, durable: false })
  const version = await makeLogins(server.superUrl)
  const at = `127.0.0.1:${String(port)}/cityhall`
  return {
    version,
    migrateUrl: `postgres://city_migrator:migrates@${at}`,
    serveUrl: `postgres://city_server:serves@${at}`,
    superUrl: server.superUrl,
    stop: async () => {
      await server.stop()
      folder.remove()
    },
  }
}

async function makeLogins(superUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: superUrl })
  await client.connect()
  await client.query(`create role city_migrator login password 'migrates' createrole`)
  await client.query(`create role city_server login password 'serves'`)
  await client.query('drop database if exists cityhall')
  await client.query('create database cityhall owner city_migrator')
  const answer = await client.query<{ version: number }>(
    `select current_setting('server_version_num')::int / 10000 as version`,
  )
  await client.end()
  return answer.rows[0]?.version ?? 0
}

async function startDebian(folder: string, port: number): Promise<{ superUrl: string; stop: () => Promise<void> }> {
  const identity = chooseIdentity()
  if (identity.as === 'user') throw new Error('this machine allows no user namespace: the external test needs one')
  const cluster = join(folder, 'postgres')
  initialise(identity, folder, cluster)
  mkdirSync(join(folder, 'run'), { mode: 0o700 })
  const settings = [
    `port=${String(port)}`,
    'listen_addresses=127.0.0.1',
    'fsync=off',
    `unix_socket_directories=${folder}/run`,
  ]
  const words = ['-D', cluster, ...settings.flatMap((setting) => ['-c', setting])]
  const command = commandAs(identity, join(debian, 'postgres'), words)
  const child = spawn(command.file, command.arguments, { env: serverEnvironment(), stdio: 'ignore', cwd: '/' })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const superUrl = `postgres://super:supers@127.0.0.1:${String(port)}/postgres`
  await answers(superUrl)
  return {
    superUrl,
    stop: async () => {
      child.kill('SIGINT')
      await ended
    },
  }
}

function initialise(identity: Identity, folder: string, cluster: string): void {
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, 'supers', { mode: 0o600 })
  const words = [
    '-D',
    cluster,
    '-U',
    'super',
    '--pwfile',
    passwordFile,
    '-A',
    'scram-sha-256',
    '-E',
    'UTF8',
    '--locale=C',
  ]
  const command = commandAs(identity, join(debian, 'initdb'), [...words, '--no-sync'])
  const made = spawnSync(command.file, command.arguments, { env: serverEnvironment(), encoding: 'utf8', cwd: '/' })
  if (made.status !== 0) throw new Error(`initdb of PostgreSQL 15 failed: ${made.stderr}`)
}

async function answers(url: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      if (attempt > 200) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
