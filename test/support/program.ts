import { spawn, type ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const root = join(import.meta.dirname, '..', '..')

/** The real program in a process of its own. */
export type Program = {
  url: string
  port: string
  pid: number
  /** What it printed so far. */
  said: () => string
  /** Ends it as Ctrl-C does. */
  stop: () => Promise<void>
  /** kill -9: no chance to tidy up. */
  kill: () => Promise<void>
}

/** Starts `cityhall serve` on a free port (or PORT) and waits until it is ready; throws with what it said where it ends. */
export async function startProgram(env: Record<string, string>): Promise<Program> {
  const port = env['PORT'] ?? String(await freePort())
  const names = ['PATH', 'HOME', 'TMPDIR', 'NODE_COMPILE_CACHE']
  const inherited = Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']))
  const child = spawn(process.execPath, [join(root, 'bin/cityhall.mjs'), 'serve'], {
    cwd: root,
    env: {
      ...inherited,
      LOG_LEVEL: 'warn',
      CITYHALL_CITY: join(root, 'city'),
      CITYHALL_SMTP_PORT: '0',
      ...env,
      PORT: port,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (said += String(part)))
  const url = `http://127.0.0.1:${port}`
  await ready(child, url, () => said)
  return {
    url,
    port,
    pid: child.pid ?? 0,
    said: () => said,
    stop: () => end(child, 'SIGINT'),
    kill: () => end(child, 'SIGKILL'),
  }
}

async function ready(child: ChildProcess, url: string, said: () => string): Promise<void> {
  const until = Date.now() + 60_000
  while (Date.now() < until) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the program ended:\n${said()}`)
    if (
      await fetch(`${url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return
    await sleep(25)
  }
  child.kill('SIGKILL')
  throw new Error(`the program was not ready within a minute:\n${said()}`)
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => {
      resolve()
    })
    child.kill(signal)
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port is free')
  return address.port
}
