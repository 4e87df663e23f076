import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Collects once, before the first visitor, what starting left behind: read files, compiled schemas, rendered pages. By
 * itself V8 would keep the 30 MB until the heap has grown by as much again.
 */
export function letGoOfTheStart(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as NodeJS.GCFunction
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
