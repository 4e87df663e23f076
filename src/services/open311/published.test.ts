import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FormId, PlaceId, TopicId } from '../../city/index.ts'
import { sql } from '../../plumbing/index.ts'
import { issueToken, receive, type IncomingLetter } from '../correspondence/index.ts'
import { asTexts, fromXml, openApi, type OpenApi } from './testing/open-api.ts'

let api: OpenApi
const numbers: Record<string, number> = {}

const letter = (topic: string, place?: string): IncomingLetter => ({
  channel: 'form',
  form: 'report-a-problem' as FormId,
  formVersion: 1,
  topic: topic as TopicId,
  ...(place !== undefined && { place: place as PlaceId }),
  language: 'en',
  answers: [{ field: 'what', label: 'What is wrong?', value: 'PRIVATE-WORDS' }],
  contact: { name: 'PRIVATE-NAME', email: 'private@example.org', telephone: '555-555-0199' },
})

/** Lets a letter have come at another time, in another state. */
async function came(name: string, topic: string, when: string, closed?: string): Promise<void> {
  await receive(api.house, letter(topic, 'riverbend'), issueToken(api.house.keys))
  const [row] = await api.house.database.owner.once<{ number: number }>(sql`
    update correspondence.casefile set received_at = ${when}::timestamptz, state_since = ${when}::timestamptz
    where number = (select max(number) from correspondence.casefile) returning number`)
  numbers[name] = row?.number ?? 0
  if (closed !== undefined)
    await api.house.database.owner
      .once(sql`update correspondence.casefile set state = 'closed', closed_because = ${closed},
        closed_agency = case when ${closed} = 'not-ours' then 'calma-county' end
      where number = ${numbers[name]}`)
}

beforeAll(async () => {
  api = await openApi()
  await came('old', 'potholes', '2026-01-10T10:00:00Z', 'done')
  await came('spring', 'graffiti', '2026-03-01T12:00:00Z', 'not-ours')
  await came('later', 'potholes', '2026-03-20T12:00:00Z')
  await came('sensitive', 'code-complaints', '2026-03-20T12:30:00Z')
  await came('library', 'library-general', '2026-03-20T12:40:00Z')
  await receive(api.house, letter('potholes'), issueToken(api.house.keys))
  const [row] = await api.house.database.owner.once<{ n: number }>(
    sql`select max(number) as n from correspondence.casefile`,
  )
  numbers['now'] = row?.n ?? 0
})
afterAll(async () => {
  expect(api.faults).toEqual([])
  await api.close()
})

type Row = Record<string, unknown> & { service_request_id: string }
const found = async (query: string): Promise<string[]> => {
  const { status, body } = await api.get(`requests.json?${query}`)
  expect(status, body).toBe(200)
  return (JSON.parse(body) as Row[]).map(({ service_request_id: id }) => nameOf(id))
}
const nameOf = (id: string) => Object.keys(numbers).find((name) => numbers[name] === Number(id)) ?? id

