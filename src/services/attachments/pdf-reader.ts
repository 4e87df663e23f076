import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { init, type WrappedPdfiumModule } from '@embedpdf/pdfium'
import type { PdfAnswer } from './pdf.ts'
import { hasActiveNames } from './pdf-names.ts'

/** What FPDF_GetLastError gives where a password is asked for or the way of encrypting is unknown. */
const passwordErrors = [4, 5]
const noHandler = -1
/** Forms whose fields are a program's (XFA): FPDF_GetFormType 2 and 3. */
const xfa = [2, 3]

/** The thread's whole work: one PDF, one answer. */
async function read(bytes: Uint8Array, mostPages: number): Promise<PdfAnswer> {
  if (hasActiveNames(Buffer.from(bytes))) return 'active'
  const wasm = readFileSync(fileURLToPath(import.meta.resolve('@embedpdf/pdfium/pdfium.wasm')))
  const pdfium = await init({ wasmBinary: wasm.buffer })
  pdfium.PDFiumExt_Init()
  const place = pdfium.pdfium.wasmExports.malloc(bytes.length)
  heapOf(pdfium).set(bytes, place)
  const document = pdfium.FPDF_LoadMemDocument(place, bytes.length, '')
  if (!document) return passwordErrors.includes(pdfium.FPDF_GetLastError()) ? 'locked' : 'broken'
  if (pdfium.FPDF_GetSecurityHandlerRevision(document) !== noHandler) return 'locked'
  const pages = pdfium.FPDF_GetPageCount(document)
  if (pages < 1 || pages > mostPages) return 'broken'
  const carries =
    pdfium.FPDFDoc_GetJavaScriptActionCount(document) > 0 || pdfium.FPDFDoc_GetAttachmentCount(document) > 0
  return carries || xfa.includes(pdfium.FPDF_GetFormType(document)) ? 'active' : 'fine'
}

/** Looked up each time: the memory moves when it grows. */
function heapOf(pdfium: WrappedPdfiumModule): Uint8Array {
  return (pdfium.pdfium as unknown as { HEAPU8: Uint8Array }).HEAPU8
}

if (!isMainThread) {
  const { bytes, mostPages } = workerData as { bytes: Uint8Array; mostPages: number }
  parentPort?.postMessage(await read(bytes, mostPages))
}
