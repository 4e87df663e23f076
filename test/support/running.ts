import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { inject } from 'vitest'
import { connect, type Sql } from '../../src/plumbing/index.ts'
import { joinEmbedded } from '../../src/plumbing/postgres/embedded/join.ts'
import { copyMadeCluster, temporaryFolder } from './cluster.ts'
import { freePort } from './free-port.ts'

/** The real program in a process of its own, with the sample city and its past. */
export type Running = {
  /** `http://localhost:PORT`: browsers allow passkeys there. */
  origin: string
  /** What every sample employee signs in with, as the program printed it. */
  password: string
  data: string
  /** The process that PostgreSQL began with, as its own folder says; another one after a restart. */
  databasePid: () => number
  /** One statement as the owner of the tables: to let time pass, never for the act under test. */
  arrange: (statement: Sql) => Promise<void>
  /** Resolves when `/readyz` answers 200; throws after a minute. */
  ready: () => Promise<void>
  /** What the program wrote to its log and its console. */
  said: () => string
  stop: () => Promise<void>
}

const program = join(import.meta.dirname, '..', '..', 'bin', 'cityhall.ts')

type Settings = (at: { origin: string; data: string }) => Promise<Record<string, string>>

/**
 * Starts `cityhall serve` on a free port and a data folder of its own, with more settings where told, and waits until it is
 * ready. Without settings it is a copy of a city that this run made once: a second start takes a third of a first.
 */
export async function startRunning(settings?: Settings): Promise<Running> {
  const folder = temporaryFolder()
  if (settings) await copyMadeCluster(folder.path)
  else await copyMadeCity(folder.path)
  return startIn(folder, settings)
}

/** Fills `data` with the sample city that the first who asks makes; the others wait for it. */
async function copyMadeCity(data: string): Promise<void> {
  const made = inject('madeCity')
  const mine = await mkdir(`${made}.making`).then(
    () => true,
    () => false,
  )
  if (mine) {
    await mkdir(made)
    await copyMadeCluster(made)
    const first = await startIn({ path: made, remove: () => undefined })
    await first.stop()
    await writeFile(`${made}.made`, '')
  }
  for (let tries = 0; !existsSync(`${made}.made`); tries++) {
    if (tries > 1200) throw new Error('the city that every test copies was not made')
    await sleep(100)
  }
  await cp(made, data, { recursive: true })
  await chmod(join(data, 'postgres'), 0o700)
}

async function startIn(folder: ReturnType<typeof temporaryFolder>, settings?: Settings): Promise<Running> {
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
  const ended = once(child, 'exit')
  const killed = () => void child.kill('SIGKILL')
  process.once('exit', killed)
  const said = listen(child)
  const running: Running = {
    origin,
    data: folder.path,
    get password() {
      return /password for all: (\S+)\)/.exec(said())?.[1] ?? ''
    },
    databasePid: () => Number(readFileSync(join(folder.path, 'postgres', 'postmaster.pid'), 'utf8').split('\n', 1)[0]),
    arrange: (statement) => arrange(folder.path, statement),
    ready: () => ready(child, origin, said),
    said,
    stop: async () => {
      child.kill('SIGTERM')
      const impatient = setTimeout(killed, 15_000)
      await ended
      clearTimeout(impatient)
      process.off('exit', killed)
      folder.remove()
    },
  }
  await running.ready().catch(async (error: unknown) => {
    await running.stop()
    throw error
  })
  return running
}

async function arrange(data: string, statement: Sql): Promise<void> {
  const owner = connect({ url: joinEmbedded(data).ownerUrl, max: 1 })
  await owner.once(statement).finally(() => owner.close())
}

async function ready(child: ChildProcess, origin: string, said: () => string): Promise<void> {
  const until = Date.now() + 60_000
  for (;;) {
    const answer = await fetch(`${origin}/readyz`).catch(() => undefined)
    if (answer?.ok) return
    if (child.exitCode !== null || Date.now() > until) throw new Error(`the program is not ready:\n${said()}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
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