describe('what is listed', () => {
  it('is what problems came in the last 90 days, newest first, unless other times are asked for', async () => {
    expect(await found('')).toEqual(['now'])
    expect(await found('start_date=2026-01-01T00:00:00Z&end_date=2026-03-31T00:00:00Z')).toEqual([
      'later',
      'spring',
      'old',
    ])
    expect(await found('start_date=2026-01-05T00:00:00Z')).toEqual(['later', 'spring', 'old'])
    expect(await found('end_date=2026-03-20T12:00:00Z')).toEqual(['later', 'spring', 'old'])
    expect(await found('start_date=2000-01-01T00:00:00Z&end_date=2026-04-30T00:00:00Z')).toEqual(['later', 'spring'])
    expect(await found('start_date=2026-03-01T04:00:00-08:00&end_date=2026-03-01T12:00:00%2B00:00')).toEqual(['spring'])
    expect(await found('start_date=2026-03-01T04:00:00-08:00&end_date=2026-03-01T12:00:00+00:00')).toEqual(['spring'])
  })

  it('is filtered by service and state, each a list', async () => {
    const spring = 'start_date=2026-01-01T00:00:00Z&end_date=2026-03-31T00:00:00Z'
    expect(await found(`${spring}&service_code=potholes`)).toEqual(['later', 'old'])
    expect(await found(`${spring}&service_code=potholes,graffiti&status=closed`)).toEqual(['spring', 'old'])
    expect(await found(`${spring}&status=OPEN`)).toEqual(['later'])
    expect(await found(`${spring}&status=open,closed`)).toHaveLength(3)
    expect(await found(`${spring}&status=open&status=closed`)).toHaveLength(3)
    expect(await found(`${spring}&service_code=code-complaints,library-general,nothing`)).toEqual([])
  })

  it('by number overrides the rest, however old, and passes over what is not public', async () => {
    const ids = ['old', 'sensitive', 'library', 'now'].map((name) => numbers[name]).join(',')
    expect(await found(`service_request_id=${ids},999999&status=melted&start_date=junk`)).toEqual(['now', 'old'])
    const [gone, hidden, strange] = await Promise.all(
      ['999999', String(numbers['sensitive']), 'x'].map((id) => api.get(`requests/${id}.json`)),
    )
    expect(gone?.status).toBe(404)
    expect([hidden?.body, strange?.body]).toEqual([gone?.body, gone?.body])
  })

  it('is its own token, for who always asks for a number by it; what is not listed has none', async () => {
    const number = String(numbers['now'])
    const { status, body } = await api.get(`tokens/${number}.json?api_key=x`)
    expect([status, JSON.parse(body)]).toEqual([200, [{ service_request_id: number, token: number }]])
    expect((await api.get(`tokens/${number}.xml`)).body).toContain(
      `<service_requests><request><service_request_id>${number}</service_request_id><token>${number}</token></request></service_requests>`,
    )
    const none = await Promise.all(
      ['999999', String(numbers['sensitive']), 't-1'].map((id) => api.get(`tokens/${id}.json`)),
    )
    expect(new Set(none.map((one) => `${String(one.status)} ${one.body}`)).size).toBe(1)
    expect(none[0]?.status).toBe(404)
  })

  it('shows topic, neighbourhood, times and state, and nothing a person wrote', async () => {
    const { body } = await api.get(`requests/${String(numbers['spring'])}.json`)
    expect(JSON.parse(body)).toEqual([
      {
        service_request_id: String(numbers['spring']),
        status: 'closed',
        status_notes: 'Not for the City.',
        service_name: 'Graffiti',
        service_code: 'graffiti',
        description: null,
        agency_responsible: 'Public Works',
        service_notice: null,
        requested_datetime: '2026-03-01T12:00:00Z',
        updated_datetime: '2026-03-01T12:00:00Z',
        expected_datetime: expect.stringMatching(/^\d{4}-\d\d-\d\dT0[67]:59:59Z$/),
        address: 'Riverbend',
        address_id: 'riverbend',
        zipcode: null,
        lat: null,
        long: null,
        media_url: null,
      },
    ])
  })

  it('ends where the city’s file says so, and where a case moves to a topic that is not listed', async () => {
    const { owner } = api.house.database
    await owner.once(sql`delete from open311.service where topic = 'graffiti'`)
    expect((await api.get(`requests/${String(numbers['spring'])}.xml`)).status).toBe(404)
    await owner.once(sql`insert into open311.service values ('graffiti'), ('code-complaints')`)
    expect((await api.get(`requests/${String(numbers['sensitive'])}.xml`)).status).toBe(404)
    await owner.once(sql`delete from open311.service where topic = 'code-complaints'`)
    await owner.once(sql`update correspondence.casefile set topic = 'code-complaints' where number = ${numbers['now']}`)
    expect((await api.get(`requests/${String(numbers['now'])}.xml`)).status).toBe(404)
    await owner.once(sql`update correspondence.casefile set topic = 'potholes' where number = ${numbers['now']}`)
  })

  it('is refused for what is no moment, no state and no number', async () => {
    const wrong = [
      'start_date=2026-01-01',
      'start_date=2026-01-01T00:00:00',
      'start_date=2026-13-01T00:00:00Z',
      'end_date=yesterday',
      'end_date=9999999-01-01T00:00:00Z',
      'start_date=2026-03-01T00:00:00Z&end_date=2026-02-01T00:00:00Z',
      'start_date=2026-03-01T00:00:00Z&start_date=2026-02-01T00:00:00Z',
      'status=melted',
      'service_request_id=1;2',
      'service_request_id=1e9',
      `service_request_id=${'1,'.repeat(1001)}`,
    ]
    for (const query of wrong) expect((await api.get(`requests.json?${query}`)).status, query).toBe(400)
    expect((await api.get('requests.json?jurisdiction_id=chicago.gov')).status).toBe(404)
    for (const jurisdiction of ['almendra', 'city.test'])
      expect((await api.get(`requests.json?jurisdiction_id=${jurisdiction}`)).status).toBe(200)
  })
})

