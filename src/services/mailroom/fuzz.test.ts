import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../plumbing/index.ts'
import { openReceived } from './open-received.ts'
import { readMail } from './read-mail.ts'
import { readBounce, recognise } from './recognise.ts'
import { readingOf, answersOf } from './reading.ts'
import { takeIn } from './receive-file.ts'
import { unknownSender } from './check-sender.ts'
import { openMailTest, type MailTest } from './testing/mail-house.ts'

// Mails as no program should write them: trees of parts, charsets that exist and do not, boundaries that are not closed,
// headers twice, headers of nothing, and then bytes turned, taken out and doubled.
const mark = 'Xanthippe'
// `FUZZ=40 npx vitest run src/services/mailroom/fuzz.test.ts` reads thirty times as many.
const times = Number(process.env['FUZZ'] ?? 1)
const charset = fc.constantFrom(
  'utf-8',
  'iso-8859-1',
  'windows-1252',
  'shift_jis',
  'koi8-r',
  'gb18030',
  'utf-7',
  'x-unknown',
  '',
  '"',
)
const encoding = fc.constantFrom('7bit', '8bit', 'base64', 'quoted-printable', 'x-uuencode', '', 'BASE64 ')
const words = fc.oneof(
  fc.string({ maxLength: 200, unit: 'binary' }),
  fc.constantFrom(
    '',
    '.',
    '..',
    mark,
    `=?utf-8?B?${Buffer.from(mark).toString('base64')}?=`,
    '=?x?Q?=ZZ?=',
    '<b>Hola</b><script>x</script>',
    '\u202eevil',
    '=20=',
    'From x',
    'x'.repeat(3000),
  ),
)
const type = fc.constantFrom(
  'text/plain',
  'text/html',
  'application/ms-tnef',
  'message/rfc822',
  'image/png',
  'message/delivery-status',
  'multipart/mixed',
  'text/calendar; method=REQUEST',
  'x',
  '',
)
const leaf = fc
  .record({ type, charset, encoding, words, name: words })
  .map(
    ({ type, charset, encoding, words, name }) =>
      `Content-Type: ${type}; charset=${charset}; name="${name.replace(/[\r\n]/g, ' ')}"\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${encoding === 'base64' ? Buffer.from(words).toString('base64') : words}`,
  )
const { part } = fc.letrec<{ part: string }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc
      .record({
        parts: fc.array(tie('part'), { maxLength: 4 }),
        boundary: fc.constantFrom('b', 'b b', '"', '', '--', 'x'.repeat(90)),
        closed: fc.boolean(),
        kind: fc.constantFrom('mixed', 'alternative', 'related', 'report; report-type=delivery-status', 'signed'),
      })
      .map(
        ({ parts, boundary, closed, kind }) =>
          `Content-Type: multipart/${kind}; boundary="${boundary}"\r\n\r\n${parts.map((one) => `--${boundary}\r\n${one}\r\n`).join('')}${closed ? `--${boundary}--\r\n` : ''}`,
      ),
    tie('part').map((inside) => `Content-Type: message/rfc822\r\n\r\nSubject: ${mark}\r\n${inside}`),
  ),
}))
const field = fc.tuple(
  fc.constantFrom(
    'From',
    'To',
    'Cc',
    'Subject',
    'Message-ID',
    'References',
    'In-Reply-To',
    'Auto-Submitted',
    'Precedence',
    'List-Id',
    'Received',
    'Date',
    'X',
    '',
    'Content-Type',
    'Delivered-To',
  ),
  fc.oneof(
    words,
    fc.constantFrom(
      'Ana <ana@home.example>',
      'police@almendra.example.org',
      'a: b@c, "d" <e@f>;',
      '<x@y>',
      'case 1',
      '<>',
      '"',
      ',,,',
    ),
  ),
)
const mail = fc
  .record({
    fields: fc.array(field, { maxLength: 8 }),
    part,
    cut: fc.option(fc.nat(), { freq: 6 }),
    turned: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 3 }),
  })
  .map(({ fields, part, cut, turned }) => {
    const text = fields.map(([name, value]) => `${name}: ${value.replace(/\r?\n(?![ \t])/g, '\r\n ')}\r\n`).join('')
    const bytes = Buffer.from(`${text}MIME-Version: 1.0\r\n${part}`)
    for (const [at, by] of turned)
      if (bytes.length > 0) bytes[at % bytes.length] = ((bytes[at % bytes.length] ?? 0) + by) % 256
    return cut === null ? bytes : bytes.subarray(0, cut % (bytes.length + 1))
  })

test(
  'two thousand mails that no program should write are read or called unreadable, and shown as plain words',
  async () => {
    await fc.assert(
      fc.asyncProperty(mail, async (raw) => {
        const read = await readMail(raw)
        recognise(read, { envelopeFrom: '', ownHost: 'city.example', isOurs: () => false })
        readBounce(raw, 'city.example')
        const reading = readingOf(read, { to: [], verdict: unknownSender })
        const shown = answersOf(reading, []).map(({ value }) => value)
        for (const words of shown) {
          expect(words).not.toMatch(/[\0-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069]/)
          expect([...words].length).toBeLessThanOrEqual(20_000)
        }
        expect(shown.join('').length).toBeGreaterThan(0)
      }),
      { numRuns: 2000 * times },
    )
  },
  240_000 * times,
)

let all: MailTest
beforeAll(async () => {
  all = await openMailTest()
})
afterAll(() => all.close())

test(
  'what is accepted of such mails is kept byte for byte, sorted without a fault, and leaks nowhere',
  async () => {
    let accepted = 0
    const seen = new Set<string>()
    const waiting = async () =>
      (
        await all.house.database.owner.once<{ id: string }>(
          sql`select id from mailroom.received where state = 'waiting'`,
        )
      ).map(({ id }) => id)
    await fc.assert(
      fc.asyncProperty(fc.array(mail, { minLength: 1, maxLength: 12 }), async (raws) => {
        for (const raw of raws) {
          const taken = await takeIn(all.mail, 'file', pieces(raw))
          const fresh = (await waiting()).filter((id) => !seen.has(id))
          for (const id of fresh) seen.add(id)
          if ('refused' in taken || taken.again) expect(fresh).toEqual([])
          else {
            accepted += 1
            expect(fresh.length).toBeGreaterThan(0)
            // What is kept is what came, byte for byte, for each desk that it was for.
            for (const id of fresh) expect((await openReceived(all.mail, id))?.raw.equals(raw)).toBe(true)
          }
        }
        await all.sorted()
        const [left] = await all.house.database.owner.once<{ n: number }>(
          sql`select count(*)::int as n from mailroom.received where state = 'waiting'`,
        )
        expect(left?.n).toBe(0)
      }),
      { numRuns: 30 * times },
    )
    expect(accepted).toBeGreaterThan(60 * times)
    expect(all.faults).toEqual([])
    const [leaks] = await all.house.database.owner.once<{ n: number }>(sql`select (
    (select count(*) from mailroom.received r where r::text like ${`%${mark}%`} or encode(coalesce(sealed_raw, ''), 'escape') like ${`%${mark}%`}) +
    (select count(*) from correspondence.message m where encode(m.sealed, 'escape') like ${`%${mark}%`}) +
    (select count(*) from ledger.entry e where e::text like ${`%${mark}%`}))::int as n`)
    expect(leaks?.n).toBe(0)
  },
  280_000 * times,
)

async function* pieces(raw: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < raw.length; at += 777) yield await Promise.resolve(raw.subarray(at, at + 777))
}
