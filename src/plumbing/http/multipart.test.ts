import { connect, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { html } from '../html.ts'
import { createServer } from './create-server.ts'
import { readFormsWithFiles, readParts } from './multipart.ts'

let app: FastifyInstance
let port: number
const ended: string[] = []
beforeAll(async () => {
  const write = () => undefined
  app = await createServer({
    publicUrl: 'http://city.example',
    log: { info: write, error: write },
    problemPage: ({ status }) => html`<p>${status}</p>`,
  })
  await app.register(async (scope) => {
    await readFormsWithFiles(scope)
    const take = async ({ field, name, stream }: { field: string; name: string; stream: AsyncIterable<Buffer> }) => ({
      field,
      name,
      bytes: (await buffer(stream)).length,
    })
    scope.post('/read', (request) => readParts(request, take))
    scope.post('/impatient', (request) => readParts(request, take, 600).finally(() => ended.push('impatient')))
    scope.post('/broken', (request) => readParts(request, () => Promise.reject(new Error('the disk is full'))))
    scope.post('/passing', async (request) => {
      const drop = async ({ stream }: { stream: AsyncIterable<Buffer> }) => {
        for await (const piece of stream) piece.fill(0)
        return undefined
      }
      return readParts(request, drop).finally(() => ended.push('passing'))
    })
  })
  port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port)
})
afterAll(() => app.close())

const boundary = 'xxxx'
const part = (head: string, body: string) =>
  `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}\r\n`
const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` }
const post = (url: string, payload: string) => app.inject({ method: 'POST', url, headers, payload })

test('texts come as from an ordinary form, files one after another, what was left open as a file without a name', async () => {
  const { statusCode, body } = await post(
    '/read',
    `${part('name="a"', 'line\r\nend\0')}${part('name="f"; filename="x.txt"', '12345')}${part('name="a"', '2')}${part('name="f"; filename=""', '')}--${boundary}--\r\n`,
  )
  expect(statusCode).toBe(200)
  expect(JSON.parse(body)).toEqual({
    posted: { a: ['line\nend', '2'] },
    taken: [
      { field: 'f', name: 'x.txt', bytes: 5 },
      { field: 'f', name: '', bytes: 0 },
    ],
  })
})

test('a fault of ours while a file is taken is a fault, not the sender’s mistake', async () => {
  expect((await post('/broken', `${part('name="f"; filename="x"', '1')}--${boundary}--`)).statusCode).toBe(500)
  expect((await post('/read', part('name="f"; filename="x"', '1'))).statusCode).toBe(400)
})

function begin(path: string): Socket {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.resume()
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: ${headers['content-type']}\r\nTransfer-Encoding: chunked\r\n\r\n`,
  )
  return socket
}
const chunk = (text: Buffer) =>
  Buffer.concat([Buffer.from(`${text.length.toString(16)}\r\n`), text, Buffer.from('\r\n')])
const head = chunk(Buffer.from(part('name="f"; filename="x.txt"', '').slice(0, -2)))

test('a sender who falls silent is cut off', async () => {
  const socket = begin('/impatient')
  socket.write(head)
  await new Promise((resolve) => socket.once('close', resolve))
  expect(ended).toContain('impatient')
})

test('a sender who never ends is cut off', async () => {
  const socket = begin('/passing')
  socket.write(head)
  const closed = new Promise((resolve) => socket.once('close', resolve))
  const more = chunk(Buffer.alloc(1_000_000, 97))
  let sent = 0
  while (!socket.destroyed && sent < 1_000_000_000) {
    sent += more.length
    if (!socket.write(more)) await Promise.race([closed, new Promise((resolve) => socket.once('drain', resolve))])
  }
  await closed
  expect(ended).toContain('passing')
  expect(sent).toBeLessThan(1_000_000_000)
}, 60_000)
