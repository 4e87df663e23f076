import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AgencyId, BasisId, FormId, PlaceId, TopicId } from '../../src/city/index.ts'
import { sql } from '../../src/plumbing/index.ts'
import {
  caseOnDesk,
  issueToken,
  newId,
  openLetter,
  readReceipt,
  receive,
  type ReceiptCode,
} from '../../src/services/correspondence/index.ts'
import {
  discover,
  fetchServices,
  fetchStatus,
  fetchUpdates,
  sendRequest,
  sendUpdate,
  type Endpoint,
} from '../../src/services/open311/index.ts'
import { askHowTheyStand } from '../../src/services/referral/ask-how.ts'
import { preview, refer, referralPanel, sendReferral } from '../../src/services/referral/index.ts'
import { openTestHouse, type Clerk, type TestHouse } from '../support/house.ts'
import { aCityOfItsOwn, type Running } from '../support/running.ts'

// Another city that runs Cityhall: asked by our client, and sent letters by our clerks.

/** Another city that runs Cityhall: our client speaks to it over a socket, with a key that its operator made. */
let city: Running
let house: TestHouse
let endpoint: Endpoint
const program = join(import.meta.dirname, '..', '..', 'bin', 'cityhall.mjs')

async function operator(...words: string[]): Promise<string> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
    CITYHALL_DATA: city.data,
    CITYHALL_SAMPLE: '1',
  }
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...words, '--json'], { env })
  return stdout
}

