// A process of its own: bare node:http, which answers each path with the bytes and headers it was given. Its argument
// is a JSON file: path -> { headers (flat list), body (base64) }. It says its port on the first line.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

type Page = { headers: string[]; body: string }

const told = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Record<string, Page>
const pages = new Map(
  Object.entries(told).map(([path, { headers, body }]) => [path, { headers, body: Buffer.from(body, 'base64') }]),
)
const server = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
  const page = pages.get(request.url ?? '')
  if (page) response.writeHead(200, page.headers).end(page.body)
  else response.writeHead(404).end()
})
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
