import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** How long after the start, in milliseconds: whoever waited for it is answered by then. */
const after = 500

/**
 * Collects once what starting left behind: read files, compiled schemas, rendered pages. By itself V8 would keep the
 * 30 MB until the heap has grown by as much again. From then on the heap is tidied whenever it has grown by a fifth:
 * while it is being filled, that would be a collection for every fifth of nothing.
 */
export function letGoOfTheStart(): void {
  setFlagsFromString('--expose-gc')
  setTimeout(() => {
    setFlagsFromString('--heap-growing-percent=20')
    const collect = runInNewContext('gc') as NodeJS.GCFunction
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  }, after).unref()
}
