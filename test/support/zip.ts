import { crc32, deflateRawSync } from 'node:zlib'

/** An archive of these files, each deflated but those named `mimetype`; `spoil` changes a header before it is written. */
export function zip(
  files: Readonly<Record<string, string | Buffer>>,
  spoil: (header: Buffer, where: 'local' | 'directory', name: string) => void = () => undefined,
): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text)
    const method = name === 'mimetype' ? 0 : 8
    const packed = method === 8 ? deflateRawSync(content) : content
    const about = Buffer.alloc(26)
    about.writeUInt16LE(20, 0)
    about.writeUInt16LE(method, 4)
    about.writeUInt32LE(crc32(content), 10)
    about.writeUInt32LE(packed.length, 14)
    about.writeUInt32LE(content.length, 18)
    about.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), about, Buffer.from(name)])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(at, 10)
    const entry = Buffer.concat([Buffer.from('PK\x01\x02\x14\0', 'latin1'), about, rest, Buffer.from(name)])
    spoil(local, 'local', name)
    spoil(entry, 'directory', name)
    locals.push(local, packed)
    directory.push(entry)
    at += local.length + packed.length
  }
  const size = directory.reduce((all, { length }) => all + length, 0)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(directory.length, 8)
  end.writeUInt16LE(directory.length, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...locals, ...directory, end])
}

const openXml = 'application/vnd.openxmlformats-officedocument'
const main = {
  docx: ['word/document.xml', `${openXml}.wordprocessingml.document.main+xml`],
  xlsx: ['xl/workbook.xml', `${openXml}.spreadsheetml.sheet.main+xml`],
  pptx: ['ppt/presentation.xml', `${openXml}.presentationml.presentation.main+xml`],
} as const

/** The files of an Office Open XML document; `relationships` of its main part, `more` files, `types` further types. */
export function openXmlFiles(
  kind: keyof typeof main,
  {
    relationships = '',
    more = {},
    types = '',
    body = '',
  }: Partial<Record<'relationships' | 'types' | 'body', string>> & {
    more?: Record<string, string | Buffer>
  } = {},
): Record<string, string | Buffer> {
  const [part, type] = main[kind]
  const folder = part.split('/')[0] ?? ''
  const related = (inside: string) =>
    `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${inside}</Relationships>`
  return {
    '[Content_Types].xml': `<?xml version="1.0" encoding="UTF-8"?><Types><Default Extension="xml" ContentType="application/xml"/><Override PartName="/${part}" ContentType="${type}"/>${types}</Types>`,
    '_rels/.rels': related(
      `<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="${part}"/>`,
    ),
    [part]: `<?xml version="1.0"?><document>${body}</document>`,
    [`${folder}/_rels/${part.split('/')[1] ?? ''}.rels`]: related(relationships),
    ...more,
  }
}

/** The files of an OpenDocument. */
export function openDocumentFiles(
  kind: 'text' | 'spreadsheet',
  {
    body = '',
    manifest = '',
    more = {},
  }: { body?: string; manifest?: string; more?: Record<string, string | Buffer> } = {},
): Record<string, string | Buffer> {
  return {
    mimetype: `application/vnd.oasis.opendocument.${kind}`,
    'META-INF/manifest.xml': `<?xml version="1.0"?><manifest:manifest>${manifest}</manifest:manifest>`,
    'content.xml': `<?xml version="1.0"?><office:document-content><office:scripts/>${body}</office:document-content>`,
    ...more,
  }
}
