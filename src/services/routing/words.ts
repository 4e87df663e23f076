import type { City } from '../../city/index.ts'
import type { Letter } from '../correspondence/index.ts'
import { wordsOf, type Keys } from '../../trust/vault/index.ts'

const mostWords = 200
const tokenLength = 16

/** A word of a letter as it was written, and the keyed hash under which it is counted. */
export type CountedWord = Readonly<{ word: string; token: Buffer }>

/**
 * The different words of a letter by which its topic may be told: folded as in searching, without numbers, and without
 * the answers that only chose a topic or a place. Counted under a key of their own: they cannot be matched with the
 * tokens by which one person's letter is found. At most 200.
 */
export function wordsToCount(keys: Keys, city: City, letters: readonly Letter[]): readonly CountedWord[] {
  const [letter] = letters
  const chosen = new Set([...city.topics.values(), ...city.places.values()].flatMap(({ name }) => [name.en, name.es]))
  const answers = (letter?.answers ?? []).map(({ value }) => value).filter((value) => !chosen.has(value))
  const text = [...answers, letter?.words ?? ''].join('\n')
  const counted = new Map<string, CountedWord>()
  for (const [found] of text
    .normalize('NFKC')
    .matchAll(/(?<![\p{L}\p{M}\p{N}])[\p{L}\p{M}]{3,40}(?![\p{L}\p{M}\p{N}])/gu)) {
    const [stem] = wordsOf(found)
    if (stem === undefined || counted.has(stem)) continue
    const token = keys.mac('routing-word', stem).subarray(0, tokenLength)
    counted.set(stem, { word: found.toLowerCase(), token })
    if (counted.size >= mostWords) break
  }
  return [...counted.values()]
}
