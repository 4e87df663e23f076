import type { Running, Tell } from './server.ts'

/** A PostgreSQL that is started again whenever it ends. */
export type Supervised = { pid: () => number; stop: () => Promise<void> }

/**
 * Keeps one PostgreSQL running. When it ends it is started again: at once, then after 0.1, 0.2 ... up to 5 seconds, for
 * its former processes may hold on to shared memory for a moment. It never gives up: transactions fail meanwhile, and
 * `/readyz` says so.
 */
export async function supervise(start: () => Promise<Running>, tell: Tell): Promise<Supervised> {
  let stopping = false
  const isStopping = (): boolean => stopping
  let running = await startPatiently(start, tell, isStopping, 5)
  const watched = (async () => {
    for (;;) {
      const how = await running.ended
      if (isStopping()) return
      tell('error', `PostgreSQL ended unexpectedly (${how}); starting it again`)
      try {
        running = await startPatiently(start, tell, isStopping, Infinity)
      } catch {
        return
      }
      tell('info', 'PostgreSQL runs again')
    }
  })()
  return {
    pid: () => running.pid,
    stop: async () => {
      stopping = true
      await running.stop()
      await watched
      await running.stop()
    },
  }
}

async function startPatiently(
  start: () => Promise<Running>,
  tell: Tell,
  stopping: () => boolean,
  attempts: number,
): Promise<Running> {
  for (let attempt = 1, pause = 100; ; attempt += 1, pause = Math.min(pause * 2, 5000)) {
    try {
      return await start()
    } catch (error) {
      if (attempt >= attempts || stopping()) throw error
      tell('warn', `${(error as Error).message}; trying again in ${String(pause)} ms`)
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
}
