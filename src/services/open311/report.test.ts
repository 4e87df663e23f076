import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CaseId } from '../../city/index.ts'
import { sql } from '../../plumbing/index.ts'
import { caseOnDesk, openLetter, readReceipt, type ReceiptCode } from '../correspondence/index.ts'
import { revokeClient } from './clients.ts'
import { asTexts, fromXml, openApi, type Fields, type OpenApi } from './testing/open-api.ts'

let api: OpenApi
beforeAll(async () => {
  api = await openApi()
})
afterAll(async () => {
  expect(api.faults).toEqual([])
  await api.close()
})

const person: Fields = [
  ['first_name', 'Marisol'],
  ['last_name', 'Vega'],
  ['email', 'marisol@example.org'],
  ['phone', '555-555-0142'],
]
let count = 0
const report = (...more: Fields): Fields => [
  ['service_code', 'potholes'],
  ['address_string', 'Sauce Street 1'],
  ['description', `A hole, no. ${String((count += 1))}`],
  ...more,
]
const withKey = (...more: Fields): Fields => [['api_key', api.key], ...report(...more)]
const cases = async () =>
  (await api.house.database.owner.once<{ n: number }>(sql`select count(*)::int as n from correspondence.casefile`))[0]
    ?.n

type Taken = { service_request_id: string; service_notice: string; receipt_code: string }
const taken = (body: string) => (JSON.parse(body) as Taken[])[0]!

