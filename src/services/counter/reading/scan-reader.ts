import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { openPdf } from './open-pdf.ts'
import type { ReadingLimits, Scan, ScanRead, ScanUnread } from './read-scan.ts'
import { openEyes, type Eyes } from './see-letters.ts'
import { pictureOf } from './picture-of.ts'

/** A page with less than this in its text layer is a picture with a stamp on it: it is looked at. */
const fewLetters = 12

/** The thread's whole work: one scan, one answer. */
async function read({ bytes, kind, language, limits, knowledge }: Task): Promise<ScanRead | ScanUnread> {
  if (kind === 'picture') {
    const picture = await pictureOf(bytes, limits.pixels)
    const eyes = await openEyes(language, knowledge)
    const text = await eyes.see(picture)
    return { text: text.slice(0, limits.characters), how: 'seen', pages: 1, ofPages: 1 }
  }
  const pdf = await openPdf(bytes)
  if (!pdf) return { refused: 'unreadable' }
  const pages = Math.min(pdf.pages, limits.pages)
  const texts: string[] = []
  let eyes: Eyes | undefined
  for (let page = 0; page < pages; page++) {
    const layer = pdf.textOf(page)
    if (layer.replace(/[^\p{L}\p{N}]/gu, '').length >= fewLetters) texts.push(layer)
    else {
      const drawn = pdf.draw(page, limits.pixels)
      eyes ??= await openEyes(language, knowledge)
      if (drawn) texts.push(await eyes.see(await pictureOf(drawn, limits.pixels)))
    }
  }
  const text = texts.join('\n\n').slice(0, limits.characters)
  return { text, how: eyes ? 'seen' : 'layer', pages, ofPages: pdf.pages }
}

type Task = Scan & { limits: ReadingLimits; knowledge: string }

if (!isMainThread) {
  const answer = await read(workerData as Task).catch((): ScanUnread => ({ refused: 'unreadable' }))
  parentPort?.postMessage(answer)
}
