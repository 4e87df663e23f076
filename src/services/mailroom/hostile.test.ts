import { connect as connectTls } from 'node:tls'
import { connect as connectTcp } from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, sql } from '../../plumbing/index.ts'
import { makeCertificate } from './certificate.ts'
import { listen } from './listen.ts'
import { nameServer } from './name-server.ts'
import { openMailTest, type MailTest } from './testing/mail-house.ts'
import { plainMail, talk } from './testing/talk.ts'

let all: MailTest
beforeAll(async () => {
  all = await openMailTest()
})
afterAll(() => all.close())
const owner = <T>(query: ReturnType<typeof sql>) => all.house.database.owner.once<T>(query)
const kept = async () => (await owner<{ n: number }>(sql`select count(*)::int as n from mailroom.received`))[0]?.n ?? 0

test('a mail smuggled behind a false end, NUL signs and a circle of hops are refused and not kept', async () => {
  const before = await kept()
  expect(await all.send(plainMail({}, 'x\n.\r\nMAIL FROM:<eve@else.example>'))).toMatch(/^554 5\.6\.0 .*CRLF/)
  expect(await all.send(plainMail({}, 'a\0b'))).toMatch(/^554 .*NUL/)
  const hops = Array.from({ length: 60 }, () => 'Received: from a by b; Mon, 01 Jun 2026 10:00:00 +0000').join('\r\n')
  expect(await all.send(`${hops}\r\n${plainMail()}`)).toMatch(/^554 5\.4\.6/)
  expect(await all.send(`${'X: y\r\n'.repeat(60_000)}\r\nx`)).toMatch(/^554 .*header/)
  expect(await kept()).toBe(before)
})

test('a message over 35 MB is refused by its size before it is sent, or at its end', async () => {
  const line = await all.talk()
  await line.say('EHLO x')
  expect(await line.say('MAIL FROM:<ana@home.example> SIZE=50000000')).toMatch(/^552/)
  expect(await line.say('AUTH PLAIN')).toMatch(/^5/)
  line.hangUp()
  expect(await all.send(plainMail({}, `${'x'.repeat(998)}\r\n`.repeat(37_000)))).toMatch(/^552/)
}, 60_000)

test('an attachment of 25 MB comes in whole, in pieces, and is kept as it came', async () => {
  const content = Buffer.alloc(24_900_000, 'almendra ')
    .toString('base64')
    .replace(/(.{76})/g, '$1\r\n')
  const raw = [
    plainMail(
      { 'MIME-Version': '1.0', 'Content-Type': 'multipart/mixed; boundary=b' },
      '--b\r\n\r\nHere it is.',
    ).trimEnd(),
    '--b\r\nContent-Type: text/plain; name=big.txt\r\nContent-Disposition: attachment; filename=big.txt\r\nContent-Transfer-Encoding: base64\r\n',
    content,
    '--b--\r\n',
  ].join('\r\n')
  expect(await all.send(raw)).toMatch(/^250/)
  await all.sorted()
  const [row] = await owner<{ state: string; pieces: number; files: number }>(sql`select r.state, r.pieces,
    (select count(*)::int from attachments.attachment a where a.case_id = r.case_id) as files
    from mailroom.received r order by received_at desc limit 1`)
  expect(row?.state).toBe('filed')
  expect(row?.pieces).toBeGreaterThan(30)
  expect(row?.files).toBe(1)
  expect(all.faults).toEqual([])
}, 120_000)

test('a database that is away is 451: the sender keeps the mail and comes again', async () => {
  const away = connect({ url: 'postgres://nobody:x@127.0.0.1:1/none', max: 1, patience: 50 })
  const faults: unknown[] = []
  const listening = await listen(
    { ...all.mail, db: away },
    {
      port: 0,
      host: '127.0.0.1',
      certificate: makeCertificate('city.example'),
      ask: nameServer(() => Promise.reject(new Error('away'))),
      onFault: (error) => faults.push(error),
    },
  )
  const line = await talk(listening.port)
  await line.say('EHLO x')
  await line.say('MAIL FROM:<ana@home.example>')
  await line.say('RCPT TO:<hello@almendra.example.org>')
  await line.say('DATA')
  expect(await line.data(plainMail())).toMatch(/^451 4\.3\.0/)
  expect(faults).toHaveLength(1)
  expect(JSON.stringify(faults)).not.toContain('home.example')
  line.hangUp()
  await listening.close()
  await away.close()
})

test('a connection is encrypted with STARTTLS, by a certificate that the program made', async () => {
  const socket = connectTcp(all.listening.port, '127.0.0.1')
  await once(socket, 'data')
  socket.write('EHLO x\r\n')
  expect(String((await once(socket, 'data'))[0])).toContain('STARTTLS')
  socket.write('STARTTLS\r\n')
  expect(String((await once(socket, 'data'))[0])).toMatch(/^220/)
  const secure = connectTls({ socket, rejectUnauthorized: false })
  await once(secure, 'secureConnect')
  expect(secure.getPeerCertificate().subject.CN).toBe('city.example')
  secure.destroy()
})

test('who calls, writes or guesses too often is asked to come later', async () => {
  const strict = await openMailTest({ relays: [], limits: { calls: 4, lines: 2, mails: 1, guesses: 1 } })
  const to = 'nobody@almendra.example.org'
  expect(await strict.send(plainMail(), { to })).toMatch(/^550/)
  const second = await strict.send(plainMail())
  expect(second).toMatch(/^450/)
  const lines = [await strict.talk(), await strict.talk(), await strict.talk()]
  expect(lines.map(({ greeting }) => greeting.slice(0, 3))).toContain('421')
  for (const line of lines) line.hangUp()
  await strict.close()
})