describe('a report', () => {
  it('becomes a letter on the desk of its topic, sealed, with the person’s contact apart, and she can follow it', async () => {
    const said = await api.post(
      'requests.json',
      withKey(
        ...person,
        ['lat', '38.5449'],
        ['long', '-121.7405'],
        ['media_url', 'https://x.example/1.jpg'],
        ['media_url', 'https://x.example/2.jpg'],
        ['device_id', 'secret-device'],
      ),
    )
    expect(said.status).toBe(201)
    const { service_request_id: id, receipt_code: code, service_notice: notice } = taken(said.body)
    expect(notice).toContain('http://city.test/receipt')
    expect(id).not.toBe(code)
    const receipt = await readReceipt(api.house, code as ReceiptCode)
    if ('refused' in receipt) throw new Error(receipt.refused)
    expect(receipt.line).toMatchObject({ number: Number(id), topic: 'potholes', channel: 'open311', state: 'new' })
    const values = receipt.letters[0]?.answers?.map(({ value }) => value)
    expect(values).toEqual([
      'Pothole or broken pavement',
      'Sauce Street 1',
      expect.stringMatching(/^A hole/),
      '38.544900, -121.740500',
      'https://x.example/1.jpg\nhttps://x.example/2.jpg',
    ])
    expect(JSON.stringify(receipt)).not.toContain('secret-device')
    const dana = await api.house.hire('dana', 'works-dispatcher')
    await openLetter(api.house, dana.actor, receipt.line.id, 'send-crew')
    const desk = await caseOnDesk(api.house, dana.actor, receipt.line.id)
    if ('refused' in desk || desk.envelope.state !== 'open') throw new Error('not open')
    expect(desk.envelope.contact).toEqual({
      name: 'Marisol Vega',
      email: 'marisol@example.org',
      telephone: '555-555-0142',
    })
    const lee = await api.house.hire('lee', 'librarian')
    expect(await caseOnDesk(api.house, lee.actor, receipt.line.id)).toEqual({ refused: 'not-there' })
  })

  it('sent twice is one letter, also at once, with the parameters in another order; of another program it is another', async () => {
    const before = (await cases()) ?? 0
    const fields = withKey(...person)
    const [first, second] = await Promise.all([api.post('requests.json', fields), api.post('requests.json', fields)])
    const third = await api.post('requests.json', [...fields].reverse())
    expect(new Set([first, second, third].map(({ body }) => taken(body).service_request_id)).size).toBe(1)
    const other = await api.post(
      'requests.json',
      fields.map(([n, v]) => (n === 'api_key' ? [n, api.otherKey] : [n, v])),
    )
    expect(taken(other.body).service_request_id).not.toBe(taken(first.body).service_request_id)
    expect(await cases()).toBe(before + 2)
  })

  it('is taken as multipart too, its key in the address, line ends as they come', async () => {
    const boundary = 'x'.repeat(20)
    const parts = report(['description', 'One line\r\nand another']).filter(
      ([n, v]) => n !== 'description' || v.startsWith('One'),
    )
    const body = parts
      .map(([n, v]) => `--${boundary}\r\ncontent-disposition: form-data; name="${n}"\r\n\r\n${v}\r\n`)
      .join('')
    const { statusCode, body: said } = await api.app.inject({
      method: 'POST',
      url: `/open311/v2/requests.xml?api_key=${api.key}`,
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
      payload: `${body}--${boundary}--\r\n`,
    })
    expect(statusCode).toBe(201)
    const [one] = fromXml(said) as Taken[]
    const receipt = await readReceipt(api.house, one?.receipt_code as ReceiptCode)
    expect(JSON.stringify(receipt)).toContain('One line\\nand another')
  })

  it('is refused with the specification’s status, and nothing is kept', async () => {
    const before = await cases()
    const expected = [
      [report(), 403],
      [withKey(['api_key', 'wrong']), 400],
      [[['api_key', 'wrong'], ...report()], 403],
      [
        [
          ['api_key', api.key],
          ['description', 'x'],
          ['address_string', 'y'],
        ],
        400,
      ],
      [
        [
          ['api_key', api.key],
          ['service_code', 'no-such'],
          ['address_string', 'y'],
        ],
        404,
      ],
      [
        [
          ['api_key', api.key],
          ['service_code', 'library-cards'],
          ['address_string', 'y'],
        ],
        404,
      ],
      [
        [
          ['api_key', api.key],
          ['service_code', 'potholes'],
          ['description', 'x'],
        ],
        400,
      ],
      [withKey(['lat', '38']), 400],
      [withKey(['lat', '38'], ['long', '181']), 400],
      [withKey(['lat', 'NaN'], ['long', '1']), 400],
      [withKey(['email', 'nobody']), 400],
      [withKey(['phone', 'call me']), 400],
      [withKey(['address_id', 'nowhere']), 400],
      [withKey(['jurisdiction_id', 'other.example']), 404],
      [
        [
          ['api_key', api.key],
          ['service_code', 'potholes'],
          ['address_string', 'y'.repeat(300)],
        ],
        400,
      ],
      [
        [
          ['api_key', api.key],
          ['service_code', 'potholes'],
          ['address_string', 'y'],
          ['description', 'z'.repeat(4001)],
        ],
        400,
      ],
      [withKey(['attribute[neighborhood]', 'nowhere']), 400],
    ] as const satisfies readonly (readonly [Fields, number])[]
    for (const [fields, status] of expected) {
      const [json, xml] = [await api.post('requests.json', fields), await api.post('requests.xml', fields)]
      expect([json.status, xml.status], JSON.stringify(fields).slice(0, 90)).toEqual([status, status])
      const errors = JSON.parse(json.body) as { code: number; description: string }[]
      expect(errors[0]).toMatchObject({ code: status, description: expect.any(String) })
      expect(fromXml(xml.body)).toEqual(asTexts(errors))
    }
    expect(await cases()).toBe(before)
  })

  it('may leave its description out, and name its neighborhood', async () => {
    const said = await api.post('requests.json', [
      ['api_key', api.key],
      ['service_code', 'graffiti'],
      ['attribute[neighborhood]', 'riverbend'],
    ])
    expect(said.status).toBe(201)
    const placed = await api.post('requests.json', [
      ['api_key', api.key],
      ['service_code', 'graffiti'],
      ['address_id', 'riverbend'],
    ])
    expect(placed.status).toBe(201)
    const listed = await api.get(`requests/${taken(placed.body).service_request_id}.json`)
    expect(JSON.parse(listed.body)).toMatchObject([
      { address_id: 'riverbend', address: 'Riverbend', lat: null, description: null },
    ])
  })
})

