import type { Keys } from './key-file.ts'

/** Words that stand in nearly every letter, in English and Spanish, folded: a token of theirs would find nothing. */
const everywhere = new Set(
  (
    'about after all and any are been but can could did does for from had has have her here him his how into its just ' +
    'many more most much not now off one only other our out over please she should some such than thank thanks that the ' +
    'their them then there these they this those too was were what when where which who why will with would you your ' +
    'alla alli aqui asi aun bien cada como con cual cuando dear del desde donde dos ella ellos entre era eran esa ese ' +
    'eso esta estaba estan estas este esto estos fue gracias hace han hasta hay las les los mas mis mucho muy nada nos ' +
    'otra otro para pero por porque que quien ser sin sobre son sus tambien tan tiene todo todos una uno usted ustedes'
  ).split(' '),
)

const mostWords = 2_000
const tokenLength = 8

/**
 * The blind tokens under which a letter's words are found: of each different word the first eight bytes of
 * HMAC-SHA-256, sorted, so that neither order nor number of the words is kept. Case, accents and plurals are folded;
 * words of one or two letters, and those that stand in nearly every letter, have none. At most 2,000 a letter.
 */
export function wordTokens(keys: Keys, text: string): readonly Buffer[] {
  return [...wordsOf(text)]
    .map((word) => keys.mac('word-token', word).subarray(0, tokenLength))
    .sort((one, other) => one.compare(other))
}

export function wordsOf(text: string): ReadonlySet<string> {
  const words = new Set<string>()
  for (const [found] of text.normalize('NFKC').matchAll(/[\p{L}\p{M}\p{N}]{3,}/gu)) {
    const word = found.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
    if (word.length < 3 || word.length > 40 || everywhere.has(word)) continue
    words.add(stem(word))
    if (words.size >= mostWords) break
  }
  return words
}

/** One and many of a thing are one word, in both languages: holes and hole, baches and bache, buses and bus. */
function stem(word: string): string {
  if (word.length < 4 || /\d/.test(word)) return word
  const one = word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word
  return one.length > 3 && one.endsWith('e') ? one.slice(0, -1) : one
}
