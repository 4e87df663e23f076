import { createWorker, OEM } from 'tesseract.js'
import type { Language } from '../../../plumbing/index.ts'

/** Tesseract, ready to look at pictures of letters. */
export type Eyes = Readonly<{ see(picture: Buffer): Promise<string> }>

/** Under this, on a scale of a hundred, what was seen is handwriting or a photograph, and its words would be invented. */
const leastSure = 40

/** Opens Tesseract with what it knows of English and Spanish, from a local folder: nothing is fetched, nothing written. */
export async function openEyes(language: Language, knowledge: string): Promise<Eyes> {
  const languages = language === 'es' ? ['spa', 'eng'] : ['eng', 'spa']
  const local = { langPath: knowledge, cacheMethod: 'none', gzip: true, errorHandler: () => undefined }
  const worker = await createWorker(languages, OEM.LSTM_ONLY, local)
  return {
    see: async (picture) => {
      const { data } = await worker.recognize(picture)
      return data.confidence < leastSure ? '' : data.text.trim()
    },
  }
}
