import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { deflateSync, inflateSync } from 'node:zlib'
import { init } from '@embedpdf/pdfium'
import { photograph } from './files.ts'

/** What pdfium reads in a PDF: pages, the first page's words and pictures, and which keys its information has. */
export async function readPdf(
  bytes: Uint8Array,
): Promise<{ pages: number; text: string; meta: string[]; pictures: number }> {
  const wasm = readFileSync(fileURLToPath(import.meta.resolve('@embedpdf/pdfium/pdfium.wasm')))
  const pdfium = await init({ wasmBinary: wasm.buffer })
  pdfium.PDFiumExt_Init()
  const { malloc } = pdfium.pdfium.wasmExports
  const heap = () => (pdfium.pdfium as unknown as { HEAPU8: Uint8Array }).HEAPU8
  const place = malloc(bytes.length)
  heap().set(bytes, place)
  const document = pdfium.FPDF_LoadMemDocument(place, bytes.length, '')
  const room = malloc(200)
  const written = (length: number) => Buffer.from(heap().slice(room, room + Math.max(0, length)))
  const meta = Array.from({ length: pdfium.EPDF_GetMetaKeyCount(document, false) }, (_, n) =>
    written(pdfium.EPDF_GetMetaKeyName(document, n, false, room, 200) - 1).toString(),
  )
  const page = pdfium.FPDF_LoadPage(document, 0)
  const layer = pdfium.FPDFText_LoadPage(page)
  const text = written((pdfium.FPDFText_GetText(layer, 0, 50, room) - 1) * 2).toString('utf16le')
  const objects = Array.from({ length: pdfium.FPDFPage_CountObjects(page) }, (_, n) =>
    pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(page, n)),
  )
  const pictures = objects.filter((type) => type === 3).length
  return { pages: pdfium.FPDF_GetPageCount(document), text, meta: meta.sort(), pictures }
}

/** Everything that stands in a PDF: its bytes, and what is packed in them. */
export function inThePdf(pdf: Buffer): string {
  const text = pdf.toString('latin1')
  const packed = [...text.matchAll(/stream\r?\n/g)].map(({ index, 0: found }) => {
    try {
      return inflateSync(pdf.subarray(index + found.length)).toString('latin1')
    } catch {
      return ''
    }
  })
  return [text, ...packed].join('\n')
}

/**
 * A PDF as an office writes it: its information and a font in a packed stream of objects, a packed XMP stream, an older
 * author left from an earlier version, and a photograph with the place where it was taken.
 */
export async function describedPdf(): Promise<Buffer> {
  const photo = (await photograph(8, 8)).toString('latin1')
  const stream = (dictionary: string, content: string) =>
    `<< ${dictionary} /Length ${String(content.length)} >>\nstream\n${content}\nendstream`
  const packed = (dictionary: string, content: string) =>
    stream(`${dictionary} /Filter /FlateDecode`, deflateSync(Buffer.from(content, 'latin1')).toString('latin1'))
  const information = '<< /Author (Marisol Packed) /Title (Complaint) /Note (private) >>'
  const font = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'
  const head = `9 0 10 ${String(information.length + 1)} `
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R /Metadata 4 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Resources << /Font << /F 10 0 R >> /XObject << /P 6 0 R >> >> /Contents 5 0 R >>',
    packed(
      '/Type /Metadata /Subtype /XML',
      '<?xpacket begin=""?><dc:creator>Marisol Xmp</dc:creator><?xpacket end="w"?>',
    ),
    packed('', 'BT /F 24 Tf 20 100 Td (Hello) Tj ET q 50 0 0 50 20 20 cm /P Do Q'),
    stream(
      '/Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode',
      photo,
    ),
    '<< /Author (Marisol Info) >>',
    packed(`/Type /ObjStm /N 2 /First ${String(head.length)}`, `${head}${information} ${font}`),
  ]
  let text = '%PDF-1.5\n%\xe2\xe3\xcf\xd3\n'
  const rows: number[][] = [[0, 0, 0, 0, 0, 255]]
  const row = (at: number) => [1, at >>> 24, (at >>> 16) & 255, (at >>> 8) & 255, at & 255, 0]
  for (const [n, object] of objects.entries()) {
    rows.push(row(text.length))
    text += `${String(n + 1)} 0 obj\n${object}\nendobj\n`
  }
  rows.push([2, 0, 0, 0, 8, 0], [2, 0, 0, 0, 8, 1], row(text.length))
  const table = packed(
    '/Type /XRef /Size 12 /W [1 4 1] /Root 1 0 R /Info 9 0 R /ID [<0011><0022>]',
    Buffer.from(rows.flat()).toString('latin1'),
  )
  text += `11 0 obj\n${table}\nendobj\nstartxref\n${String(text.length)}\n%%EOF\n`
  return Buffer.from(text, 'latin1')
}
