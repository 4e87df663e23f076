import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { harmful, startClamd } from '../../../test/support/clamd.ts'
import { clamd } from './index.ts'

async function* pieces(...texts: (string | Buffer)[]) {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text))
}

describe('a real clamd', () => {
  let real: Awaited<ReturnType<typeof startClamd>>
  beforeAll(async () => {
    real = await startClamd()
  }, 60_000)
  afterAll(() => real.stop())

  it('finds what its signature says, also across pieces, and nothing in what has none', async () => {
    const scanner = clamd({ path: real.path })
    expect(await scanner.scan(pieces('a letter'))).toBe('clean')
    expect(await scanner.scan(pieces())).toBe('clean')
    expect(await scanner.scan(pieces('before ', harmful, ' after'))).toBe('infected')
    expect(await scanner.scan(pieces(harmful.slice(0, 9), harmful.slice(9)))).toBe('infected')
    expect(await scanner.scan(pieces(...Array.from({ length: 200 }, () => Buffer.alloc(65_536, 97))))).toBe('clean')
  }, 60_000)

  it('that is given more than it takes has not scanned it', async () => {
    const much = Array.from({ length: 600 }, () => Buffer.alloc(65_536, 97))
    expect(await clamd({ path: real.path }).scan(pieces(...much))).toBe('down')
  }, 60_000)
})

describe('whatever is no clear answer', () => {
  let server: Server | undefined
  const sockets = new Set<Socket>()
  afterEach(() => {
    for (const socket of sockets) socket.destroy()
    server?.close()
  })
  async function pretending(how: (socket: Socket) => void) {
    server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      how(socket)
    })
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
    return { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
  }
  const saying = (text: string) => (socket: Socket) => {
    socket.resume()
    socket.once('data', () => socket.end(text))
  }

  it('counts as not scanned: nobody there, silence, a reset, garbage, half an answer, another’s words', async () => {
    const nobody = await pretending(() => undefined)
    server?.close()
    expect(await clamd({ ...nobody, port: 1 }).scan(pieces('x'))).toBe('down')
    expect(await clamd({ path: '/nowhere/clamd.socket' }).scan(pieces('x'))).toBe('down')
    const hangs = await pretending((socket) => void socket.pause())
    expect(await clamd(hangs, 300).scan(pieces('x'))).toBe('down')
    expect(await clamd(hangs, 300).scan(pieces(...Array.from({ length: 500 }, () => Buffer.alloc(65_536))))).toBe(
      'down',
    )
    const resets = await pretending((socket) => void socket.once('data', () => socket.resetAndDestroy()))
    expect(await clamd(resets).scan(pieces('x'))).toBe('down')
    for (const words of [
      '',
      '\0',
      'stream: OK',
      'stream: OK\n',
      'xstream: OK\0',
      'stream: OK\0FOUND',
      'INSTREAM size limit exceeded. ERROR\0',
      'HTTP/1.1 200 OK\r\n\r\n',
      'a'.repeat(100_000),
    ])
      expect(await clamd(await pretending(saying(words))).scan(pieces('x')), words.slice(0, 40)).toBe('down')
  }, 60_000)

  it('but a file that cannot be read is a fault of the file, and is said', async () => {
    const place = await pretending((socket) => void socket.resume())
    async function* broken() {
      yield await Promise.resolve(Buffer.from('x'))
      throw new Error('a sealed file is broken')
    }
    await expect(clamd(place).scan(broken())).rejects.toThrow('broken')
  }, 60_000)
})
