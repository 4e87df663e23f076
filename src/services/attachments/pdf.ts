import { inThread } from './in-thread.ts'

export type PdfRefusal = 'broken' | 'locked' | 'active'
export type PdfAnswer = Readonly<{ content: Uint8Array }> | Readonly<{ refused: PdfRefusal }>

/**
 * Opens a PDF with pdfium and makes it anew: without title, author and what else its programs wrote about it, without what
 * the camera wrote into its photographs, without its earlier versions. One that somebody signed stays as it came: made
 * anew, its signature would prove nothing. Refused: what does not open or has no page or too many (`broken`), what is
 * encrypted (`locked`), and what runs, starts or carries something (`active`). The bytes are gone here afterwards.
 */
export async function pdfAnew(bytes: Uint8Array, mostPages: number): Promise<PdfAnswer> {
  const program = new URL('./pdf-reader.ts', import.meta.url)
  const answer = await inThread<PdfAnswer>(program, { bytes, mostPages }, { ms: 30_000, megabytes: 256 })
  return answer ?? { refused: 'broken' }
}
