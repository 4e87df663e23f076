import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type Postgrator from 'postgrator'
import { connect } from './connect.ts'
import type { Db } from './database.ts'
import { asFault, DatabaseFault } from './fault.ts'
import { grantGroups, groups, type Logins } from './logins.ts'
import { sql } from './sql.ts'

export type Migrating = {
  /** The login that owns the tables; the only one that may change them. */
  ownerUrl: string
  /** The folder of `NNNN-room-what.sql`. */
  folder: string
  /** The logins that serve, made members of the group roles after the files ran. */
  logins?: Logins
  /** What else the owner prepares, such as the job queue's schema; runs after the files, under the same lock. */
  after?: ReadonlyArray<(owner: Db) => Promise<void>>
}

type Migration = Postgrator.Migration

/** One of all processes migrates at a time; the others wait, and then find nothing left to do. */
const migrationLock = 4_173_520_184

/**
 * Brings the database to the newest file of the folder. Forward only: each file runs once, in its own transaction
 * together with the note that it ran, so a crash leaves it wholly done or not begun. A file whose first line is
 * `-- alone` runs outside a transaction (`create index concurrently`), and must be safe to run again. A file that
 * changed after it ran is a fault. Returns the names of the files that ran.
 */
export async function migrate(options: Migrating): Promise<string[]> {
  const migrations = await readMigrations(options.folder)
  const client = new pg.Client({ connectionString: options.ownerUrl, application_name: 'cityhall migrate' })
  client.on('error', () => undefined)
  await client.connect().catch((error: unknown) => {
    throw asFault(error, 'connecting to migrate')
  })
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock])
    const ran = await runNew(client, migrations)
    await afterwards(options)
    await grantGroups(client, options.logins)
    await letServersLook(client)
    return ran
  } finally {
    await client.end()
  }
}

/** Whoever serves may see which files ran, so that it does not serve from a database of another version. */
async function letServersLook(client: pg.Client): Promise<void> {
  const both = Object.values(groups).join(', ')
  await client.query(`grant usage on schema migrations to ${both}; grant select on migrations.applied to ${both}`)
}

/** The files of the folder that have not run in this database, as any of its logins may ask; all where none ever ran. */
export async function dueMigrations(db: Db, folder: string): Promise<string[]> {
  const migrations = await readMigrations(folder)
  const ran = await appliedIn(db)
  return migrations.filter(({ version }) => !ran.has(version)).map(({ filename }) => filename)
}

async function appliedIn(db: Db): Promise<Set<number>> {
  try {
    const rows = await db.once<{ version: number | string }>(sql`select version from migrations.applied`)
    return new Set(rows.map(({ version }) => Number(version)))
  } catch (error) {
    const unknownTable = ['42P01', '3F000', '42501']
    if (error instanceof DatabaseFault && unknownTable.includes(error.code ?? '')) return new Set()
    throw error
  }
}

async function runNew(client: pg.Client, migrations: Migration[]): Promise<string[]> {
  if (migrations.length === 0 || (await ranAsTheyAre(client, migrations))) return []
  const { default: Runner } = await import('postgrator')
  const postgrator = new Runner({
    driver: 'pg',
    schemaTable: 'migrations.applied',
    execQuery: (query) => client.query(query),
  })
  // Its own reading wants other file names, and its own running leaves a gap between a file and the note of it.
  Object.assign(postgrator, {
    migrations,
    getMigrations: () => Promise.resolve(migrations),
    runMigrations: async (due: Migration[]) => {
      await refuseStrangers(client, migrations)
      for (const migration of due) await runOne(client, migration)
      return due
    },
  })
  try {
    return (await postgrator.migrate()).map((migration) => migration.filename)
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('MD5'))) throw error
    throw new Error(`${error.message}: a migration that has run never changes; write a new one`)
  }
}

/** Whether these files ran, all of them, no other, and none has changed: so it is at most starts, told by one question. */
async function ranAsTheyAre(client: pg.Client, migrations: Migration[]): Promise<boolean> {
  const table = await client.query<{ there: boolean }>(
    "select to_regclass('migrations.applied') is not null and has_table_privilege('migrations.applied', 'select') as there",
  )
  if (table.rows[0]?.there !== true) return false
  const ran = await client.query<{ version: string; md5: string | null }>(
    'select version, md5 from migrations.applied where version > 0',
  )
  const files = new Map(migrations.map(({ version, md5 }) => [version, md5]))
  return ran.rows.length === files.size && ran.rows.every(({ version, md5 }) => md5 === files.get(Number(version)))
}

/** A file that came in between, or that is in the database but not in the folder, would be passed over in silence. */
async function refuseStrangers(client: pg.Client, migrations: Migration[]): Promise<void> {
  const answer = await client.query<{ version: string }>('select version from migrations.applied where version > 0')
  const applied = new Set(answer.rows.map((row) => Number(row.version)))
  const newest = Math.max(0, ...applied)
  const late = migrations.find((one) => one.version < newest && !applied.has(one.version))
  if (late)
    throw new Error(`migration ${late.filename} came after number ${String(newest)} ran: give it a higher number`)
  const known = new Set(migrations.map((one) => one.version))
  const unknown = [...applied].find((version) => !known.has(version))
  if (unknown !== undefined) {
    throw new Error(`the database has migration ${String(unknown)}, which this program does not know: it is newer`)
  }
}

async function runOne(client: pg.Client, migration: Migration): Promise<void> {
  const text = migration.getSql()
  const alone = text.startsWith('-- alone')
  try {
    if (!alone) await client.query('begin')
    await client.query(text)
    await client.query('insert into migrations.applied (version, name, md5, run_at) values ($1, $2, $3, now())', [
      migration.version,
      migration.name,
      migration.md5,
    ])
    if (!alone) await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw migrationFault(migration, text, error)
  }
}

/** A migration holds no person's data, so the server's words may be repeated whole, with the line they speak of. */
function migrationFault(migration: Migration, text: string, error: unknown): Error {
  if (!(error instanceof pg.DatabaseError)) return asFault(error, `running migration ${migration.filename}`)
  const line = error.position === undefined ? '' : `, line ${String(lineAt(text, Number(error.position)))}`
  const where = error.where === undefined ? '' : ` (${error.where})`
  return new Error(`migration ${migration.filename}${line} failed: ${error.code ?? ''} ${error.message}${where}`)
}

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  const migrations = await Promise.all(names.map((name) => readMigration(folder, name)))
  const twice = migrations.find((one, index) => migrations[index - 1]?.version === one.version)
  if (twice) throw new Error(`two migrations have the number ${String(twice.version)}: ${twice.filename} is the second`)
  return migrations
}

async function readMigration(folder: string, filename: string): Promise<Migration> {
  const parts = /^(\d{4})-([a-z0-9-]+)\.sql$/.exec(filename)
  if (!parts?.[1] || !parts[2]) throw new Error(`${join(folder, filename)}: a migration is named NNNN-room-what.sql`)
  const text = await readFile(join(folder, filename), 'utf8')
  const md5 = createHash('md5').update(text).digest('hex')
  return { version: Number(parts[1]), action: 'do', name: parts[2], filename, md5, getSql: () => text }
}

async function afterwards(options: Migrating): Promise<void> {
  if (options.after === undefined || options.after.length === 0) return
  const owner = connect({ url: options.ownerUrl, max: 2, statementTimeout: 0, name: 'cityhall migrate' })
  try {
    for (const prepare of options.after) await prepare(owner)
  } finally {
    await owner.close()
  }
}
