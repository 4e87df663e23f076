import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createLog, type Log } from './log.ts'

function written(say: (log: Log) => void, logLevel = 'debug'): string {
  let text = ''
  const to = new Writable({
    write(piece: Buffer, _encoding, done) {
      text += piece.toString()
      done()
    },
  })
  say(createLog({ logLevel }, to))
  return text
}

function errorWithData(): Error {
  const error = new TypeError('cannot read "Maria Lopez"', { cause: new Error('row of Maria Lopez') })
  return Object.assign(error, { code: '22P02', detail: 'Maria Lopez', row: { name: 'Maria Lopez' } })
}

test.each([
  ['alone', (log: Log) => log.error(errorWithData())],
  ['alone, with a line', (log: Log) => log.error(errorWithData(), 'mail was not sent')],
  ['as err', (log: Log) => log.error({ err: errorWithData() }, 'mail was not sent')],
  ['as err, without a line', (log: Log) => log.error({ err: errorWithData() })],
  ['as error', (log: Log) => log.error({ error: errorWithData() }, 'mail was not sent')],
])("a package's error, logged %s, leaves its name, code and place but no person's data", (_how, say) => {
  const text = written(say)
  expect(text).toContain('TypeError')
  expect(text).toContain('22P02')
  expect(text).toContain('log.test.ts')
  expect(text).not.toContain('Lopez')
})

test('a whole request or answer, logged by mistake, leaves nothing', () => {
  const text = written((log) => {
    log.info({ req: { url: '/receipt/1234', ip: '192.0.2.1' }, res: { headers: { cookie: 'desk=1' } } }, 'oops')
  })
  expect(text).not.toMatch(/1234|192\.0|cookie/)
})

test('a fault of ours says what was attempted', () => {
  const fault = Object.assign(new Error('the ledger could not be sealed'), { name: 'LedgerFault' })
  expect(written((log) => log.error(fault))).toContain('the ledger could not be sealed')
})

test('lines below the level are not written', () => {
  expect(written((log) => log.info('quiet'), 'warn')).toBe('')
})
