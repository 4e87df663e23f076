import { describe, expect, test } from 'vitest'
import { readMail } from './read-mail.ts'
import { winmail } from './testing/winmail.ts'

type Part = { charset?: string; encoding?: string; body: Buffer | string; subject?: string; more?: string }

/** A mail of one text part, byte by byte. */
function mailOf({ charset, encoding = '8bit', body, subject = 'x', more = '' }: Part): Buffer {
  const type = charset === undefined ? '' : `Content-Type: text/plain; charset=${charset}\r\n`
  const head = `From: Ana <ana@home.example>\r\nSubject: ${subject}\r\nMIME-Version: 1.0\r\n${type}Content-Transfer-Encoding: ${encoding}\r\n${more}\r\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body), Buffer.from('\r\n')])
}
const bytes = (hex: string) => Buffer.from(hex.replace(/\s/g, ''), 'hex')
const read = async (part: Part) => {
  const { text, notes } = await readMail(mailOf(part))
  return { text, notes }
}

describe('words are read in the charset that they were written in', () => {
  // The bytes are written down here, so that no decoder of ours has made them.
  const table: [charset: string, hex: string, expected: string][] = [
    ['us-ascii', '48 6f 6c 61', 'Hola'],
    ['utf-8', '53 65 c3 b1 61 6c 20 e2 82 ac 20 f0 9f 98 80', 'Señal € 😀'],
    ['UTF8', '53 65 c3 b1 61 6c', 'Señal'],
    ['iso-8859-1', '53 65 f1 61 6c 20 bf 61 71 75 ed 3f', 'Señal ¿aquí?'],
    ['iso-8859-15', '35 20 a4 20 bd 75 76 72 65', '5 € œuvre'],
    ['windows-1252', '93 35 20 80 94 20 97 20 f1', '“5 €” — ñ'],
    ['gb18030', 'b5 c0 c2 b7 c9 cf d3 d0 bf d3 94 39 da 33', '道路上有坑💩'],
    ['gb2312', 'b5 c0 c2 b7', '道路'],
    ['big5', 'b9 44 b8 f4', '道路'],
    ['shift_jis', '93 b9 98 48 82 c9 8c 8a', '道路に穴'],
    ['euc-jp', 'c6 bb cf a9 a4 cb b7 ea', '道路に穴'],
    ['iso-2022-jp', '1b 24 42 46 3b 4f 29 24 4b 37 6a 1b 28 42', '道路に穴'],
    ['euc-kr', 'b5 b5 b7 ce bf a1 20 b1 b8 b8 db', '도로에 구멍'],
    ['koi8-r', 'f1 cd c1 20 ce c1 20 c4 cf d2 cf c7 c5', 'Яма на дороге'],
    ['windows-1251', 'df ec e0 20 ed e0', 'Яма на'],
    ['utf-7', '53 65 2b 41 50 45 2d 61 6c 20 2b 49 4b 77 2d 20 31 2b 2d 31', 'Señal € 1+1'],
  ]
  test.each(table)('%s', async (charset, hex, expected) => {
    expect(await read({ charset, body: bytes(hex) })).toEqual({ text: expected, notes: [] })
    const base64 = bytes(hex).toString('base64')
    expect((await read({ charset, encoding: 'base64', body: base64 })).text).toBe(expected)
    const quoted = [...bytes(hex)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
    expect((await read({ charset, encoding: 'quoted-printable', body: quoted })).text).toBe(expected)
  })

  test.each<[string, Part, string, string[]]>([
    [
      'called latin-1 and written in windows-1252, as many programs do',
      { charset: 'iso-8859-1', body: bytes('93 68 69 94') },
      '“hi”',
      [],
    ],
    [
      'called utf-8 and written in windows-1252: it is read as that',
      { charset: 'utf-8', body: bytes('53 65 f1 61 6c') },
      'Señal',
      ['charset'],
    ],
    [
      'called us-ascii and written in utf-8: it is read as that',
      { charset: 'us-ascii', body: bytes('53 65 c3 b1 61 6c') },
      'Señal',
      [],
    ],
    ['called nothing and written in utf-8', { body: bytes('53 65 c3 b1 61 6c') }, 'Señal', []],
    ['called what nobody knows', { charset: 'x-almendra', body: bytes('48 6f 6c 61') }, 'Hola', ['charset']],
    ['with its charset in quotes', { charset: '"iso-8859-1"', body: bytes('f1') }, 'ñ', []],
  ])('%s', async (_title, part, text, notes) => {
    expect(await read(part)).toEqual({ text, notes })
  })

  test.each<[string, Part, string]>([
    [
      'quoted-printable that is cut, doubled and wrong',
      { charset: 'utf-8', encoding: 'quoted-printable', body: 'a=C3=B1o =ZZ b=\r\nc =4' },
      'año =ZZ bc =4',
    ],
    [
      'base64 with line ends, blanks, signs that are none, and no end',
      { charset: 'utf-8', encoding: 'base64', body: 'U2XDs\r\n W Fs!*' },
      'Señal',
    ],
    ['an encoding that nobody knows', { charset: 'utf-8', encoding: 'x-uuencode', body: 'as it is' }, 'as it is'],
  ])('%s', async (_title, part, text) => {
    expect((await read(part)).text).toBe(text)
  })

  test('a subject is read in its own charset, also where its parts are', async () => {
    const subjects = [
      ['=?iso-2022-jp?B?GyRCRjtPKRsoQg==?=', '道路'],
      ['=?koi8-r?Q?=F1=CD=C1?=', 'Яма'],
      ['=?utf-8?B?U2XDsWE=?=\r\n =?iso-8859-1?Q?l_aqu=ED?=', 'Señal aquí'],
    ] as const
    for (const [subject, expected] of subjects)
      expect((await readMail(mailOf({ subject, body: 'x' }))).subject).toBe(expected)
  })
})

describe('a mail', () => {
  const mail = (parts: string) =>
    Buffer.from(`From: Ana <ana@home.example>\r\nSubject: x\r\nMIME-Version: 1.0\r\n${parts}`)
  const forwarded = (inside: string) =>
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee below.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n${inside}\r\n--b--\r\n`

  test('in a mail is read below it, under its own subject, and stays a file', async () => {
    const inside =
      'From: Bea <bea@else.example>\r\nSubject: The lamp\r\nIn-Reply-To: <1@almendra.example.org>\r\n\r\nIt flickers.'
    const read = await readMail(mail(forwarded(inside)))
    expect(read.text).toBe('See below.\n\n-----\n\nThe lamp\n\nIt flickers.')
    expect(read.notes).toEqual(['nested'])
    expect(read.files.map(({ name, content }) => [name, String(content).trim().split(/\r?\n/)])).toEqual([
      ['message.eml', inside.split('\r\n')],
    ])
    // Who wrote what was forwarded, and what that answered, is not who writes now.
    expect([read.from?.address, read.refersTo]).toEqual(['ana@home.example', []])
  })

  test('forty deep is no fault, and the outermost words are there', async () => {
    const deep = Array.from({ length: 40 }).reduce<string>(
      (inside) => forwarded(`Subject: y\r\nMIME-Version: 1.0\r\n${inside}`),
      '\r\nDeep.',
    )
    expect((await readMail(mail(deep))).text).toMatch(/^See below\./)
  })

  test.each([
    ['nothing after its header', ''],
    ['blanks only', 'Content-Type: text/plain\r\n\r\n \r\n\t\r\n'],
    ['a page without a word', 'Content-Type: text/html\r\n\r\n<html><body><br></body></html>'],
    ['parts that are empty', 'Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\n\r\n--b--\r\n'],
  ])('with %s has no words, and says so', async (_what, parts) => {
    expect(await readMail(mail(parts))).toMatchObject({ text: '', notes: ['empty'], subject: 'x' })
  })
})

