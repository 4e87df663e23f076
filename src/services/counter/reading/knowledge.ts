import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const { resolve } = createRequire(import.meta.url)
let made: string | undefined

/**
 * A folder with what Tesseract knows of English and Spanish, as links into this program's own packages: Tesseract takes
 * one folder, and fetches from the network what is not there. Made once for a process, under a name nobody else chose.
 */
export function knowledgeFolder(): string {
  if (made !== undefined) return made
  const folder = mkdtempSync(join(tmpdir(), 'cityhall-letters-'))
  for (const code of ['eng', 'spa']) {
    const from = dirname(resolve(`@tesseract.js-data/${code}/package.json`))
    symlinkSync(join(from, '4.0.0_best_int', `${code}.traineddata.gz`), join(folder, `${code}.traineddata.gz`))
  }
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true })
  })
  made = folder
  return folder
}
