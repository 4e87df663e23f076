import { spawn } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { groups, keepDatabase } from '../logins.ts'
import { commandAs, type Identity } from './identity.ts'
import type { Places } from './places.ts'
import { loginNames, type Passwords } from './secrets.ts'
import { urlOf } from './urls.ts'

/**
 * Makes PostgreSQL's folder, once. It is made under another name and renamed when whole: what a crash leaves behind is
 * cleared by the next start, and is never mistaken for a database.
 */
export async function makeCluster(places: Places, identity: Identity, passwords: Passwords): Promise<void> {
  if (existsSync(places.cluster)) return
  const making = `${places.cluster}.making`
  const passwordFile = `${places.cluster}.password`
  rmSync(making, { recursive: true, force: true })
  mkdirSync(making, { mode: 0o700 })
  writeFileSync(passwordFile, passwords.super, { mode: 0o600 })
  if (identity.as === 'user') for (const path of [making, passwordFile]) chownSync(path, identity.uid, identity.gid)
  try {
    await runToEnd(commandAs(identity, join(places.binaries, 'bin', 'initdb'), initdbArguments(making, passwordFile)))
    renameSync(making, places.cluster)
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

function initdbArguments(folder: string, passwordFile: string): string[] {
  return [
    ['--pgdata', folder],
    ['--username', loginNames.super],
    ['--pwfile', passwordFile],
    ['--auth', 'scram-sha-256'],
    ['--encoding', 'UTF8'],
    // Letters of all languages, and an order that no update of the system's C library can change under an index.
    ['--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8', '--locale', 'C'],
  ].flat()
}

function runToEnd(command: ReturnType<typeof commandAs>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command.file, command.arguments, {
      ...command.options,
      cwd: '/',
      env: serverEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.on('data', (piece: Buffer) => (said = (said + piece.toString()).slice(-2000)))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`initdb failed (exit ${String(code)}): ${said.trim()}`))
    })
  })
}

/** Nothing of our own environment reaches PostgreSQL: it holds secrets of ours, and PG* names would steer it. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC', HOME: '/' }
}

const doneFile = 'cityhall.ready'

/**
 * Makes logins, groups and the database `cityhall` at the first start; safe to repeat, and repeated until it was
 * finished once. The owner may hand out the groups but cannot act as them.
 */
export async function makeLogins(places: Places, passwords: Passwords): Promise<void> {
  const done = join(places.cluster, doneFile)
  if (existsSync(done)) return
  const first = new pg.Client({ connectionString: urlOf(places.sockets, 'super', passwords, 'postgres') })
  await first.connect()
  for (const group of Object.values(groups)) await ensureRole(first, group, 'nologin')
  await ensureRole(first, loginNames.owner, loginWith(passwords.owner, 'createrole'))
  await ensureRole(first, loginNames.web, loginWith(passwords.web, `in role ${groups.app}`))
  await ensureRole(first, loginNames.worker, loginWith(passwords.worker, `in role ${groups.keeper}`))
  const handOut = 'with admin true, inherit false, set false'
  await first.query(`grant ${Object.values(groups).join(', ')} to ${loginNames.owner} ${handOut}`)
  const found = await first.query(`select from pg_database where datname = 'cityhall'`)
  if (found.rows.length === 0) await first.query(`create database cityhall owner ${loginNames.owner}`)
  await first.end()
  const second = new pg.Client({ connectionString: urlOf(places.sockets, 'super', passwords, 'cityhall') })
  await second.connect()
  await keepDatabase(second)
  await second.end()
  writeFileSync(done, '', { mode: 0o600 })
}

function loginWith(password: string, more: string): string {
  return `login password ${pg.escapeLiteral(password)} ${more}`
}

async function ensureRole(client: pg.Client, name: string, having: string): Promise<void> {
  const found = await client.query('select from pg_roles where rolname = $1', [name])
  if (found.rows.length === 0) await client.query(`create role ${name} ${having}`)
}
