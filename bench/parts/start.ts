import { atMost, informs, median, spread, type Figure } from '../figures.ts'
import { makePlace, startProgram } from '../program.ts'

const part = 'start'
const starts = 3

/** From the command to `GET /readyz` answering 200: the first start makes everything, each later one finds it there. */
export async function start(): Promise<Figure[]> {
  const place = makePlace()
  try {
    const first = await secondsToReady(place.data)
    const later: number[] = []
    for (let n = 0; n < starts; n++) later.push(await secondsToReady(place.data))
    return [
      informs(part, 'first start: database made, migrated, sample city’s past loaded', `${first.toFixed(1)} s`),
      atMost(part, 'second start to readiness', median(later), 3, 's', ` (${spread(later, 2)})`),
    ]
  } finally {
    place.remove()
  }
}

async function secondsToReady(data: string): Promise<number> {
  const program = await startProgram(data)
  await program.stop()
  return program.readyMs / 1000
}
