import { afterAll, describe, expect, it } from 'vitest'
import { join } from 'node:path'
import { temporaryFolder } from '../../../test/support/cluster.ts'
import { streamOf } from '../../../test/support/files.ts'
import { openDocumentFiles, openXmlFiles, zip } from '../../../test/support/zip.ts'
import { folderStore } from '../../plumbing/index.ts'
import { takeFile } from './index.ts'
import { read } from './office-reader.ts'

const folder = temporaryFolder()
const cabinet = { store: folderStore(join(folder.path, 'files')), spool: folderStore(join(folder.path, 'spool')) }
afterAll(() => {
  folder.remove()
})
const take = (content: Buffer, name: string) => takeFile(cabinet, { name, stream: streamOf(content) })

const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const relationship = (type: string, target: string, rest = 'TargetMode="External"') =>
  `<Relationship Id="r2" Type="${office}/${type}" Target="${target}" ${rest}/>`
const docx = (more: Parameters<typeof openXmlFiles>[1] = {}) => zip(openXmlFiles('docx', more))
const odt = (more: Parameters<typeof openDocumentFiles>[1] = {}) => zip(openDocumentFiles('text', more))

describe('an office document', () => {
  it('is what its own parts say, whatever it is called, and is kept as it came', async () => {
    for (const kind of ['docx', 'xlsx', 'pptx'] as const) {
      const file = zip(openXmlFiles(kind))
      expect(await take(file, 'minutes.zip')).toMatchObject({ kind, name: `minutes.${kind}`, bytes: file.length })
    }
    expect(await take(zip(openDocumentFiles('text')), 'a.docx')).toMatchObject({ kind: 'odt', name: 'a.odt' })
    expect(read(zip(openDocumentFiles('spreadsheet')))).toEqual({ kind: 'ods' })
  })

  it('may hold links that a reader follows or does not', () => {
    const links =
      relationship('hyperlink', 'https://example.org/?a=1&amp;b=2') + relationship('image', 'media/1.png', '')
    expect(read(docx({ relationships: links }))).toEqual({ kind: 'docx' })
    const body =
      '<text:a xlink:type="simple" xlink:href="https://example.org/">x</text:a><draw:image xlink:href="Pictures/1.png"/>'
    expect(read(odt({ body }))).toEqual({ kind: 'odt' })
  })

  it('that runs something is refused', async () => {
    expect(await take(docx({ more: { 'word/vbaProject.bin': 'x' } }), 'a.docx')).toEqual({
      refused: 'active',
      name: 'a.docx',
    })
    const types = '<Override PartName="/word/x.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    const active = [
      docx({ types }),
      docx({ types: '<Default Extension="b" ContentType="application/vnd.ms-office.vba&#80;roject"/>' }),
      docx({ more: { 'word/activeX/activeX1.xml': '<x/>' } }),
      docx({ more: { 'word/Embeddings/oleObject1.bin': 'x' } }),
      zip(openXmlFiles('xlsx', { more: { 'xl/macrosheets/sheet1.xml': '<x/>' } })),
      docx({
        body: '<w:instrText>DD</w:instrText><w:r/><w:instrText xml:space="preserve">EAUTO c:\\cmd</w:instrText>',
      }),
      docx({ body: '<w:fldSimple w:instr=" INCLUDETEXT &quot;x&quot; "/>' }),
      zip(openXmlFiles('pptx', { more: { 'ppt/slides/slide1.xml': '<a action="ppaction://program"/>' } })),
      odt({ more: { 'Basic/Standard/Module1.xml': '<x/>' } }),
      odt({ more: { 'Scripts/python/a.py': 'x' } }),
      odt({
        body: '<office:event-listeners><script:event-listener xlink:href="vnd.sun.star.script:x"/></office:event-listeners>',
      }),
      odt({ manifest: '<manifest:file-entry manifest:media-type="application/vnd.sun.star.oleobject"/>' }),
    ]
    for (const [n, file] of active.entries()) expect(read(file), String(n)).toEqual({ refused: 'active' })
  })

  it('that fetches a template, a picture or data from elsewhere is refused, however it is written', () => {
    const active = [
      docx({ relationships: relationship('attachedTemplate', 'https://evil.example/t.dotm') }),
      docx({ relationships: relationship('image', 'http://evil.example/pixel.png') }),
      docx({ relationships: relationship('hyperlink', 'file:///c:/x.exe') }),
      docx({ relationships: relationship('oleObject', 'x', 'TargetMode="&#69;xternal"') }),
      docx({ relationships: `<Relationship Note=">" ${relationship('frame', 'http://evil.example/').slice(14)}` }),
      docx({ relationships: `<Relationship Note=x ${relationship('frame', 'http://evil.example/').slice(14)}` }),
      docx({ relationships: relationship('aFChunk', 'part.html', '') }),
      zip(openXmlFiles('xlsx', { more: { 'xl/externalLinks/externalLink1.xml': '<x/>' } })),
      zip(openXmlFiles('xlsx', { more: { 'xl/connections.xml': '<x/>' } })),
      docx({
        body: Buffer.from('\ufeff<document/>', 'utf16le').toString('latin1'),
        more: { 'word/x.xml': '<!DOCTYPE x [<!ENTITY e "x">]><x/>' },
      }),
      docx({ more: { 'word/x.xml': '<?xml version="1.0" encoding="utf-7"?><x/>' } }),
      odt({ body: '<draw:image xlink:href="https://evil.example/pixel.png"/>' }),
      odt({ body: '<text:section-source xlink:href="../other.odt"/>' }),
      odt({ more: { 'meta.xml': '<meta:template xlink:href="https://evil.example/t.ott"/>' } }),
    ]
    for (const [n, file] of active.entries()) expect(read(file), String(n)).toEqual({ refused: 'active' })
  })

  it('under a password is refused, and so is what is not whole or grows too much', async () => {
    const compound = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2000)])
    expect(await take(compound, 'secret.docx')).toMatchObject({ refused: 'locked' })
    expect(await take(compound, 'old.doc')).toMatchObject({ refused: 'kind' })
    const manifest = '<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>'
    expect(read(odt({ manifest }))).toEqual({ refused: 'locked' })
    const locked = zip(openXmlFiles('docx'), (header, where) => {
      header.writeUInt16LE(1, where === 'local' ? 6 : 8)
    })
    expect(read(locked)).toEqual({ refused: 'locked' })
    expect(await take(docx().subarray(0, -60), 'half.docx')).toMatchObject({ refused: 'broken' })
    const bomb = zip(
      openXmlFiles('docx', { more: { 'word/a.xml': '<a/>', 'word/b.xml': '<b/>' } }),
      (header, where, name) => {
        if (where === 'directory' && /[ab].xml$/.test(name)) header.writeUInt32LE(150_000_000, 24)
      },
    )
    expect(read(bomb)).toEqual({ refused: 'broken' })
  })

  it('that two programs would read differently is refused', () => {
    const files = openXmlFiles('docx')
    const renamed = zip(files, (header, where, name) => {
      if (where === 'local' && name === '_rels/.rels') header.write('_rels/.relz', 30)
    })
    const twice = zip({ ...files, 'WORD/DOCUMENT.XML': '<x/>' })
    const leaves = zip({ ...files, '../x.xml': '<x/>' })
    const behind = Buffer.concat([docx(), Buffer.from('more')])
    const smaller = zip(files, (header, where, name) => {
      if (where === 'directory' && name === 'word/document.xml') header.writeUInt32LE(3, 24)
    })
    for (const file of [renamed, twice, leaves, behind, smaller]) expect(read(file)).toEqual({ refused: 'broken' })
  })

  it('is none where it is another archive, a template or with a type for macros', () => {
    expect(read(zip({ 'a.txt': 'x' }))).toEqual({ refused: 'kind' })
    expect(
      read(zip({ ...openDocumentFiles('text'), mimetype: 'application/vnd.oasis.opendocument.text-template' })),
    ).toEqual({
      refused: 'kind',
    })
    const template = openXmlFiles('docx')
    template['[Content_Types].xml'] = String(template['[Content_Types].xml']).replace('document.main', 'template.main')
    expect(read(zip(template))).toEqual({ refused: 'kind' })
    template['[Content_Types].xml'] =
      '<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
    expect(read(zip(template))).toEqual({ refused: 'active' })
  })
})
