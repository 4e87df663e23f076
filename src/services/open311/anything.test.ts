import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { photograph } from '../../../test/support/files.ts'
import { channels, readReceipt, receiveSamples, type ReceiptCode } from '../correspondence/index.ts'
import type { FormId, PlaceId, TopicId } from '../../city/index.ts'
import { sql } from '../../plumbing/index.ts'
import { written, type Leaf } from './answer.ts'
import { asTexts, fromXml, openApi, type Fields, type OpenApi } from './testing/open-api.ts'

let api: OpenApi
beforeAll(async () => {
  api = await openApi()
})
afterAll(async () => {
  expect(api.faults).toEqual([])
  await api.close()
})

/** Strict for the XML that we write: elements without attributes, closed in order, and texts without a bare sign. */
function isWellFormed(xml: string): boolean {
  const [, body] = /^<\?xml version="1\.0" encoding="utf-8"\?>\n([^]*)\n$/.exec(xml) ?? []
  if (body === undefined || /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(body)) return false
  const open: string[] = []
  let roots = 0
  for (const [token] of body.matchAll(/<[^>]*>|[^<]+|</g)) {
    const [, end, name, alone] = /^<(\/?)([a-z][a-z0-9_]*)(\/?)>$/.exec(token) ?? []
    if (name === undefined) {
      if (token.startsWith('<') || open.length === 0 || />|&(?!(amp|lt|gt|quot|apos|#13);)/.test(token)) return false
    } else if (end) {
      if (open.pop() !== name) return false
    } else {
      if (open.length === 0) roots += 1
      if (!alone) open.push(name)
    }
  }
  return open.length === 0 && roots === 1
}

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom('<', '&', '>', '"', "'", ']', '\r', '\n', '\0', '\uD800', '\uFFFE', 'ñ', '😀'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
})

describe('whatever is in an answer', () => {
  it('its XML is well formed, and says what its JSON says', () => {
    const leaf: fc.Arbitrary<Leaf> = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null))
    fc.assert(
      fc.property(fc.array(fc.record({ description: leaf, address: leaf }), { minLength: 1 }), (things) => {
        const answer = { root: 'service_requests', inside: { item: 'request', things } }
        const xml = written(answer, 'xml')
        expect(isWellFormed(xml)).toBe(true)
        const said = asTexts(JSON.parse(written(answer, 'json')))
        // XML's own rule: a line end as \n, and what is only white space may be lost to the reader.
        expect(trimmed(fromXml(xml))).toEqual(trimmed(said))
      }),
      { numRuns: 300 },
    )
    expect(isWellFormed('<?xml version="1.0" encoding="utf-8"?>\n<a><b></a></b>\n')).toBe(false)
    expect(isWellFormed('<?xml version="1.0" encoding="utf-8"?>\n<a>R&D</a>\n')).toBe(false)
  })
})

