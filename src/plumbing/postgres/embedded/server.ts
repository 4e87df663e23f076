import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { commandAs, type Identity } from './identity.ts'
import { serverEnvironment } from './initialise.ts'
import type { Places } from './places.ts'
import { settingsArguments, type Settings } from './settings.ts'

/** What PostgreSQL tells of its own affairs. */
export type Tell = (level: 'debug' | 'info' | 'warn' | 'error', says: string) => void

/** One running PostgreSQL. `ended` is fulfilled when its process is gone, for whatever reason. */
export type Running = { pid: number; ended: Promise<string>; stop: () => Promise<void> }

/** Starts PostgreSQL and waits until it takes connections. Throws what it said last when it ended before that. */
export async function startServer(
  places: Places,
  identity: Identity,
  settings: Settings,
  tell: Tell,
): Promise<Running> {
  const file = join(places.binaries, 'bin', 'postgres')
  const command = commandAs(identity, file, ['-D', places.cluster, ...settingsArguments(settings)], true)
  const child = spawn(command.file, command.arguments, {
    ...command.options,
    cwd: '/',
    env: serverEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own: Ctrl-C in a terminal reaches us alone, and we stop it in order, after our own work.
    detached: true,
  })
  const ended = endOf(child)
  const said = await readiness(child, ended, tell)
  if (said !== undefined) throw new Error(`PostgreSQL did not start: ${said}`)
  return { pid: child.pid ?? 0, ended, stop: () => stop(child, ended) }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve(error.message)
    })
    child.once('exit', (code, signal) => {
      resolve(signal === null ? `exit ${String(code)}` : `ended by ${signal}`)
    })
  })
}

/** Undefined when ready, or else what it said before it ended. */
function readiness(child: ChildProcess, ended: Promise<string>, tell: Tell): Promise<string | undefined> {
  return new Promise((resolve) => {
    const last: string[] = []
    if (child.stderr) {
      createInterface({ input: child.stderr }).on('line', (line) => {
        last.splice(0, Math.max(0, last.length - 4))
        last.push(line)
        tell(isTrouble(line) ? 'warn' : 'debug', `PostgreSQL: ${line}`)
        if (line.includes('database system is ready to accept connections')) resolve(undefined)
      })
    }
    void ended.then((how) => {
      resolve([how, ...last].join('; '))
    })
  })
}

/** What PostgreSQL says to connections while it stops or comes back is not news: the end itself is told once. */
function isTrouble(line: string): boolean {
  return (
    /^(FATAL|PANIC)/.test(line) &&
    !/administrator command|postmaster exit|starting up|shutting down|not yet accepting/.test(line)
  )
}

/** In order first (SIGINT ends connections and writes a checkpoint), at once after ten seconds. */
async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill('SIGINT')
  const impatient = setTimeout(() => child.kill('SIGQUIT'), 10_000)
  await ended
  clearTimeout(impatient)
}
