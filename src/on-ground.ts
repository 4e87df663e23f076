import { prepare } from './cityhall.ts'
import type { Ground } from './doors/command-line/index.ts'
import { connect, createLog, readConfig } from './plumbing/index.ts'
import { refuse, refuseConfig } from './refuse.ts'

/** What all commands but the ledger's stand on: the whole of the city's files and keys, and the database. */
export async function onGround(
  env: NodeJS.ProcessEnv,
  work: (ground: Ground) => Promise<number>,
  migrate?: 'migrate',
): Promise<number> {
  const config = readConfig({ LOG_LEVEL: 'warn', ...env })
  if ('refused' in config) return refuseConfig(config)
  // A command's answer stands alone on standard output, so that another program can read it.
  const ground = await prepare(config, createLog(config, process.stderr), {
    beside: true,
    asItIs: migrate === undefined,
  })
  if ('refused' in ground) return refuse(ground.says)
  const { database, files, keys, signer } = ground
  const owner = connect({
    url: database.ownerUrl ?? database.appUrl,
    max: 8,
    statementTimeout: 0,
    name: 'cityhall command',
  })
  const keeper = connect({
    url: database.keeperUrl,
    role: 'cityhall_keeper',
    max: 4,
    statementTimeout: 0,
    name: 'cityhall command',
  })
  try {
    return await work({
      ...files,
      keys,
      signer,
      owner,
      keeper,
      cabinet: ground.cabinet,
      data: config.data,
      publicUrl: config.publicUrl,
    })
  } finally {
    await Promise.all([owner.close(), keeper.close()])
    await ground.close()
  }
}
