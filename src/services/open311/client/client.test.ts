import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Temporal } from 'temporal-polyfill'
import { afterEach, describe, expect, it } from 'vitest'
import { isInside, mayAsk, type Endpoint } from './endpoint.ts'
import { fetchStatus } from './fetch-status.ts'
import { itemsIn } from './read-answer.ts'
import { sendRequest } from './send-request.ts'
import { fetchUpdates } from './updates.ts'

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void
const servers: { close(): unknown }[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** Another city's server, which answers as the handler says; `asked` counts. */
async function other(handler: Handler): Promise<Endpoint & { asked: () => number }> {
  let asked = 0
  const server = createServer((request, response) => {
    asked += 1
    let body = ''
    request.on('data', (part) => (body += String(part)))
    request.on('end', () => {
      handler(request, response, body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  servers.push(server)
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${String(port)}/open311/v2`, insideNetwork: true, key: 'k', asked: () => asked }
}

const answer =
  (status: number, body: string, headers: Record<string, string> = {}): Handler =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'text/xml', ...headers }).end(body)
  }

const report = { serviceCode: 'potholes', addressString: 'Sauce Street 1', description: 'A hole & a <crack>' }

describe('a report to another city', () => {
  it('brings exactly the fields it was given, and comes back with the other side’s number', async () => {
    let posted = new URLSearchParams()
    const city = await other((request, response, body) => {
      posted = new URLSearchParams(body)
      expect(request.url).toBe('/open311/v2/requests.xml')
      answer(
        201,
        '<service_requests><request><service_request_id>007</service_request_id><service_notice>Thanks &amp; bye</service_notice></request></service_requests>',
      )(request, response, body)
    })
    expect(await sendRequest(city, report)).toEqual({ requestId: '007', notice: 'Thanks & bye' })
    expect(Object.fromEntries(posted)).toEqual({
      api_key: 'k',
      service_code: 'potholes',
      address_string: 'Sauce Street 1',
      description: 'A hole & a <crack>',
    })
  })

  it('tells what the other side refused, in its words', async () => {
    const xml = await other(
      answer(403, '<errors><error><code>403</code><description>No key</description></error></errors>'),
    )
    expect(await sendRequest(xml, report)).toEqual({ refused: 'rejected', status: 403, says: ['No key'] })
    const json = await other(answer(400, '[{"code":400,"description":"lat was missing"}]'))
    expect(await sendRequest({ ...json, format: 'json' }, report)).toMatchObject({
      status: 400,
      says: ['lat was missing'],
    })
  })

  it('is not sent twice where its fate is unknown, and is where the other side knows repeats', async () => {
    const fails = await other(answer(500, 'oh'))
    expect(await sendRequest(fails, report)).toEqual({ refused: 'later', mayRepeat: false })
    expect(fails.asked()).toBe(1)
    const again = await other(answer(500, 'oh'))
    expect(await sendRequest({ ...again, knowsRepeats: true }, report)).toEqual({ refused: 'later', mayRepeat: true })
    expect(again.asked()).toBe(3)
  })

  it('may be repeated where nobody was there', async () => {
    const gone = { url: 'http://127.0.0.1:9/open311/v2', insideNetwork: true }
    expect(await sendRequest(gone, report)).toEqual({ refused: 'later', mayRepeat: true })
  })
})

describe('the guard', () => {
  it('asks https only, and never an address inside, unless the operator said so', async () => {
    const asks = (url: string, insideNetwork?: true) =>
      mayAsk({ url, ...(insideNetwork && { insideNetwork }) }, new URL(url))
    expect(asks('https://city.example.org/')).toBe(true)
    for (const url of ['http://city.example.org', 'https://10.0.0.1', 'https://[::1]', 'https://[::ffff:127.0.0.1]'])
      expect(asks(url), url).toBe(false)
    for (const url of ['https://2130706433', 'https://0x7f.1', 'https://me:pw@city.example.org', 'file:///etc/passwd'])
      expect(asks(url), url).toBe(false)
    expect(asks('http://127.0.0.1:8080', true)).toBe(true)
    expect(await fetchStatus({ url: 'https://localhost/open311/v2' }, '1')).toEqual({ refused: 'forbidden-address' })
    expect(await fetchStatus({ url: 'nonsense' }, '1')).toEqual({ refused: 'forbidden-address' })
  })

  it('knows the addresses that the Internet does not route', () => {
    const private_ = ['127.0.0.1', '10.1.2.3', '172.31.0.1', '192.168.1.1', '169.254.169.254', '0.0.0.0', '100.64.0.1']
    for (const one of [...private_, '::1', '::', 'fd00::1', 'fe80::1', '::ffff:10.0.0.1', '64:ff9b::a00:1', 'junk'])
      expect(isInside(one), one).toBe(true)
    for (const one of ['8.8.8.8', '172.32.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])
      expect(isInside(one), one).toBe(false)
  })

  it('follows no redirect to another host, and no post at all', async () => {
    const target = await other(answer(200, '<r><request><service_request_id>1</service_request_id></request></r>'))
    const away = await other(answer(302, '', { location: `${target.url}/requests.xml` }))
    expect(await fetchStatus(away, '1')).toEqual({ refused: 'unreadable' })
    expect(await sendRequest(away, report)).toEqual({ refused: 'unreadable' })
    expect(target.asked()).toBe(0)
  })

  it('reads no answer without end', async () => {
    const endless = await other((_request, response) => {
      response.writeHead(200)
      const more = (): void => {
        while (response.write(Buffer.alloc(1_000_000, 120)));
        if (!response.destroyed) response.once('drain', more)
      }
      more()
    })
    expect(await fetchStatus(endless, '1')).toEqual({ refused: 'unreadable' })
  })
})

describe('an answer', () => {
  const read = (body: string, item = 'request') =>
    itemsIn({ status: 200, type: 'text/xml', body: Buffer.from(body) }, item)

  it('is read from XML and from JSON alike, one thing or many', () => {
    expect(read('<r><request><a>007 &#233;</a></request></r>')).toEqual([{ a: '007 é' }])
    expect(read('<r><request><a>1</a></request><request><a>2</a></request></r>')).toHaveLength(2)
    expect(read('[{"a":"1"},{"a":"2"}]')).toHaveLength(2)
    expect(read('<r/>')).toEqual([])
    expect(read('[]')).toEqual([])
  })

  it('that declares entities, is cut off, or is something else, is none', () => {
    for (const body of [
      '<!DOCTYPE r [<!ENTITY x "y">]><r><request><a>&x;</a></request></r>',
      '<r><request><a>1</a></request><requ',
      '<html>busy',
      'oh',
      '',
      '{"a":',
    ])
      expect(read(body), body).toBeUndefined()
  })

  it('of updates leaves out what names no report', async () => {
    const city = await other(
      answer(
        200,
        `<service_requests_updates><request_update><update_id>5</update_id><service_request_id>7</service_request_id>
        <status>fixed</status><updated_datetime>2026-03-01T10:00:00-08:00</updated_datetime></request_update>
        <request_update><update_id>6</update_id></request_update></service_requests_updates>`,
      ),
    )
    const at = Temporal.Instant.from('2026-03-01T18:00:00Z')
    const found = await fetchUpdates(city, { from: at, until: at })
    expect(found).toEqual({ updates: [{ updateId: '5', requestId: '7', status: 'FIXED', updatedAt: at }] })
  })
})
