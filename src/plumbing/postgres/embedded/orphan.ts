import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Stops a PostgreSQL that outlived the program that started it, so that a new one may open the folder. The caller holds
 * the instance lock: no living program owns it. The number in `postmaster.pid` may be another process by now, so its
 * command line is asked for our folder first. Asked to stop in order, then at once (recovery follows), then killed.
 */
export async function stopOrphan(cluster: string): Promise<boolean> {
  const pid = runningServer(cluster)
  if (pid === undefined) {
    disownPid(cluster)
    return false
  }
  const steps = [
    { signal: 'SIGINT', wait: 5000 },
    { signal: 'SIGQUIT', wait: 3000 },
    { signal: 'SIGKILL', wait: 3000 },
  ] as const
  for (const { signal, wait } of steps) {
    signalProcess(pid, signal)
    if (await gone(cluster, pid, wait)) return true
  }
  throw new Error(`PostgreSQL of an earlier run (process ${String(pid)}) on ${cluster} cannot be stopped`)
}

/** The process that serves the folder according to its `postmaster.pid`, if it truly does. */
export function runningServer(cluster: string): number | undefined {
  const pid = notedPid(cluster)
  return pid !== undefined && serves(pid, cluster) ? pid : undefined
}

/** Above every process number that a system hands out. */
const nobodysPid = '2147483646'

/**
 * After a restart of the machine or the container the number in `postmaster.pid` may belong to a stranger, and PostgreSQL
 * would take the stranger for itself and refuse to start. The number is changed, the file kept: it also names the shared
 * memory by which PostgreSQL finds out whether former connections still live, and that check must not be lost.
 */
function disownPid(cluster: string): void {
  const pid = notedPid(cluster)
  if (pid === undefined || !isAlive(pid)) return
  const file = join(cluster, 'postmaster.pid')
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, nobodysPid))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

function notedPid(cluster: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0])
    return Number.isInteger(pid) && pid > 1 ? pid : undefined
  } catch {
    return undefined
  }
}

function serves(pid: number, cluster: string): boolean {
  const words = commandLine(pid)
  return words.includes(cluster) && words.some((word) => /(^|\/)postgres$/.test(word))
}

function commandLine(pid: number): string[] {
  if (process.platform === 'linux') {
    try {
      return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').split('\0')
    } catch {
      return []
    }
  }
  const answer = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  return answer.stdout.trim().split(' ')
}

async function gone(cluster: string, pid: number, wait: number): Promise<boolean> {
  for (const until = Date.now() + wait; Date.now() < until;) {
    if (!serves(pid, cluster)) return true
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return false
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
