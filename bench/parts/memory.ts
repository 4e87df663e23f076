import { atMost, informs, type Figure } from '../figures.ts'
import { request } from '../letters.ts'
import { memoryOf } from '../processes.ts'
import { makePlace } from '../program.ts'
import { storm } from '../storm.ts'
import { withProgram, type Inside } from '../with-program.ts'
import { onlyAccepted, stormOf } from './submit.ts'

const part = 'memory'
const seconds = 30

/**
 * What the program's own process holds while pages, and then letters, are asked of it for half a minute each. It was
 * started before: the first start makes the sample city's past, which no city in production has.
 */
export async function memory(): Promise<Figure[]> {
  const place = makePlace()
  try {
    await withProgram(() => Promise.resolve(), place.data)
    return await withProgram(underLoad, place.data)
  } finally {
    place.remove()
  }
}

async function underLoad(inside: Inside): Promise<Figure[]> {
  const { program, nextPost } = inside
  const rested = memoryOf(program.pid).now
  const page = request(program.port, '/')
  const pages = await mostDuring(inside, () =>
    storm({ port: program.port, connections: 16, seconds, next: () => page }),
  )
  const letters = await mostDuring(inside, async () => {
    onlyAccepted(await stormOf(program.port, seconds, nextPost))
  })
  return [
    informs(part, 'resident memory of the node process before any load', `${rested.toFixed(0)} MB`),
    atMost(part, `most during ${String(seconds)} s of pages, 16 connections`, pages, 200, 'MB'),
    atMost(part, `most during ${String(seconds)} s of letters, 16 connections`, letters, 200, 'MB'),
  ]
}

async function mostDuring({ program }: Inside, work: () => Promise<unknown>): Promise<number> {
  let most = 0
  const watching = setInterval(() => {
    most = Math.max(most, memoryOf(program.pid).now)
  }, 250)
  try {
    await work()
  } finally {
    clearInterval(watching)
  }
  return Math.max(most, memoryOf(program.pid).now)
}