/** The parser in the test folds references to carriage returns and edges of white space. */
const trimmed = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replace(/\\r|\\n|\\t|&#13;|\s/g, '')) as unknown

const ending = fc.constantFrom('.xml', '.json', '.XML', '.Json', '', '.', '.html', '.xml.json')
const resource = fc.oneof(
  fc.constantFrom('discovery', 'services', 'requests', 'servicerequestupdates', 'tokens', 'Services'),
  fc.tuple(fc.constantFrom('services', 'requests', 'tokens'), text).map(([name, id]) => `${name}/${encoded(id)}`),
)
const encoded = (id: string) => encodeURIComponent(id.toWellFormed()).replace(/^\.+$/, 'x')
const parameter = fc.oneof(
  fc.constantFrom(
    'start_date', 'end_date', 'status', 'service_code', 'service_request_id', 'jurisdiction_id', 'api_key', 'lat', 'long', 'description',
    'address_string', 'address_id', 'attribute[neighborhood]', 'media_url', 'email', '__proto__', 'constructor', 'update_id',
  ), // prettier-ignore
  text,
)
const value = fc.oneof(
  fc.constantFrom(
    'open',
    'closed',
    'potholes',
    '1',
    '1,2',
    '2026-03-01T00:00:00Z',
    'almendra',
    'riverbend',
    '38.5',
    '-121.7',
    '',
  ),
  text,
)
const fields = fc.array(fc.tuple(parameter, value), { maxLength: 12 })

describe('whatever is asked', () => {
  it('is answered in the specification’s words, in both formats alike, and never with a fault', async () => {
    await fc.assert(
      fc.asyncProperty(resource, ending, fields, async (name, end, given) => {
        const query = new URLSearchParams(given.map(([n, v]): [string, string] => [n.toWellFormed(), v.toWellFormed()]))
        const said = await api.get(`${name}${end}?${query.toString()}`)
        expect([200, 400, 404]).toContain(said.status)
        const isJson = said.type.startsWith('application/json')
        if (isJson) JSON.parse(said.body)
        else expect(isWellFormed(said.body), said.body).toBe(true)
        expect(said.type).toMatch(/^(text\/xml|application\/json); charset=utf-8$/)
        if (said.status !== 200)
          expect(said.body).toMatch(isJson ? /^\[\{"code":4\d\d,"description"/ : /<errors><error><code>4/)
      }),
      { numRuns: 150 },
    )
  })

  it('whatever is posted is taken or refused, and never with a fault', async () => {
    await fc.assert(
      fc.asyncProperty(
        fields,
        fc.constantFrom('requests', 'servicerequestupdates'),
        fc.boolean(),
        async (given, name, withKey) => {
          const clean = given.map(([n, v]): [string, string] => [n.toWellFormed(), v.toWellFormed()])
          const own = withKey ? ([['api_key', api.key]] as const) : []
          const said = await api.post(`${name}.xml`, [...own, ...clean.filter(([n]) => !withKey || n !== 'api_key')])
          expect([201, 400, 403, 404]).toContain(said.status)
          expect(isWellFormed(said.body)).toBe(true)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('means the same in any order, repeated, and with the key in the address or the body', async () => {
    const report: Fields = [
      ['api_key', api.key],
      ['service_code', 'street-lights'],
      ['lat', '38.5449'],
      ['long', '-121.7405'],
      ['address_string', 'Orchard & Main <corner>'],
      ['description', 'Dark since Friday; the lamp hums\r\nand flickers'],
      ['first_name', 'Ana'],
      ['last_name', 'Ruiz'],
      ['email', 'ana@example.org'],
      ['jurisdiction_id', 'almendra'],
      ['device_id', 'd'],
    ]
    const first = await api.post('requests.json', report)
    expect(first.status, first.body).toBe(201)
    const shuffled = fc.shuffledSubarray([...report, ...report], { minLength: report.length * 2 })
    await fc.assert(
      fc.asyncProperty(shuffled, fc.boolean(), async (given, inAddress) => {
        const rest = inAddress ? given.filter(([name]) => name !== 'api_key') : given
        const said = await api.post(`requests.json${inAddress ? `?api_key=${api.key}` : ''}`, rest)
        expect([said.status, said.body]).toEqual([201, first.body])
      }),
      { numRuns: 25 },
    )
  })
})

describe('nothing personal', () => {
  const secret = 'PRIVATO'

  it('is in any answer to anybody, whichever way the letter came and whatever was done with it', async () => {
    const { house } = api
    const letters = channels.flatMap((channel) =>
      ['potholes', 'code-complaints', 'library-cards'].map((topic) => ({
        channel,
        form: 'report-a-problem' as FormId,
        formVersion: 1,
        topic: topic as TopicId,
        place: 'riverbend' as PlaceId,
        language: 'es' as const,
        answers: [{ field: 'what', label: `${secret} label`, value: `${secret} words` }],
        contact: { name: `${secret} Vega`, email: `${secret}@example.org`, telephone: '555-777-1234' },
      })),
    )
    // As the owner loads a sample: of these channels the app itself may bring two only.
    await house.database.owner.transaction((tx) => receiveSamples(house, tx, letters))
    const posted = await api.post('requests.json', [
      ['api_key', api.key],
      ['service_code', 'potholes'],
      ['lat', '38.123456'],
      ['long', '-121.654321'],
      ['address_string', `${secret} Street 7`],
      ['description', `${secret} words`],
      ['first_name', secret],
      ['email', `${secret}@example.org`],
      ['phone', '555-777-1234'],
      ['media_url', `https://example.org/${secret}.jpg`],
      ['device_id', `${secret}-device`],
      ['account_id', `${secret}-account`],
    ])
    expect(posted.status).toBe(201)
    const [one] = JSON.parse(posted.body) as [{ service_request_id: string; receipt_code: string }]
    await house.database.owner
      .once(sql`update correspondence.casefile set state = 'closed', closed_because = 'duplicate'
      where number = ${Number(one.service_request_id)}`)
    const [row] = await house.database.owner.once<{ most: number; subjects: string[] }>(
      sql`select (select max(number) from correspondence.casefile) as most, array(select id::text from vault.subject) as subjects`,
    )
    const numbers = Array.from({ length: row?.most ?? 0 }, (_, n) => String(n + 1))
    const paths = [
      'discovery', 'services', 'services/potholes', 'requests', 'servicerequestupdates', 'tokens/1',
      `requests?service_request_id=${numbers.join(',')}`, 'requests?status=closed', ...numbers.map((id) => `requests/${id}`),
      `requests?api_key=${api.key}`, `servicerequestupdates?api_key=${api.key}`,
    ] // prettier-ignore
    let said = posted.body.replace(one.receipt_code, '')
    for (const path of paths)
      for (const end of ['.xml', '.json']) said += (await api.get(path.replace(/^([^?]*)/, `$1${end}`))).body
    expect(said.length).toBeGreaterThan(5_000)
    for (const marked of [secret, '777', '38.12', '121.65', one.receipt_code, 'example.org/', ...(row?.subjects ?? [])])
      expect(said.includes(marked), marked).toBe(false)
    expect(said).not.toMatch(/code-complaints[^}]*riverbend|library-cards/)
  })

  it('is what the public functions of the database give, to whoever has its password', async () => {
    const { app } = api.house.database
    const [one, two, three] = await Promise.all([
      app.once<object>(sql`select * from open311.requests('2000-01-01', now() + interval '1 day', null, null, 'UTC')`),
      app.once<object>(sql`select * from open311.requests_by_number(array(select generate_series(1, 999)), 'UTC')`),
      app.once<object>(sql`select * from open311.updates('2000-01-01', now() + interval '1 day')`),
    ])
    const shown = ['number', 'topic', 'place', 'requested', 'updated', 'expected', 'closed_because', 'words']
    for (const rows of [one, two]) {
      expect(rows.length).toBeGreaterThan(3)
      for (const row of rows) expect(Object.keys(row)).toEqual(shown)
      expect(JSON.stringify(rows)).not.toMatch(new RegExp(`${secret}|code-complaints|library-cards`))
    }
    for (const row of three) expect(Object.keys(row)).toEqual(['id', 'number', 'at', 'status'])
  })
})

describe('a photograph', () => {
  const post = async (name: string, content: Buffer, { as = 'photo1', last = false } = {}) => {
    const boundary = 'b'.repeat(24)
    const field = (n: string, v: string) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${n}"\r\n\r\n${v}\r\n`
    const file = `--${boundary}\r\ncontent-disposition: form-data; name="${as}"; filename="${name}"\r\ncontent-type: image/jpeg\r\n\r\n`
    const rest = [
      ['api_key', api.key],
      ['service_code', 'graffiti'],
      ['address_string', 'Levee Park wall'],
      ['description', name],
    ]
    const fields = Buffer.from(rest.map(([n, v]) => field(n ?? '', v ?? '')).join(''))
    const attached = Buffer.concat([Buffer.from(file), content, Buffer.from('\r\n')])
    const { statusCode, body } = await api.app.inject({
      method: 'POST',
      url: '/open311/v2/requests.json',
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
      payload: Buffer.concat([...(last ? [fields, attached] : [attached, fields]), Buffer.from(`--${boundary}--\r\n`)]),
    })
    return { status: statusCode, body }
  }

  it('comes with the letter, before or after its other parameters, as photo1 or file_wall, and twice is once', async () => {
    const picture = await photograph()
    const first = await post('wall.jpg', picture)
    const second = await post('wall.jpg', picture, { as: 'file_wall', last: true })
    expect([first.status, second.body]).toEqual([201, first.body])
    const [made] = JSON.parse(first.body) as [{ receipt_code: string; service_request_id: string }]
    const receipt = await readReceipt(api.house, made.receipt_code as ReceiptCode)
    expect(JSON.stringify(receipt)).toContain('wall.jpg')
    expect((await api.get(`requests/${made.service_request_id}.json`)).body).not.toContain('wall.jpg')
  })

  it('that is none is refused with the reason, and nothing is kept', async () => {
    const said = await post('wall.jpg', Buffer.from('MZ this is a program\0\u0001'))
    expect([said.status, said.body]).toEqual([400, expect.stringContaining('A file was not taken')])
  })
})
