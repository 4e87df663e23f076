import { setTimeout as sleep } from 'node:timers/promises'

export type KeepDoing = Readonly<{
  /** Does what there is to do; true when there may be more at once. */
  work: () => Promise<boolean>
  /** Milliseconds between looks when there was nothing more. */
  every: number
  /** Told of each fault; the pause before the next try doubles, to `longest` milliseconds. */
  onFault: (error: unknown) => void
  longest?: number
  /**
   * The part of the time that the work may take, for work that can wait: a tenth where 0.1, and a third of that while this
   * process is busy. Where others keep the machine busy the work takes longer, and so leaves them longer; two seconds at
   * most. All of it unless told.
   */
  share?: number
  signal: AbortSignal
}>

const mostForOthers = 2_000

/** Does a piece of work over and over until `signal` aborts; a fault is told, and tried again after a growing pause. */
export async function keepDoing(what: KeepDoing): Promise<void> {
  const { work, every, onFault, longest = 30_000, share = 1, signal } = what
  let pause = every
  let seen = performance.eventLoopUtilization()
  while (!signal.aborted) {
    const begun = performance.now()
    let more = false
    try {
      more = await work()
      pause = every
    } catch (error) {
      onFault(error)
      pause = Math.min(pause * 2, longest)
    }
    const { utilization } = performance.eventLoopUtilization(seen)
    seen = performance.eventLoopUtilization()
    const others = Math.min((performance.now() - begun) * (1 / share - 1) * (1 + 2 * utilization), mostForOthers)
    const rest = more ? others : Math.max(pause, others)
    if (rest > 0) await sleep(rest, undefined, { signal }).catch(() => undefined)
  }
}