describe('a winmail.dat', () => {
  const files = [
    { name: 'informe año.txt', content: Buffer.from('Dos páginas.') },
    { name: '..\\..\\evil.exe', content: Buffer.from('MZ') },
  ]
  const whole = winmail('La señal está caída.\r\nGracias \u0093Ana\u0094', files)
  const mail = (content: Buffer, before = '') =>
    Buffer.from(
      `From: Ana <ana@home.example>\r\nSubject: winmail\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${before}--b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=winmail.dat\r\n\r\n${content.toString('base64').replace(/(.{76})/g, '$1\r\n')}\r\n--b--\r\n`,
    )

  test('gives its words and its files, under names that lead nowhere, and stays a file itself', async () => {
    const { text, files: found, notes } = await readMail(mail(whole))
    expect(text).toBe('La señal está caída.\nGracias “Ana”')
    expect(found.map(({ name }) => name)).toEqual(['winmail.dat', 'informe año.txt', '.._.._evil.exe'])
    expect(found[1]?.content.toString()).toBe('Dos páginas.')
    expect(found[2]?.content.toString()).toBe('MZ')
    expect(notes).toEqual([])
  })

  test('adds no second words to a mail that has its own', async () => {
    const own = '--b\r\nContent-Type: text/plain\r\n\r\nIts own words.\r\n'
    expect((await readMail(mail(whole, own))).text).toBe('Its own words.')
  })

  test('cut off, or altered, gives what was whole before it, and never a fault', async () => {
    const altered = Buffer.from(whole)
    altered[whole.length - 3] = 0xff
    expect((await readMail(mail(altered))).files.map(({ name }) => name)).toEqual(['winmail.dat', 'informe año.txt'])
    for (let length = 0; length < whole.length; length += 7) {
      const { notes, files: found } = await readMail(mail(whole.subarray(0, length)))
      expect(notes).not.toContain('broken')
      expect(found[0]?.name ?? 'winmail.dat').toBe('winmail.dat')
    }
  })
})
