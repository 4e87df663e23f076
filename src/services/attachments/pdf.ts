import { Worker } from 'node:worker_threads'
import { turns } from './turns.ts'

export type PdfRefusal = 'broken' | 'locked' | 'active'
export type PdfAnswer = 'fine' | PdfRefusal

const patienceMs = 30_000

/** Reading a PDF holds it in memory: one at a time. */
export const atThePdfs = turns(1, 32)

/**
 * Opens a PDF with pdfium. Refused: what does not open or has no page or too many (`broken`), what is encrypted
 * (`locked`), and what runs, starts or carries something (`active`). It is done in a thread of its own, which is ended
 * after half a minute: a PDF made to keep a reader busy keeps only that thread busy.
 */
export function checkPdf(bytes: Uint8Array, mostPages: number): Promise<PdfAnswer> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./pdf-reader.ts', import.meta.url), {
      workerData: { bytes, mostPages },
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    })
    const end = (answer: PdfAnswer) => {
      clearTimeout(tooLong)
      resolve(answer)
      void worker.terminate()
    }
    const tooLong = setTimeout(() => {
      end('broken')
    }, patienceMs)
    worker.once('message', end)
    worker.once('error', () => {
      end('broken')
    })
    worker.once('exit', () => {
      end('broken')
    })
  })
}
