import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../src/plumbing/index.ts'

const bin = join(import.meta.dirname, '..', 'bin', 'cityhall.mjs')
/** The Node.js flags and the settings that the program's first line asks for: it is measured as it runs. */
const firstLine = (readFileSync(bin, 'utf8').split('\n', 1)[0] ?? '').split(' ')
const flags = firstLine.filter((word) => word.startsWith('--'))
const settings = Object.fromEntries(
  firstLine.flatMap((word) => {
    const [, name, value] = /^([A-Z_]+)=(.*)/.exec(word) ?? []
    return name === undefined ? [] : [[name, value]]
  }),
)

/** A city of its own in a temporary folder, with the sample city's people and past. */
export type Place = Readonly<{ data: string; remove: () => void }>

export function makePlace(): Place {
  const data = mkdtempSync(join(tmpdir(), 'cityhall-bench-'))
  return {
    data,
    remove: () => {
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** The program as in production: a process of its own, all roles, no line a request in its log. */
export type Running = Readonly<{
  origin: string
  port: number
  /** Where mail comes in. */
  smtpPort: number
  pid: number
  readyMs: number
  stop: () => Promise<void>
}>

const readyWithinMs = 120_000

export async function startProgram(
  data: string,
  role: 'all' | 'web' = 'all',
  more: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const port = await freePort()
  const smtpPort = await freePort()
  const begun = performance.now()
  const child = spawn(process.execPath, [...flags, bin, 'serve'], {
    env: {
      ...ownEnvironment(),
      ...settings,
      CITYHALL_DATA: data,
      CITYHALL_ROLE: role,
      CITYHALL_SMTP_PORT: String(smtpPort),
      PORT: String(port),
      CITYHALL_SAMPLE: '1',
      LOG_LEVEL: 'warn',
      ...more,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const stop = endWithUs(child)
  const origin = `http://127.0.0.1:${String(port)}`
  try {
    await ready(origin, child)
  } catch (error) {
    await stop()
    throw error
  }
  return { origin, port, smtpPort, pid: child.pid ?? 0, readyMs: performance.now() - begun, stop }
}

async function ready(origin: string, child: ChildProcess): Promise<void> {
  const until = performance.now() + readyWithinMs
  while (performance.now() < until && child.exitCode === null) {
    const answered = await fetch(`${origin}/readyz`).catch(() => undefined)
    if (answered?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('the program did not become ready')
}

export type Said = Readonly<{ code: number; says: string; seconds: number; mostMb: number }>

/** Runs one command of `npx cityhall` to its end, with the most memory it held, looked at ten times a second. */
export async function command(data: string, words: readonly string[], watch: (pid: number) => number): Promise<Said> {
  const begun = performance.now()
  const child = spawn(process.execPath, [...flags, bin, ...words], {
    env: { ...ownEnvironment(), ...settings, CITYHALL_DATA: data },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  endWithUs(child)
  let says = ''
  let mostMb = 0
  const watching = setInterval(() => {
    if (child.exitCode === null) mostMb = Math.max(mostMb, watch(child.pid ?? 0))
  }, 100)
  child.stdout.setEncoding('utf8').on('data', (text: string) => (says += text))
  const code = await new Promise<number>((resolve) => child.once('close', (ended) => resolve(ended ?? -1)))
  clearInterval(watching)
  return { code, says, seconds: (performance.now() - begun) / 1000, mostMb }
}

/** A module of the bench as a process of its own; it says its port on the first line. */
export async function startBeside(
  module: string,
  words: readonly string[],
): Promise<{ port: number; stop: () => Promise<void> }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, module), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const stop = endWithUs(child)
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(Number(text)))
    child.once('close', () => reject(new Error(`${module} ended before it said its port`)))
  })
  return { port, stop }
}

/** The address of the running program's own PostgreSQL, as the owner of its tables. */
export async function ownerUrlOf(data: string): Promise<string> {
  const opened = await openDatabase({ data, beside: true })
  if ('refused' in opened || opened.ownerUrl === undefined) throw new Error('the program’s database cannot be joined')
  return opened.ownerUrl
}

function ownEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(CITYHALL_|DATABASE_URL|SMTP_URL|PUBLIC_URL|NODE_ENV|HOST$)/.test(name),
  )
  return Object.fromEntries(kept)
}

/** Ends the child by its own pid: first asked, after 20 seconds made to. No child outlives the bench. */
function endWithUs(child: ChildProcess): () => Promise<void> {
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const atExit = (): void => void child.kill('SIGTERM')
  process.once('exit', atExit)
  void ended.then(() => process.off('exit', atExit))
  return async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    const force = setTimeout(() => child.kill('SIGKILL'), 20_000)
    await ended
    clearTimeout(force)
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
