import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { drawPicture } from '../../../../test/support/drawing.ts'
import { wordsOf } from '../../../trust/vault/index.ts'
import { readScan, usualReading } from './read-scan.ts'

const patience = 120_000

/** A page as a scanner would give it: letters drawn on paper, a little crooked. */
async function page(lines: readonly string[], kind: 'png' | 'jpeg' = 'png'): Promise<Buffer> {
  const text = lines
    .map((line, at) => `<text x="80" y="${String(120 + at * 80)}" font-size="40" font-family="serif">${line}</text>`)
    .join('')
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1100" height="460"><rect width="100%" height="100%" fill="#fdfdf8"/>${text}</svg>`
  return drawPicture(svg, (picture) => {
    const crooked = picture.rotate(0.4, { background: '#fdfdf8' })
    return kind === 'png' ? crooked.png() : crooked.jpeg({ quality: 80 })
  })
}

/** A PDF with a page for each of these words as its text layer, or of one page with this picture and no text. */
function pdf(inside: { words: readonly string[] } | { jpeg: Buffer; width: number; height: number }): Buffer {
  const objects: Buffer[] = []
  const add = (text: string | Buffer) => objects.push(Buffer.isBuffer(text) ? text : Buffer.from(text, 'latin1'))
  const contents =
    'words' in inside
      ? inside.words.map((words) => `BT /F1 14 Tf 72 700 Td (${words}) Tj ET`)
      : ['q 595 0 0 385 0 200 cm /I1 Do Q']
  const pages = contents.map((_, at) => `${String(4 + 2 * at)} 0 R`).join(' ')
  add('<< /Type /Catalog /Pages 2 0 R >>')
  add(`<< /Type /Pages /Kids [${pages}] /Count ${String(contents.length)} >>`)
  if ('words' in inside) add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>')
  else {
    const { jpeg, width, height } = inside
    const head = `<< /Type /XObject /Subtype /Image /Width ${String(width)} /Height ${String(height)} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length ${String(jpeg.length)} >>\nstream\n`
    add(Buffer.concat([Buffer.from(head, 'latin1'), jpeg, Buffer.from('\nendstream')]))
  }
  const resources = 'words' in inside ? '<< /Font << /F1 3 0 R >> >>' : '<< /XObject << /I1 3 0 R >> >>'
  for (const content of contents) {
    const its = `${String(objects.length + 2)} 0 R`
    add(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${its} /Resources ${resources} >>`)
    add(`<< /Length ${String(content.length)} >>\nstream\n${content}\nendstream`)
  }
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n')]
  const places = objects.map((object, at) => {
    const place = parts.reduce((sum, part) => sum + part.length, 0)
    parts.push(Buffer.from(`${String(at + 1)} 0 obj\n`), object, Buffer.from('\nendobj\n'))
    return place
  })
  const start = parts.reduce((sum, part) => sum + part.length, 0)
  const lines = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')
  const count = String(objects.length + 1)
  parts.push(
    Buffer.from(
      `xref\n0 ${count}\n0000000000 65535 f \n${lines}trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${String(start)}\n%%EOF`,
    ),
  )
  return Buffer.concat(parts)
}

/** A PNG of so many points each way, one bit each, all black: small, and no decoder was needed to make it. */
function blackPicture(side: number): Buffer {
  const chunk = (kind: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(kind, 'latin1'), data])
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    check.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, check])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(side, 0)
  head.writeUInt32BE(side, 4)
  head[8] = 1
  const rows = deflateSync(Buffer.alloc(side * (1 + Math.ceil(side / 8))))
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))])
}

async function wordsRead(scan: Parameters<typeof readScan>[0]): Promise<ReadonlySet<string>> {
  const read = await readScan(scan)
  if ('refused' in read) throw new Error(read.refused)
  return wordsOf(read.text)
}

describe('a scan', () => {
  it('in English is read, and its words are found', { timeout: patience }, async () => {
    const bytes = await page([
      'Dear City Council,',
      'the fire hydrant on Wisteria Lane',
      'has been leaking since Tuesday.',
    ])
    const words = await wordsRead({ bytes, kind: 'picture', language: 'en' })
    for (const word of ['hydrant', 'wisteria', 'leaking', 'tuesday']) expect(words).toContain(word)
  })

  it('in Spanish is read with its accents, and found without them', { timeout: patience }, async () => {
    const bytes = await page(
      ['Estimada señora alcaldesa:', 'la banqueta frente al jardín de niños', 'está rota y es peligrosa.'],
      'jpeg',
    )
    const words = await wordsRead({ bytes, kind: 'picture', language: 'es' })
    for (const text of ['señora', 'banqueta', 'jardín', 'niños', 'peligrosa'])
      for (const word of wordsOf(text)) expect(words, text).toContain(word)
  })

  it('that is a PDF of pages with words in them is not looked at but read', { timeout: patience }, async () => {
    const read = await readScan({
      bytes: pdf({ words: ['The sycamore leans over Fennel Court.', 'Its roots lift the sidewalk.'] }),
      kind: 'pdf',
      language: 'en',
    })
    expect(read).toMatchObject({ how: 'layer', pages: 2, ofPages: 2 })
    expect('text' in read && read.text).toMatch(
      /The sycamore leans over Fennel Court\.\s+Its roots lift the sidewalk\./,
    )
  })

  it('that is a PDF of pictures is looked at', { timeout: patience }, async () => {
    const jpeg = await page(['The playground swing is broken', 'and my daughter was hurt.'], 'jpeg')
    const { width, height } = await sharp(jpeg).metadata()
    const words = await wordsRead({ bytes: pdf({ jpeg, width, height }), kind: 'pdf', language: 'en' })
    for (const word of ['playground', 'swing', 'daughter']) expect(words).toContain(word)
  })
})

describe('a scan that means harm', () => {
  it.each(['pdf', 'picture'] as const)(
    'or nothing at all is unreadable, and only that (%s)',
    { timeout: patience },
    async (kind) => {
      const nothings = [Buffer.alloc(0), Buffer.from('%PDF-1.7 nothing'), Buffer.alloc(50_000, 0xff)]
      const read = await Promise.all(nothings.map((bytes) => readScan({ bytes, kind, language: 'en' })))
      expect(read).toEqual(nothings.map(() => ({ refused: 'unreadable' })))
    },
  )

  it('unfolding to more points than a page has is not unfolded', { timeout: patience }, async () => {
    const bytes = blackPicture(16_000)
    expect(bytes.length).toBeLessThan(1_000_000)
    expect(await sharp(bytes, { limitInputPixels: false }).metadata()).toMatchObject({ width: 16_000, height: 16_000 })
    expect(await readScan({ bytes, kind: 'picture', language: 'en' })).toEqual({ refused: 'unreadable' })
  })

  it('taking longer than it may is ended', { timeout: patience }, async () => {
    const bytes = await page(['Any words'])
    const answer = await readScan({ bytes, kind: 'picture', language: 'en' }, { ...usualReading, ms: 1 })
    expect(answer).toEqual({ refused: 'too-long' })
  })
})
