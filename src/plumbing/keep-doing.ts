import { setTimeout as sleep } from 'node:timers/promises'

export type KeepDoing = Readonly<{
  /** Does what there is to do; true when there may be more at once. */
  work: () => Promise<boolean>
  /** Milliseconds between looks when there was nothing more. */
  every: number
  /** Told of each fault; the pause before the next try doubles, to `longest` milliseconds. */
  onFault: (error: unknown) => void
  longest?: number
  signal: AbortSignal
}>

/** Does a piece of work over and over until `signal` aborts; a fault is told, and tried again after a growing pause. */
export async function keepDoing({ work, every, onFault, longest = 30_000, signal }: KeepDoing): Promise<void> {
  let pause = every
  while (!signal.aborted) {
    try {
      const more = await work()
      pause = every
      if (more) continue
    } catch (error) {
      onFault(error)
      pause = Math.min(pause * 2, longest)
    }
    await sleep(pause, undefined, { signal }).catch(() => undefined)
  }
}
