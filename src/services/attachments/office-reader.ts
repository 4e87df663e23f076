import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import type { OfficeAnswer } from './office.ts'
import {
  hasActiveFields,
  isActiveOpenDocument,
  isActivePart,
  isActiveType,
  markupOf,
  pointsOutside,
} from './office-rules.ts'
import type { Kind } from './kinds.ts'
import { contentOf, readZip, type ZipEntry } from './zip.ts'

/** So much may all parts of a document together grow to. */
const mostInflated = 100_000_000

const contentTypes = '[Content_Types].xml'
const openXml: readonly [type: string, kind: Kind][] = [
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml', 'docx'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml', 'xlsx'],
  ['application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml', 'pptx'],
]
const openDocument: Readonly<Record<string, Kind>> = {
  'application/vnd.oasis.opendocument.text': 'odt',
  'application/vnd.oasis.opendocument.spreadsheet': 'ods',
}

/** The thread's whole work: one document, one answer. Each part is looked at and let go. */
export function read(bytes: Buffer): OfficeAnswer {
  const entries = readZip(bytes)
  if (!entries) return { refused: looksLikeOne(bytes) ? 'broken' : 'kind' }
  const named = new Map(entries.map((entry) => [entry.name, entry]))
  const types = named.get(contentTypes)
  const kind = types ? openXmlKind(bytes, types) : openDocumentKind(bytes, entries)
  if (kind === undefined) return { refused: 'kind' }
  if (kind === 'active') return { refused: 'active' }
  if (entries.some(({ locked }) => locked)) return { refused: 'locked' }
  if (entries.some(({ name }) => isActivePart(name))) return { refused: 'active' }
  if (entries.reduce((all, { size }) => all + size, 0) > mostInflated) return { refused: 'broken' }
  for (const entry of entries) {
    const content = contentOf(bytes, entry)
    if (!content) return { refused: 'broken' }
    const trouble = types ? inOpenXml(entry, content) : inOpenDocument(entry, content)
    if (trouble) return { refused: trouble }
  }
  return { kind }
}

/** The first file of an office document is one of these; what is not whole is told apart from an archive. */
const looksLikeOne = (bytes: Buffer): boolean =>
  [contentTypes, 'mimetype', '_rels/'].includes(bytes.subarray(30, 30 + bytes.readUInt16LE(26)).toString('latin1')) ||
  bytes.includes(contentTypes)

function openXmlKind(bytes: Buffer, entry: ZipEntry): Kind | 'active' | undefined {
  const content = entry.size < 1_000_000 ? contentOf(bytes, entry) : undefined
  const types = content && markupOf(content)
  if (types === undefined || isActiveType(types)) return 'active'
  const kinds = openXml.filter(([type]) => types.includes(`"${type}"`) || types.includes(`'${type}'`))
  return kinds.length === 1 ? kinds[0]?.[1] : undefined
}

/** Its first file, stored as it is, says what it is. */
function openDocumentKind(bytes: Buffer, entries: readonly ZipEntry[]): Kind | undefined {
  const first = entries.find(({ name }) => name === 'mimetype')
  if (!first?.stored || first.size > 100 || entries.some(({ from }) => from < first.from)) return undefined
  const type = contentOf(bytes, first)?.toString('latin1') ?? ''
  return Object.hasOwn(openDocument, type) ? openDocument[type] : undefined
}

const isMarkup = (name: string): boolean => /\.(xml|rels|vml|rdf|xhtml?|html?)$/i.test(name)

function inOpenXml({ name }: ZipEntry, content: Buffer): 'active' | undefined {
  if (!isMarkup(name)) return undefined
  const markup = markupOf(content)
  if (markup === undefined) return 'active'
  const active = name.toLowerCase().endsWith('.rels') ? pointsOutside(markup) : hasActiveFields(markup)
  return active ? 'active' : undefined
}

function inOpenDocument({ name }: ZipEntry, content: Buffer): 'active' | 'locked' | undefined {
  if (!isMarkup(name)) return undefined
  const markup = markupOf(content)
  if (markup === undefined) return 'active'
  if (name === 'META-INF/manifest.xml') {
    if (/encryption-data/.test(markup)) return 'locked'
    return /oleobject/.test(markup) ? 'active' : undefined
  }
  return isActiveOpenDocument(markup) ? 'active' : undefined
}

if (!isMainThread) {
  const { bytes } = workerData as { bytes: Uint8Array }
  parentPort?.postMessage(read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)))
}