describe('updates', () => {
  it('tell what became of listed cases in codes, oldest first', async () => {
    const { body } = await api.get('servicerequestupdates.json?api_key=anything')
    const rows = JSON.parse(body) as (Row & { status: string; update_id: string })[]
    expect(rows.map((row) => [nameOf(row.service_request_id), row.status])).toEqual([
      ['old', 'CLOSED'],
      ['spring', 'NOT_COUNCILS_RESPONSIBILITY'],
    ])
    expect(fromXml((await api.get('servicerequestupdates.xml')).body)).toEqual(asTexts(rows))
    expect((await api.get('servicerequestupdates.xml?start_date=now')).status).toBe(400)
    const later = await api.get('servicerequestupdates.json?start_date=2199-01-01T00:00:00Z')
    expect(later.body).toBe('[]')
  })
})

describe('the rest of the specification', () => {
  it('is discovered, listed and defined, in both formats and both languages', async () => {
    for (const path of ['discovery', 'services', 'services/potholes', 'requests', 'servicerequestupdates']) {
      const [xml, json, plain, wanted] = await Promise.all([
        api.get(`${path}.XML`),
        api.get(`${path}.json`),
        api.get(path),
        api.get(path, { accept: 'application/json' }),
      ])
      expect([xml.type, plain.type], path).toEqual(['text/xml; charset=utf-8', 'text/xml; charset=utf-8'])
      expect([json.type, wanted.type], path).toEqual(Array(2).fill('application/json; charset=utf-8'))
      expect([xml.status, json.status, plain.status, wanted.status], path).toEqual([200, 200, 200, 200])
      expect(fromXml(xml.body), path).toEqual(asTexts(JSON.parse(json.body)))
    }
    const services = JSON.parse((await api.get('services.json')).body) as { service_code: string; metadata: boolean }[]
    expect(services.map(({ service_code }) => service_code)).toContain('potholes')
    expect(services.map(({ service_code }) => service_code)).not.toContain('library-cards')
    const definition = JSON.parse((await api.get('services/potholes.json')).body) as { attributes: object[] }
    expect(definition.attributes).toMatchObject([
      { code: 'neighborhood', datatype: 'singlevaluelist', required: false },
    ])
    const spanish = await api.app.inject({ url: '/es/open311/v2/services.json' })
    expect(spanish.body).toContain('Bache')
    expect((await api.app.inject({ url: '/open311/discovery.xml' })).statusCode).toBe(200)
  })

  it('answers what is not there, and not so, as the specification says', async () => {
    for (const [path, status] of [
      ['services/nothing.json', 404],
      ['tokens/123.json', 404],
      ['nothing.json', 404],
      ['requests/1/2.json', 404],
      ['__proto__.json', 404],
    ] as const)
      expect((await api.get(path)).status, path).toBe(status)
    const refused = await api.post('services.xml', [])
    expect([refused.status, refused.headers['allow']]).toEqual([405, 'GET, HEAD'])
    expect(refused.body).toContain('<errors><error><code>405</code>')
    const strange = await api.app.inject({
      method: 'POST',
      url: '/open311/v2/requests.json',
      headers: { 'content-type': 'text/plain' },
      payload: 'x',
    })
    expect([strange.statusCode, JSON.parse(strange.body)]).toEqual([
      415,
      [{ code: 415, description: expect.any(String) }],
    ])
    const large = await api.post('requests.xml', [['description', 'x'.repeat(1_100_000)]])
    expect([large.status, large.body]).toEqual([413, expect.stringContaining('<code>413</code>')])
  })
})
