import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { chmod, cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { connect, type Sql } from '../../src/plumbing/index.ts'
import { joinEmbedded } from '../../src/plumbing/postgres/embedded/join.ts'
import { copyMadeCluster, temporaryFolder } from './cluster.ts'
import { freePort } from './free-port.ts'

/** Where a running program is: what another process needs to know of it. */
export type Whereabouts = Readonly<{
  /** `http://localhost:PORT`: browsers allow passkeys there. */
  origin: string
  /** What every sample employee signs in with, as the program printed it. */
  password: string
  data: string
}>

/** The real program in a process of its own, with the sample city and its past. */
export type Running = Whereabouts & {
  /** The process that PostgreSQL began with, as its own folder says; another one after a restart. */
  databasePid: () => number
  /** One statement as the owner of the tables: to let time pass, never for the act under test. */
  arrange: (statement: Sql) => Promise<void>
  /** Resolves when `/readyz` answers 200; throws after a minute. */
  ready: () => Promise<void>
  stop: () => Promise<void>
}

/** One that this process started. `said`: what it wrote to its log and its console. */
export type Started = Running & { said: () => string }

export type Settings = (at: { origin: string; data: string }) => Promise<Record<string, string>>

const program = join(import.meta.dirname, '..', '..', 'bin', 'cityhall.mjs')

/** Fills the folder `made` with the sample city and its past, and ends the program that did it. */
export async function makeCity(made: string): Promise<void> {
  await mkdir(made)
  await copyMadeCluster(made)
  await (await startIn({ path: made, remove: () => undefined })).stop()
}

/** Starts on a copy of a made city, which takes a third of a first start. */
export async function startCopy(made: string, settings?: Settings): Promise<Started> {
  const folder = temporaryFolder()
  await cp(made, folder.path, { recursive: true })
  await chmod(join(folder.path, 'postgres'), 0o700)
  return startIn(folder, settings)
}

/** Starts `cityhall serve` on a free port, with more settings where told, and waits until it is ready. */
export async function startIn(folder: ReturnType<typeof temporaryFolder>, settings?: Settings): Promise<Started> {
  const port = String(await freePort())
  const origin = `http://localhost:${port}`
  const more = await settings?.({ origin, data: folder.path })
  const child = spawn(process.execPath, [program, 'serve'], {
    env: {
      ...machine(),
      CITYHALL_DATA: folder.path,
      CITYHALL_SAMPLE: '1',
      CITYHALL_SMTP_PORT: '0',
      PORT: port,
      PUBLIC_URL: origin,
      ...more,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = listen(child)
  const stop = stopper(child, folder.remove)
  await ready(origin, () => child.exitCode !== null).catch(async (error: unknown) => {
    await stop()
    throw new Error(`${String(error)}\n${said()}`)
  })
  const password = /password for all: (\S+)\)/.exec(said())?.[1] ?? ''
  return { ...reach({ origin, password, data: folder.path }), stop, said }
}

/** What can be done with a running program from any process on this machine but end it. */
export function reach(at: Whereabouts): Omit<Running, 'stop'> {
  return {
    ...at,
    databasePid: () => Number(readFileSync(join(at.data, 'postgres', 'postmaster.pid'), 'utf8').split('\n', 1)[0]),
    arrange: async (statement) => {
      const owner = connect({ url: joinEmbedded(at.data).ownerUrl, max: 1 })
      await owner.once(statement).finally(() => owner.close())
    },
    ready: () => ready(at.origin),
  }
}

function stopper(child: ChildProcess, then: () => void): () => Promise<void> {
  const ended = once(child, 'exit')
  const killed = () => void child.kill('SIGKILL')
  process.once('exit', killed)
  return async () => {
    child.kill('SIGTERM')
    const impatient = setTimeout(killed, 15_000)
    await ended
    clearTimeout(impatient)
    process.off('exit', killed)
    then()
  }
}

async function ready(origin: string, hasEnded = () => false): Promise<void> {
  const until = Date.now() + 60_000
  for (;;) {
    const answer = await fetch(`${origin}/readyz`).catch(() => undefined)
    if (answer?.ok) return
    if (hasEnded() || Date.now() > until) throw new Error('the program is not ready')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function listen(child: ChildProcess): () => string {
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-100_000)))
  return () => said
}

/** The machine's environment without the operator's own settings of Cityhall. */
function machine(): NodeJS.ProcessEnv {
  const ours = /^(CITYHALL_|PORT$|HOST$|DATABASE_URL$|PUBLIC_URL$|SMTP_URL$|LOG_LEVEL$|NODE_ENV$|PG)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)))
}
