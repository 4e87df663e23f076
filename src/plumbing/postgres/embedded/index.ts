import { mkdirSync, realpathSync, rmSync } from 'node:fs'
import { chooseIdentity, type Identity } from './identity.ts'
import { makeCluster, makeLogins } from './initialise.ts'
import { lockInstance, type InstanceLock } from './instance-lock.ts'
import { stopOrphan } from './orphan.ts'
import { makePlaces } from './places.ts'
import { readPasswords } from './secrets.ts'
import { startServer, type Tell } from './server.ts'
import { supervise } from './supervise.ts'
import { urlOf } from './urls.ts'

export type { Identity } from './identity.ts'
export type { Tell } from './server.ts'

export type Embedding = {
  /** The folder of CITYHALL_DATA; made when absent. */
  data: string
  tell?: Tell
  /** For tests: as whom PostgreSQL runs; chosen for this machine when absent. */
  identity?: Identity
  /** For tests: also listens on this port of 127.0.0.1. */
  port?: number
  /** For tests: false gives up durability for speed. */
  durable?: boolean
}

/** PostgreSQL run by us, as long as we run. Addresses hold passwords: never print them. */
export type Embedded = {
  /** Migrates; owns the tables. */
  ownerUrl: string
  /** Answers requests; member of cityhall_app. */
  appUrl: string
  /** Keeps: sequencing, disposal; member of cityhall_keeper. */
  keeperUrl: string
  /** Runs the server itself (back-ups, tests); no part of the program serves with it. */
  superUrl: string
  /** The process of PostgreSQL; another one after a restart. */
  pid: () => number
  /** Stops in order and lets go of the data folder. */
  stop: () => Promise<void>
}

export type InstanceRuns = { refused: 'instance-runs'; folder: string; pid: number; says: string }

/**
 * Starts the embedded PostgreSQL in the data folder, making it at the first start. Refuses a data folder that another
 * program serves from. Whatever an earlier run left after kill -9 is put in order: a half-made folder is made anew, a
 * server without its program is stopped, PostgreSQL recovers its own files.
 */
export async function startEmbedded(options: Embedding): Promise<Embedded | InstanceRuns> {
  mkdirSync(options.data, { recursive: true, mode: 0o700 })
  const data = realpathSync(options.data)
  const lock = await lockInstance(data)
  if ('heldBy' in lock) return instanceRuns(data, lock.heldBy)
  try {
    return await startLocked(options, data, lock)
  } catch (error) {
    await lock.release()
    throw error
  }
}

function instanceRuns(folder: string, pid: number): InstanceRuns {
  const who = pid === 0 ? 'another Cityhall, which does not answer,' : `another Cityhall (process ${String(pid)})`
  const says = `${who} runs on the data folder ${folder}: stop it first, or set CITYHALL_DATA to another folder`
  return { refused: 'instance-runs', folder, pid, says }
}

async function startLocked(options: Embedding, data: string, lock: InstanceLock): Promise<Embedded> {
  const tell = options.tell ?? (() => undefined)
  const identity = options.identity ?? chooseIdentity()
  const places = makePlaces(data, identity)
  for (const note of places.notes) tell('warn', note)
  const passwords = readPasswords(data)
  await makeCluster(places, identity, passwords)
  const settings = {
    sockets: places.sockets,
    durable: options.durable ?? true,
    ...(options.port === undefined ? {} : { port: options.port }),
  }
  const server = await supervise(async () => {
    if (await stopOrphan(places.cluster)) tell('warn', 'a PostgreSQL left over from an earlier run was stopped')
    return startServer(places, identity, settings, tell)
  }, tell)
  const stop = async (): Promise<void> => {
    await server.stop()
    if (!places.sockets.startsWith(data)) rmSync(places.sockets, { recursive: true, force: true })
    await lock.release()
  }
  try {
    await makeLogins(places, passwords)
  } catch (error) {
    await stop()
    throw error
  }
  const place = options.port ?? places.sockets
  return {
    ownerUrl: urlOf(place, 'owner', passwords, 'cityhall'),
    appUrl: urlOf(place, 'web', passwords, 'cityhall'),
    keeperUrl: urlOf(place, 'worker', passwords, 'cityhall'),
    superUrl: urlOf(place, 'super', passwords, 'postgres'),
    pid: server.pid,
    stop,
  }
}