describe('a key', () => {
  it('that was taken back opens nothing from then on', async () => {
    const late = await openApi()
    const fields: Fields = [['api_key', late.key], ...report()]
    expect((await late.post('requests.xml', fields)).status).toBe(201)
    await late.house.database.owner.transaction((tx) => revokeClient(tx, 1))
    expect((await late.post('requests.xml', fields)).status).toBe(403)
    await late.close()
  })

  it('has its limit, and says when to come again', async () => {
    const few = await openApi({ perMinute: 2 })
    const answers = []
    for (let n = 0; n < 3; n++) answers.push(await few.post('requests.xml', [['api_key', few.key], ...report()]))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 429])
    expect(Number(answers[2]?.headers['retry-after'])).toBeGreaterThan(0)
    expect((await few.post('requests.xml', [['api_key', few.otherKey], ...report()])).status).toBe(201)
    await few.close()
  })

  it('is in the database only as a hash', async () => {
    const rows = await api.house.database.owner.once(sql`select * from open311.client`)
    expect(JSON.stringify(rows)).not.toContain(api.key)
  })
})

describe('an addition', () => {
  const add = (key: string, id: string, ...more: Fields) =>
    api.post('servicerequestupdates.json', [
      ['api_key', key],
      ['service_request_id', id],
      ['status', 'open'],
      ['description', 'It is deeper now'],
      ...more,
    ])

  it('of the program that brought the case is sealed into it; sent twice it is one; another program’s finds no case', async () => {
    const made = taken((await api.post('requests.json', withKey())).body)
    const id = made.service_request_id
    expect((await add(api.key, id)).status).toBe(201)
    expect((await add(api.key, id)).status).toBe(201)
    const [foreign, gone] = [await add(api.otherKey, id), await add(api.otherKey, '99999')]
    expect([foreign.status, foreign.body]).toEqual([404, gone.body])
    expect((await add(api.key, id, ['update_id', 'u1'])).body).toContain('u1')
    await add(api.key, id, ['update_id', 'u1'])
    const receipt = await readReceipt(api.house, made.receipt_code as ReceiptCode)
    if ('refused' in receipt) throw new Error(receipt.refused)
    const added = receipt.letters.filter(({ kind }) => kind === 'addition')
    expect(added.map(({ channel, words }) => [channel, words?.split('\n')[0]])).toEqual([
      ['open311', 'It is deeper now'],
      ['open311', 'It is deeper now'],
    ])
    expect(receipt.history.map(({ act }) => act)).toContain('key.used')
  })

  it('takes a closed case up again, and its refusals are the specification’s', async () => {
    const id = taken((await api.post('requests.json', withKey())).body).service_request_id
    await api.house.database.owner.once(
      sql`update correspondence.casefile set state = 'closed', closed_because = 'done' where number = ${Number(id)}`,
    )
    expect(JSON.parse((await api.get(`requests/${id}.json`)).body)).toMatchObject([{ status: 'closed' }])
    expect((await add(api.key, id)).status).toBe(201)
    expect(JSON.parse((await api.get(`requests/${id}.json`)).body)).toMatchObject([{ status: 'open' }])
    const post = (...fields: Fields) => api.post('servicerequestupdates.xml', [['api_key', api.key], ...fields])
    expect((await post(['status', 'OPEN'])).status).toBe(400)
    expect((await post(['service_request_id', id])).status).toBe(400)
    expect((await post(['service_request_id', id], ['status', 'MELTED'])).status).toBe(400)
    expect((await post(['service_request_id', 'abc'], ['status', 'OPEN'])).status).toBe(404)
    expect((await api.post('servicerequestupdates.xml', [['service_request_id', id]])).status).toBe(403)
  })
})

it('a letter that came by form is nobody’s to add to', async () => {
  const [row] = await api.house.database.owner.once<{ id: CaseId }>(sql`select id from correspondence.casefile limit 1`)
  expect(row).toBeDefined()
  const [brought] = await api.house.database.app.once<{ n: number | null }>(
    sql`select open311.bring(${Buffer.alloc(32)}, ${Buffer.alloc(32)}) as n`,
  )
  expect(brought?.n).toBeNull()
})
