import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { init, type WrappedPdfiumModule } from '@embedpdf/pdfium'
import type { PdfAnswer } from './pdf.ts'
import { blankMetadata } from './pdf-metadata.ts'
import { hasActiveNames } from './pdf-names.ts'

/** What FPDF_GetLastError gives where a password is asked for or the way of encrypting is unknown. */
const passwordErrors = [4, 5]
const noHandler = -1
/** Forms whose fields are a program's (XFA): FPDF_GetFormType 2 and 3. */
const xfa = [2, 3]

/** The thread's whole work: one PDF, one answer. */
async function read(bytes: Buffer, mostPages: number): Promise<PdfAnswer> {
  if (hasActiveNames(bytes)) return { refused: 'active' }
  const wasm = readFileSync(fileURLToPath(import.meta.resolve('@embedpdf/pdfium/pdfium.wasm')))
  const pdfium = await init({ wasmBinary: wasm.buffer })
  pdfium.PDFiumExt_Init()
  const document = openIn(pdfium, bytes)
  if (!document) return { refused: passwordErrors.includes(pdfium.FPDF_GetLastError()) ? 'locked' : 'broken' }
  if (pdfium.FPDF_GetSecurityHandlerRevision(document) !== noHandler) return { refused: 'locked' }
  const pages = pdfium.FPDF_GetPageCount(document)
  if (pages < 1 || pages > mostPages) return { refused: 'broken' }
  const carries =
    pdfium.FPDFDoc_GetJavaScriptActionCount(document) > 0 || pdfium.FPDFDoc_GetAttachmentCount(document) > 0
  if (carries || xfa.includes(pdfium.FPDF_GetFormType(document))) return { refused: 'active' }
  if (pdfium.FPDF_GetSignatureCount(document) > 0) return { content: bytes }
  const anew = savedBy(pdfium, document)
  pdfium.FPDF_CloseDocument(document)
  if (!anew || !blankMetadata(anew)) return { refused: 'broken' }
  // What was packed is plain now: it is searched once more, and read once more before anybody relies on it.
  if (hasActiveNames(anew)) return { refused: 'active' }
  const again = openIn(pdfium, anew)
  return again && pdfium.FPDF_GetPageCount(again) === pages ? { content: anew } : { refused: 'broken' }
}

function openIn(pdfium: WrappedPdfiumModule, bytes: Uint8Array): number {
  const place = pdfium.pdfium.wasmExports.malloc(bytes.length)
  heapOf(pdfium).set(bytes, place)
  return pdfium.FPDF_LoadMemDocument(place, bytes.length, '')
}

/** The document as pdfium writes it: each object once, in the open, with one table of where they are. */
function savedBy(pdfium: WrappedPdfiumModule, document: number): Buffer | undefined {
  const writer = pdfium.PDFiumExt_OpenFileWriter()
  if (!pdfium.PDFiumExt_SaveAsCopy(document, writer)) return undefined
  const size = pdfium.PDFiumExt_GetFileWriterSize(writer)
  const place = pdfium.pdfium.wasmExports.malloc(size)
  pdfium.PDFiumExt_GetFileWriterData(writer, place, size)
  const saved = Buffer.allocUnsafeSlow(size)
  saved.set(heapOf(pdfium).subarray(place, place + size))
  pdfium.PDFiumExt_CloseFileWriter(writer)
  pdfium.pdfium.wasmExports.free(place)
  return saved
}

/** Looked up each time: the memory moves when it grows. */
function heapOf(pdfium: WrappedPdfiumModule): Uint8Array {
  return (pdfium.pdfium as unknown as { HEAPU8: Uint8Array }).HEAPU8
}

if (!isMainThread) {
  const { bytes, mostPages } = workerData as { bytes: Uint8Array; mostPages: number }
  const answer = await read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), mostPages)
  parentPort?.postMessage(answer, 'content' in answer ? [answer.content.buffer as ArrayBuffer] : [])
}
