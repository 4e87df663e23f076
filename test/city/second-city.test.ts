import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../src/plumbing/index.ts'
import {
  discover,
  fetchServices,
  fetchStatus,
  fetchUpdates,
  sendRequest,
  sendUpdate,
  type Endpoint,
} from '../../src/services/open311/index.ts'
import { startRunning, type Running } from '../support/running.ts'

/** Another city that runs Cityhall: our client speaks to it over a socket, with a key that its operator made. */
let city: Running
let endpoint: Endpoint
const program = join(import.meta.dirname, '..', '..', 'bin', 'cityhall.ts')

async function operator(...words: string[]): Promise<string> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    CITYHALL_DATA: city.data,
    CITYHALL_SAMPLE: '1',
  }
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...words, '--json'], { env })
  return stdout
}

beforeAll(async () => {
  city = await startRunning()
  const { key } = JSON.parse(await operator('open311', 'client', 'add', 'Next', 'city')) as { key: string }
  endpoint = {
    url: `${city.origin}/open311/v2`,
    key,
    jurisdiction: 'almendra',
    insideNetwork: true,
    knowsRepeats: true,
  }
}, 120_000)
afterAll(async () => {
  await city.stop()
})

const report = {
  serviceCode: 'street-lights',
  addressString: 'Ridge Road, at the city limit',
  description: 'Dark since Friday <all of them> & flickering\nfor a week before — “señales” 😀',
  lat: 38.7301,
  long: -121.9101,
} as const

test('it is found, and says what may be reported', async () => {
  for (const format of ['xml', 'json'] as const) {
    expect(await discover({ ...endpoint, format })).toMatchObject({ keyService: expect.any(String) })
    const found = await fetchServices({ ...endpoint, format })
    if ('refused' in found) throw new Error(found.refused)
    expect(found.services).toContainEqual(
      expect.objectContaining({
        code: 'street-lights',
        name: 'Street light out',
        group: 'Public Works',
        asksMore: true,
      }),
    )
  }
})

test('a report sent to it has a number there; sent again, in either format, it is the same; and what becomes of it comes back', async () => {
  const from = Temporal.Now.instant().subtract({ minutes: 1 })
  const sent = await sendRequest(endpoint, report)
  if (!('requestId' in sent)) throw new Error(JSON.stringify(sent))
  expect(sent.notice).toContain('Public Works')
  expect(await sendRequest({ ...endpoint, format: 'json' }, report)).toMatchObject({ requestId: sent.requestId })
  expect(await fetchStatus(endpoint, sent.requestId)).toMatchObject({ status: 'open', agency: 'Public Works' })
  const added = { requestId: sent.requestId, updateId: 'ours-1', status: 'OPEN', description: 'Still dark' }
  const at = { updatedAt: Temporal.Now.instant() }
  expect(await sendUpdate(endpoint, { ...added, ...at })).toEqual({ updateId: 'ours-1' })
  expect(await sendUpdate({ ...endpoint, format: 'json' }, { ...added, ...at })).toEqual({ updateId: 'ours-1' })
  await city.arrange(sql`update correspondence.casefile set state = 'closed', closed_because = 'not-ours',
    closed_agency = (select min(id) from city.agency), state_since = now(), version = version + 1 where number = ${Number(sent.requestId)}`)
  for (const format of ['xml', 'json'] as const) {
    const status = await fetchStatus({ ...endpoint, format }, sent.requestId)
    expect(status).toMatchObject({ status: 'closed', notes: 'Not for the City.' })
    const until = Temporal.Now.instant().add({ minutes: 1 })
    const found = await fetchUpdates({ ...endpoint, format }, { from, until })
    if ('refused' in found) throw new Error(found.refused)
    expect(found.updates.filter(({ requestId }) => requestId === sent.requestId)).toMatchObject([
      { status: 'NOT_COUNCILS_RESPONSIBILITY', description: 'Not for the City.' },
    ])
  }
})

test('what it refuses is told in its words', async () => {
  expect(await sendRequest({ ...endpoint, key: 'wrong' }, report)).toMatchObject({ refused: 'rejected', status: 403 })
  const unknown = await sendRequest(endpoint, { ...report, serviceCode: 'melted' })
  expect(unknown).toEqual({ refused: 'rejected', status: 404, says: ['There is no such service_code.'] })
  expect(await sendRequest({ ...endpoint, jurisdiction: 'elsewhere' }, report)).toMatchObject({ status: 404 })
  expect(await fetchStatus(endpoint, '999999999')).toEqual({ refused: 'not-there' })
  expect(await sendRequest({ ...endpoint, insideNetwork: false }, report)).toEqual({ refused: 'forbidden-address' })
})

test('its operator sees who has a key, and takes it back', async () => {
  expect(JSON.parse(await operator('open311', 'client', 'list'))).toMatchObject([{ name: 'Next city', perMinute: 60 }])
  await operator('open311', 'client', 'revoke', '1')
  expect(await sendRequest(endpoint, { ...report, description: 'After' })).toMatchObject({ status: 403 })
})
