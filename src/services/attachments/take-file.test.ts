import { createSecretKey, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/support/cluster.ts'
import { pdf, photograph, streamOf } from '../../../test/support/files.ts'
import { describedPdf, inThePdf, readPdf } from '../../../test/support/read-pdf.ts'
import { folderStore, openStream } from '../../plumbing/index.ts'
import { takeFile, usualLimits, type Cabinet, type TakenFile } from './index.ts'

const folder = temporaryFolder()
const cabinet: Cabinet = {
  store: folderStore(join(folder.path, 'files')),
  spool: folderStore(join(folder.path, 'spool')),
}
afterAll(() => {
  folder.remove()
})

const onDisk = (): string[] =>
  readdirSync(folder.path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

const take = (content: Buffer | string, name: string, limits = usualLimits) =>
  takeFile(cabinet, { name, stream: streamOf(content) }, limits)

async function taken(content: Buffer | string, name: string): Promise<TakenFile> {
  const file = await take(content, name)
  if ('refused' in file) throw new Error(file.refused)
  return file
}

async function kept({ id, fileKey }: TakenFile): Promise<Buffer> {
  const sealed = await cabinet.store.get(id)
  if (!sealed) throw new Error('not in the store')
  return buffer(openStream(createSecretKey(fileKey), id, sealed))
}

async function refusedAs(why: string, content: Buffer | string, name: string, limits = usualLimits) {
  const before = onDisk()
  expect(await take(content, name, limits), name).toMatchObject({ refused: why })
  expect(onDisk()).toEqual(before)
}

describe('a picture', () => {
  it('is made anew: no place, no camera, upright, and nothing of it lies on the disk in plain', async () => {
    const photo = Buffer.concat([await photograph(), Buffer.from('PK\x03\x04 hidden behind the end')])
    expect((await sharp(photo).metadata()).exif).toBeDefined()
    const file = await taken(photo, 'IMG_0042.HEIC')
    expect(file).toMatchObject({ kind: 'jpeg', name: 'IMG_0042.jpg', state: 'ready' })
    const anew = await kept(file)
    const { exif, icc, xmp, orientation, width, height } = await sharp(anew).metadata()
    expect({ exif, icc, xmp, orientation }).toEqual({})
    expect([width, height]).toEqual([240, 320])
    expect(anew.includes('hidden')).toBe(false)
    expect(anew.length).toBe(file.bytes)
    for (const path of onDisk()) expect(readFileSync(path).includes(Buffer.from([0xff, 0xd8, 0xff]))).toBe(false)
  })

  it('of a moving kind becomes its first frame, a large one smaller', async () => {
    const frame = { width: 20, height: 60, channels: 3, background: '#123456' } as const
    const gif = await sharp(await sharp({ create: frame }).png().toBuffer(), {})
      .gif()
      .toBuffer()
    expect(await taken(gif, 'a.gif')).toMatchObject({ kind: 'png', name: 'a.png' })
    const wide = await sharp({ create: { ...frame, width: 5000, height: 10 } })
      .webp()
      .toBuffer()
    const { width } = await sharp(await kept(await taken(wide, 'wide.webp'))).metadata()
    expect(width).toBe(4096)
  })

  it('that would fill the memory when it is decoded is refused before it is', async () => {
    await refusedAs('broken', bomb(60_000, 60_000), 'bomb.png')
    await refusedAs('broken', bomb(9_000, 9_000), 'bomb.png')
    await refusedAs('broken', bomb(6_000, 6_000, [16, 6]), 'deep.png')
  })

  it('that is cut short or only begins like one is refused', async () => {
    const photo = await photograph(640, 480)
    await refusedAs('broken', photo.subarray(0, photo.length / 2), 'half.jpg')
    await refusedAs('broken', Buffer.concat([photo.subarray(0, 30), randomBytes(3000)]), 'noise.jpg')
    await refusedAs(
      'broken',
      Buffer.concat([Buffer.from('GIF89a'), Buffer.from('/*<script>alert(1)</script>*/')]),
      'x.gif',
    )
  })
})

describe('a PDF', () => {
  it('is made anew: its pages stay, and who wrote it, with what, when and where is gone', async () => {
    const told = ['Marisol Info', 'Marisol Packed', 'Marisol Xmp', 'Telephone']
    const original = await describedPdf()
    expect(await readPdf(original)).toMatchObject({ pages: 1, text: 'Hello', meta: ['Author', 'Note', 'Title'] })
    for (const word of told) expect(inThePdf(original), word).toContain(word)
    const file = await taken(original, 'permit.pdf')
    expect(file).toMatchObject({ kind: 'pdf', name: 'permit.pdf' })
    const anew = await kept(file)
    expect(await readPdf(anew)).toEqual({ pages: 1, text: 'Hello', meta: [], pictures: 1 })
    for (const word of [...told, 'GPS', 'xpacket']) expect(inThePdf(anew), word).not.toContain(word)
  })

  it('that somebody signed stays as it came, since its signature would prove nothing otherwise', async () => {
    const signed = pdf({
      root: '/AcroForm << /Fields [4 0 R] /SigFlags 3 >>',
      extra: [
        '<< /Type /Annot /Subtype /Widget /FT /Sig /T (s) /Rect [0 0 0 0] /P 3 0 R /V 5 0 R >>',
        '<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /ByteRange [0 1 2 3] /Contents <00> >>',
      ],
    })
    expect((await kept(await taken(signed, 'signed.pdf'))).equals(signed)).toBe(true)
  })

  it('that runs, starts or carries something is refused, however it is written', async () => {
    const action = '<< /S /JavaScript /JS (app.alert(1)) >>'
    await refusedAs('active', pdf({ root: `/OpenAction ${action}` }), 'runs.pdf')
    await refusedAs('active', pdf({ root: '/OpenAction << /S /J#61vaScript /J#53 (app.alert(1)) >>' }), 'hides.pdf')
    await refusedAs('active', pdf({ root: '/OpenAction << /S /Launch /F (cmd.exe) >>' }), 'starts.pdf')
    await refusedAs('active', pdf({ root: '/Names << /EmbeddedFiles << /Names [] >> >>' }), 'carries.pdf')
    const packed = deflateSync(Buffer.from(`4 0 ${action}`))
    const stream = `<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length ${String(packed.length)} >>\nstream\n${packed.toString('latin1')}\nendstream`
    await refusedAs('active', pdf({ extra: [stream] }), 'packed.pdf')
    const grown = deflateSync(Buffer.alloc(200_000_000))
    const inflating = `<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length ${String(grown.length)} >>\nstream\n${grown.toString('latin1')}\nendstream`
    await refusedAs('active', pdf({ extra: [inflating] }), 'grows.pdf')
  }, 60_000)

  it('that is locked, broken or has too many pages is refused', async () => {
    const encrypt =
      '/Encrypt << /Filter /Standard /V 1 /R 2 /O <' +
      '00'.repeat(32) +
      '> /U <' +
      '00'.repeat(32) +
      '> /P -4 >> /ID [<00><00>]'
    await refusedAs('locked', pdf({ trailer: encrypt }), 'locked.pdf')
    await refusedAs('broken', '%PDF-1.7\nnothing follows', 'broken.pdf')
    await refusedAs('broken', pdf(), 'long.pdf', { ...usualLimits, pages: 0 })
  }, 60_000)
})

describe('text', () => {
  it('is kept as it came, and its name tells a table or a mail from a note', async () => {
    for (const [name, kind] of [
      ['list.csv', 'csv'],
      ['note', 'text'],
      ['note.exe', 'text'],
    ])
      expect(await taken('a;b\r\nñ;2\r\n', String(name))).toMatchObject({ kind })
    expect(await taken('From: a@example.org\r\nSubject: x\r\n\r\nhello', 'm.eml')).toMatchObject({ kind: 'mail' })
    expect((await kept(await taken('café', 'c.txt'))).toString()).toBe('café')
  })

  it('that is a page, a drawing or a program in disguise is refused', async () => {
    await refusedAs('kind', '<!DOCTYPE html><p>hello', 'note.txt')
    await refusedAs('kind', '  \n<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'drawing.jpg')
    await refusedAs('kind', 'hello <script>alert(1)</script>', 'note.txt')
    await refusedAs('kind', Buffer.from('MZ\x90\x00\x03 this program'), 'note.txt')
    await refusedAs('kind', `${'a'.repeat(100_000)}\0`, 'late.txt')
  })
})

describe('what is on no list', () => {
  it('is refused whatever it is called', async () => {
    const zip = Buffer.from('504b0304140000000000', 'hex')
    await refusedAs('kind', Buffer.concat([zip, randomBytes(100)]), 'photo.jpg')
    const heic = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1')
    await refusedAs('heic', Buffer.concat([heic, randomBytes(100)]), 'IMG_0042.jpg')
    await refusedAs('kind', Buffer.concat([Buffer.from('Rar!\x1a\x07\x00', 'latin1'), randomBytes(50)]), 'a.pdf')
    await refusedAs('kind', Buffer.from('7f454c4602010100', 'hex'), 'a.txt')
    await refusedAs('empty', '', 'empty.jpg')
  })
})

describe('a stream', () => {
  it('over the limit is refused at the limit and read to its end, so that what follows it can be read', async () => {
    const limits = { ...usualLimits, bytes: 200_000 }
    for (const name of ['long.txt', 'long.jpg']) {
      let given = 0
      const first = name.endsWith('jpg') ? await photograph() : Buffer.from('text')
      const stream = Readable.from(
        (function* () {
          yield first
          for (; given < 3_000_000; given += 50_000) yield Buffer.alloc(50_000, 97)
        })(),
        { objectMode: false },
      )
      const before = onDisk()
      expect(await takeFile(cabinet, { name, stream }, limits)).toMatchObject({ refused: 'too-large' })
      if (!stream.readableEnded) await new Promise((resolve) => stream.once('end', resolve))
      expect(given).toBe(3_000_000)
      expect(onDisk()).toEqual(before)
    }
  })

  it('that breaks off is a fault and leaves nothing', async () => {
    for (const first of [Buffer.from('text'), await photograph()]) {
      const before = onDisk()
      const stream = Readable.from(
        (function* () {
          yield Buffer.concat([first, Buffer.alloc(40_000, 97)])
          throw new Error('hung up')
        })(),
        { objectMode: false },
      )
      await expect(takeFile(cabinet, { name: 'x', stream })).rejects.toThrow('hung up')
      expect(onDisk()).toEqual(before)
    }
  })

  it('of 25 MB is never held: what was read ahead of what was written stays small', async () => {
    let asked = 0
    let written = 0
    let most = 0
    const store = {
      ...cabinet.store,
      put: async (_id: string, content: AsyncIterable<Uint8Array>) => {
        for await (const piece of content) {
          most = Math.max(most, asked - written)
          written += piece.length
        }
      },
    }
    const stream = Readable.from(
      (function* () {
        for (; asked < 24_000_000; asked += 60_000) yield Buffer.alloc(60_000, 97)
      })(),
      { objectMode: false },
    )
    expect(await takeFile({ ...cabinet, store }, { name: 'long.txt', stream })).toMatchObject({ bytes: 24_000_000 })
    expect(most).toBeLessThan(400_000)
  })
})

/** A PNG of a few kilobytes that says it has so many points. */
function bomb(width: number, height: number, [depth, colours]: [number, number] = [1, 0]): Buffer {
  const crcs = Array.from({ length: 256 }, (_, n) => {
    for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1
    return n >>> 0
  })
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const crc = body.reduce((made, byte) => (made >>> 8) ^ Number(crcs[(made ^ byte) & 255]), 0xffffffff)
    const out = Buffer.alloc(12 + data.length)
    out.writeUInt32BE(data.length)
    body.copy(out, 4)
    out.writeUInt32BE((crc ^ 0xffffffff) >>> 0, 8 + data.length)
    return out
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width)
  head.writeUInt32BE(height, 4)
  head.set([depth, colours, 0, 0, 0], 8)
  const rows = deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * Math.min(height, 2000)))
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
