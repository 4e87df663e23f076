import { inject } from 'vitest'
import { sql } from '../../src/plumbing/index.ts'
import type { SharedCity } from './cities.ts'
import { reach, startCopy, type Running, type Settings, type Started } from './city-process.ts'

export type { Running, Started } from './city-process.ts'

/**
 * A city that runs already: one for each worker, which its files use one after the other and leave running. What a file does
 * there stays there for the next: it looks for what it brought itself, by number or by word, and never for an empty shelf.
 */
export async function aCity(): Promise<Running> {
  const { lastOfSample, ...where } = (await ask(`/of/${process.env['VITEST_POOL_ID'] ?? '1'}`)) as SharedCity
  const city = reach(where)
  // The desk shows fifty letters at a time, those that wait longest first: what another file left waiting is put away.
  await city.arrange(sql`update correspondence.casefile set state = 'closed', closed_because = 'done', state_since = now()
    where state in ('new', 'open') and number > ${lastOfSample}`)
  return { ...city, stop: () => Promise.resolve() }
}

/** A city that a file may break, or that needs settings of its own: a copy of the made one, which the file stops itself. */
export async function aCityOfItsOwn(settings?: Settings): Promise<Started> {
  return startCopy((await ask('/made')) as string, settings)
}

async function ask(path: string): Promise<unknown> {
  const answer = await fetch(inject('cities') + path)
  if (!answer.ok) throw new Error(await answer.text())
  return answer.json()
}
