import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readFiles, type Ground } from '../../src/cityhall.ts'
import { createLog, readConfig, sql } from '../../src/plumbing/index.ts'
import { loadSampleCity } from '../../src/sample-city.ts'
import { cityFolder, openTestHouse, type TestHouse } from '../support/house.ts'

let house: TestHouse
const said: string[] = []
beforeAll(async () => {
  house = await openTestHouse()
})
afterAll(() => house.close())

/** What a start hands to the sample: the city's files, its keys and its database. */
function groundOf({ folder, keys, database }: TestHouse): Ground {
  const config = readConfig({ CITYHALL_DATA: folder, CITYHALL_CITY: cityFolder, CITYHALL_SAMPLE: '1' })
  const files = readFiles(cityFolder)
  if ('refused' in config || 'refused' in files) throw new Error('the sample city cannot be read')
  const log = createLog({ logLevel: 'warn' }, { write: (line: string) => void said.push(line) })
  return { config, files, log, keys, database: { ownerUrl: database.urls.owner } } as unknown as Ground
}

const cases = async () => {
  const [row] = await house.database.owner.once<{ n: number }>(
    sql`select count(*)::int as n from correspondence.casefile`,
  )
  return row?.n ?? 0
}

test('a sample’s past that was cut short in its middle is said to be so at every later start, and stays as it is', async () => {
  const ground = groundOf(house)
  const loading = loadSampleCity(ground)
  const ending = new AbortController()
  const failed = expect(loading.finally(() => { ending.abort() })).rejects.toThrow() // prettier-ignore
  while ((await cases()) < 3) await sleep(10)
  // Its connections end in the middle of an act, as they do where the program or PostgreSQL is killed; one that rests is replaced.
  while (!ending.signal.aborted)
    await house.database.owner.once(sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'cityhall sample' and state <> 'idle'`)
  await failed
  const left = await cases()
  expect(said).toEqual([])
  for (const start of [1, 2]) {
    expect(await loadSampleCity(ground)).toBeUndefined()
    expect(said).toHaveLength(start)
    expect(said.at(-1)).toContain('the sample city’s past was cut short when it was first made')
    expect(said.at(-1)).toContain(`remove ${house.folder}, and start again`)
  }
  expect(await cases()).toBe(left)
})