beforeAll(async () => {
  ;[city, house] = await Promise.all([aCityOfItsOwn(), openTestHouse()])
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
  await Promise.all([city.stop(), house.close()])
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

describe('a letter that is the other city’s to answer', () => {
  let dan: Clerk
  beforeAll(async () => {
    dan = await house.hire('dan', 'works-dispatcher')
  })
  const neighbor = 'city-of-piedra-alta' as AgencyId

  /** Our city, whose neighbor takes reports at this address. */
  const ours = (url: string) => {
    const agency = house.city.agencies.get(neighbor)
    if (agency?.takes?.way !== 'open311') throw new Error('the neighbor takes no reports')
    const agencies = new Map([[neighbor, { ...agency, takes: { ...agency.takes, url, jurisdiction: 'almendra' } }]])
    return { ...house, city: { ...house.city, agencies } }
  }
  const office = (url: string, key?: string) => ({
    ...ours(url),
    keeper: house.database.keeper,
    insideNetwork: true,
    agencyKey: () => key,
  })
  const opened = async (code: ReceiptCode) => {
    const receipt = await readReceipt(house, code)
    if ('refused' in receipt) throw new Error(receipt.refused)
    return receipt
  }

  async function referred(url: string, what: string) {
    const letter = {
      channel: 'form' as const,
      form: 'report-a-problem' as FormId,
      formVersion: 1,
      topic: 'potholes' as TopicId,
      place: 'levee-park' as PlaceId,
      language: 'es' as const,
      answers: [{ field: 'what', label: '¿Qué está mal?', value: what }],
      contact: { name: 'Marisol Vega', email: 'marisol@example.org' },
    }
    const received = await receive(house, letter, issueToken(house.keys))
    if ('refused' in received) throw new Error(received.refused)
    const { id: caseId, version } = (await opened(received.code)).line
    await openLetter(house, dan.actor, caseId, 'answer')
    const input = {
      caseId,
      version,
      id: newId(),
      agency: neighbor,
      basis: 'agency-responsible' as BasisId,
      because: 'The street is theirs.',
      fields: ['place:neighborhood', 'words:1.what'],
    }
    const leaving = await preview(ours(url), dan.actor, input)
    expect(await refer(ours(url), dan.actor, input)).toEqual({ done: true })
    return { caseId, id: input.id, code: received.code, leaving }
  }
  const stands = async (id: string) =>
    (
      await house.database.owner.once<{ state: string; failure: string | null; their_number: string | null }>(
        sql`select state, failure, their_number from referral.disclosure where id = ${id}`,
      )
    )[0]
  const anHourLater = () =>
    house.database.owner.once(sql`update referral.disclosure set ask_at = now() where ask_at is not null`)
  const fail = (error: unknown) => {
    throw error
  }

  test('is a report there; what becomes of it comes back to the clerk and the person, once', async () => {
    const { caseId, id, code, leaving } = await referred(endpoint.url, 'Un hoyo en la calle')
    expect(leaving).toMatchObject({ way: 'open311', fields: { serviceCode: 'potholes', addressString: 'Levee Park' } })
    expect(JSON.stringify(leaving)).not.toMatch(/Vega|marisol/)
    const sending = office(endpoint.url, endpoint.key)
    await sendReferral(sending, id)
    const sent = await stands(id)
    expect(sent).toMatchObject({ state: 'sent', failure: null, their_number: expect.stringMatching(/^\d+$/) })
    await house.database.owner.once(sql`update correspondence.casefile set state = 'answered' where id = ${caseId}`)
    for (const _ of [1, 2]) {
      await anHourLater()
      await askHowTheyStand(sending, fail)
    }
    expect((await opened(code)).line.state).toBe('answered')
    await city.arrange(sql`update correspondence.casefile set state = 'closed', closed_because = 'done',
      state_since = now(), version = version + 1 where number = ${Number(sent?.their_number)}`)
    for (const _ of [1, 2]) {
      await anHourLater()
      await askHowTheyStand(sending, fail)
    }
    const receipt = await opened(code)
    const answers = receipt.letters.filter(({ kind }) => kind === 'agency')
    expect(receipt.line.state).toBe('open')
    expect(answers.map(({ words }) => words?.split('\n\n')[0])).toEqual([
      'Ciudad de Piedra Alta dice: en trámite',
      'Ciudad de Piedra Alta dice: cerrado',
    ])
    expect(receipt.mails.filter(({ kind }) => kind === 'agency')).toHaveLength(2)
    expect(receipt.history.find(({ act }) => act === 'referral.answered')?.detail).toBe(
      `agency=${neighbor} status=closed`,
    )
    const panels = [referralPanel(house.city)]
    const desk = await caseOnDesk({ ...house, panels }, dan.actor, caseId)
    if ('refused' in desk) throw new Error(desk.refused)
    expect(desk.panels.join('')).toContain(`Closed there. Their number: ${sent?.their_number ?? ''}.`)
  })

  test('has failed where the other city refuses it, and the clerk reads so', async () => {
    const { id, code } = await referred(endpoint.url, 'Otro hoyo')
    await sendReferral(office(endpoint.url, 'wrong'), id)
    expect(await stands(id)).toMatchObject({ state: 'failed', failure: '403' })
    expect((await opened(code)).history.some(({ act }) => act === 'referral.failed')).toBe(true)
  })

  test('is followed by its token where the other side gives its number later', async () => {
    const answers = [{ token: 't-1' }, {}, { token: 't-1', service_request_id: 'SR7' }]
    const status = { service_request_id: 'SR7', status: 'Closed', status_notes: 'Filled.' }
    const server = createServer((request, response) => {
      const said = /requests\/SR7/.test(request.url ?? '') ? status : answers.shift()
      response.setHeader('content-type', 'application/json').end(JSON.stringify([said]))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
    const { id, code } = await referred(url, 'Un tercer hoyo')
    await sendReferral(office(url), id)
    for (const number of [null, 'SR7']) {
      await anHourLater()
      await askHowTheyStand(office(url), fail)
      expect(await stands(id)).toMatchObject({ state: 'sent', their_number: number })
    }
    expect((await opened(code)).letters.at(-1)?.words).toBe('Ciudad de Piedra Alta dice: cerrado\n\nFilled.')
    await new Promise((resolve) => server.close(resolve))
  })
})

test('its operator sees who has a key, and takes it back', async () => {
  expect(JSON.parse(await operator('open311', 'client', 'list'))).toMatchObject([{ name: 'Next city', perMinute: 60 }])
  await operator('open311', 'client', 'revoke', '1')
  expect(await sendRequest(endpoint, { ...report, description: 'After' })).toMatchObject({ status: 403 })
})
