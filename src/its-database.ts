import { join } from 'node:path'
import { connect, dueMigrations, openDatabase, type Config, type Log } from './plumbing/index.ts'

export const migrations = join(import.meta.dirname, '..', 'migrations')

/** Opens the database that the settings name. `beside`: another process may serve from the same data folder. */
export function openItsDatabase(config: Config, log: Log, beside = false): ReturnType<typeof openDatabase> {
  return openDatabase({
    data: config.data,
    external: config.database.kind === 'external' ? config.database : undefined,
    beside,
    tell: (level, says) => {
      log[level](says)
    },
  })
}

/** Whether migrations are due, in sentences to print: none where the database is up to date. */
export async function stillDue(appUrl: string): Promise<readonly string[]> {
  const db = connect({ url: appUrl, role: 'cityhall_app', max: 1, name: 'cityhall start' })
  try {
    const due = await dueMigrations(db, migrations)
    return due.length === 0 ? [] : [`the database is not up to date (${due[0] ?? ''}): run npx cityhall migrate`]
  } finally {
    await db.close()
  }
}
