import { readdirSync, readFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'

const tick = 1000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

type Stat = Readonly<{ parent: number; cpuMs: number }>

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
    // The command's name stands in brackets and may hold anything; the numbers begin behind the last one.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [, parent = 0] = fields
    // utime, stime, and both of children that have ended and were waited for.
    return { parent, cpuMs: fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) * tick }
  } catch {
    return undefined
  }
}

/** Every process below this one, itself not included. */
export function descendants(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : undefined
    if (stat) parents.set(Number(name), stat.parent)
  }
  const found = [pid]
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child)
  return found.slice(1)
}

export type CpuMs = Readonly<{ node: number; postgres: number }>

/** CPU time so far of a program and of the PostgreSQL that it started, in milliseconds (a tick is usually 10). */
export function cpuOf(pid: number): CpuMs {
  const below = descendants(pid).map((one) => statOf(one)?.cpuMs ?? 0)
  // A process counts its children only once they have ended, so nothing is counted twice.
  return { node: statOf(pid)?.cpuMs ?? 0, postgres: below.reduce((sum, ms) => sum + ms, 0) }
}

export function since(before: CpuMs, after: CpuMs): CpuMs {
  return { node: after.node - before.node, postgres: after.postgres - before.postgres }
}

/** Memory that a process holds now, and the most it ever held, in MB. One that has just ended holds none. */
export function memoryOf(pid: number): { now: number; most: number } {
  const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8')
  const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0)
  return { now: kilobytes('VmRSS') / 1024, most: kilobytes('VmHWM') / 1024 }
}
