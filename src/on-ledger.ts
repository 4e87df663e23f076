import { join } from 'node:path'
import type { LedgerGround } from './doors/command-line/index.ts'
import { openItsDatabase, stillDue } from './its-database.ts'
import { connect, createLog, readConfig } from './plumbing/index.ts'
import { refuse, refuseConfig } from './refuse.ts'
import { readLedgerKey } from './trust/ledger/index.ts'

/**
 * What who checks the ledger stands on: its key and the database. Nothing is read of the city's files and nothing made, so
 * that it depends on as little as can be, and works while a form has a mistake.
 */
export async function onLedger(
  env: NodeJS.ProcessEnv,
  work: (ground: LedgerGround) => Promise<number>,
): Promise<number> {
  const config = readConfig({ LOG_LEVEL: 'warn', ...env })
  if ('refused' in config) return refuseConfig(config)
  const database = await openItsDatabase(config, createLog(config, process.stderr), true)
  if ('refused' in database) return refuse([database.says])
  try {
    const due = await stillDue(database.appUrl)
    if (due.length > 0) return refuse(due)
    const signer = await readLedgerKey(join(config.data, 'secrets'))
    const keeper = connect({
      url: database.keeperUrl,
      role: 'cityhall_keeper',
      max: 4,
      statementTimeout: 0,
      name: 'cityhall ledger',
    })
    try {
      return await work({ keeper, signer, data: config.data })
    } finally {
      await keeper.close()
    }
  } finally {
    await database.stop()
  }
}
