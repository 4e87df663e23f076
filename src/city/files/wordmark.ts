import { join } from 'node:path'
import { isMistaken, readText } from '../../plumbing/index.ts'
import type { Mistaken } from '../../plumbing/index.ts'
import type { Wordmark } from '../city.ts'
import type { CityFiles } from './read.ts'

/** What may not stand in a drawing that goes into every page: anything that runs, anything the content security policy would drop, anything fetched. */
const refused = [
  {
    pattern: /<\s*(script|style|foreignObject|iframe|image|use|a)\b/i,
    says: 'holds an element that may not stand in a page',
  },
  { pattern: /\s(on\w+|style)\s*=/i, says: 'holds an attribute that may not stand in a page' },
  { pattern: /\s(xlink:)?href\s*=|url\s*\(/i, says: 'points to something outside itself' },
  { pattern: /<!|<\?/, says: 'holds more than the drawing' },
]

/** The drawing named in city.yaml, or the words that stand there instead of a file name. */
export function readWordmark(folder: string, file: CityFiles['city']): Wordmark | Mistaken {
  const { wordmark } = file.value
  if (!wordmark.endsWith('.svg')) return { kind: 'text', text: wordmark }
  const refuse = (says: string) => ({
    mistakes: [
      file.mistake(
        ['wordmark'],
        `${wordmark} ${says}.`,
        'a plain drawing that begins with <svg: shapes, words and colours only',
      ),
    ],
  })
  if (/[/\\]/.test(wordmark)) return refuse('is not in the folder of the city')
  const svg = readText(join(folder, wordmark))
  if (isMistaken(svg)) return refuse('cannot be read')
  if (!/^\s*<svg\b[^]*<\/svg>\s*$/.test(svg)) return refuse('is not a drawing')
  const found = refused.find(({ pattern }) => pattern.test(svg))
  return found ? refuse(found.says) : { kind: 'svg', svg: svg.trim() }
}
