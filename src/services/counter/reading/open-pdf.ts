import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { init, type WrappedPdfiumModule } from '@embedpdf/pdfium'
import type { Drawn } from './picture-of.ts'

/** A PDF that is open: the words of a page's own text layer, and the page as a picture. */
export type Pdf = Readonly<{
  pages: number
  textOf(page: number): string
  draw(page: number, pixels: number): Drawn | undefined
}>

/** Letters are read best at about this many points an inch; a PDF counts 72. */
const wanted = 220 / 72
const mostCharacters = 100_000
/** FPDFBitmap_BGRx, and FPDF_RenderPageBitmap with annotations (a signature, a stamp). */
const bgrx = 3
const withAnnotations = 1

/** Opens a PDF with pdfium, in this thread; undefined where it does not open. */
export async function openPdf(bytes: Uint8Array): Promise<Pdf | undefined> {
  const wasm = readFileSync(fileURLToPath(import.meta.resolve('@embedpdf/pdfium/pdfium.wasm')))
  const pdfium = await init({ wasmBinary: wasm.buffer })
  pdfium.PDFiumExt_Init()
  const place = pdfium.pdfium.wasmExports.malloc(bytes.length)
  heapOf(pdfium).set(bytes, place)
  const document = pdfium.FPDF_LoadMemDocument(place, bytes.length, '')
  if (!document) return undefined
  const onPage = <T>(page: number, work: (opened: number) => T, otherwise: T): T => {
    const opened = pdfium.FPDF_LoadPage(document, page)
    if (!opened) return otherwise
    try {
      return work(opened)
    } finally {
      pdfium.FPDF_ClosePage(opened)
    }
  }
  return {
    pages: pdfium.FPDF_GetPageCount(document),
    textOf: (page) => onPage(page, (opened) => layerOf(pdfium, opened), ''),
    draw: (page, pixels) => onPage(page, (opened) => drawPage(pdfium, opened, pixels), undefined),
  }
}

function layerOf(pdfium: WrappedPdfiumModule, page: number): string {
  const layer = pdfium.FPDFText_LoadPage(page)
  if (!layer) return ''
  const count = Math.min(pdfium.FPDFText_CountChars(layer), mostCharacters)
  const place = pdfium.pdfium.wasmExports.malloc((count + 1) * 2)
  const written = pdfium.FPDFText_GetText(layer, 0, count, place)
  // UTF-16 with a NUL at its end, which is counted.
  const words = Buffer.from(heapOf(pdfium).slice(place, place + Math.max(0, written - 1) * 2)).toString('utf16le')
  pdfium.pdfium.wasmExports.free(place)
  pdfium.FPDFText_ClosePage(layer)
  return words.toWellFormed().replaceAll('\0', '')
}

function drawPage(pdfium: WrappedPdfiumModule, page: number, pixels: number): Drawn | undefined {
  const [wide, high] = [pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)]
  if (!(wide >= 1 && high >= 1 && wide <= 20_000 && high <= 20_000)) return undefined
  const scale = Math.min(wanted, Math.sqrt(pixels / (wide * high)))
  const [width, height] = [Math.max(1, Math.floor(wide * scale)), Math.max(1, Math.floor(high * scale))]
  const bitmap = pdfium.FPDFBitmap_CreateEx(width, height, bgrx, 0, 0)
  if (!bitmap) return undefined
  pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xffffffff)
  pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, withAnnotations)
  const from = pdfium.FPDFBitmap_GetBuffer(bitmap)
  const points = heapOf(pdfium).slice(from, from + pdfium.FPDFBitmap_GetStride(bitmap) * height)
  pdfium.FPDFBitmap_Destroy(bitmap)
  return { points, width, height }
}

/** Looked up each time: the memory moves when it grows. */
function heapOf(pdfium: WrappedPdfiumModule): Uint8Array {
  return (pdfium.pdfium as unknown as { HEAPU8: Uint8Array }).HEAPU8
}
