import type { ContactDetails } from '../../correspondence/index.ts'

export const signs = ['email', 'web', 'telephone', 'address', 'plate', 'name', 'copied'] as const
export type Sign = (typeof signs)[number]

/** A part of a text that may tell about a person, by positions in it. */
export type Mark = Readonly<{ from: number; until: number; sign: Sign }>

/** What the case itself knows of the person: her contact, and what she wrote. */
export type Known = Readonly<{ contact: ContactDetails; letters: readonly string[] }>

const patterns: readonly (readonly [Sign, RegExp])[] = [
  ['email', /[^\s@<>"(),]{1,64}@[^\s@<>"(),]{1,255}/gu],
  ['web', /\b(?:https?:\/\/|www\.)\S{1,500}/giu],
  ['telephone', /\+?\d(?:[\s().·/-]{0,2}\d){6,14}/gu],
  // A number before a name, or one that stands for a door: 12 Willow Street, Apt 4, #7.
  ['address', /\b\d{1,5}\s?[a-z]?,?\s+(?:[NSEW]\.?\s+)?\p{Lu}[\p{L}'’.-]{1,40}(?:\s+\p{Lu}[\p{L}'’.-]{1,40}){0,3}/gu],
  ['address', /\b(?:apt|apartment|unit|suite|room|depto|departamento|interior)\b\.?\s*#?\s*\w{1,6}|#\s?\d{1,5}/giu],
  [
    'address',
    /\p{Lu}[\p{L}'’-]{1,40}\s+(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|court|ct|way)\.?\s+\d{1,5}\b/giu,
  ],
  ['plate', /\b(?=[A-Z0-9]{0,7}\d)(?=[A-Z0-9]{0,7}[A-Z])[A-Z0-9]{5,8}\b/gu],
  ['name', /\b(?:mr|mrs|ms|miss|dr|sr|sra|srta|señora?|señorita|don|doña)\b\.?\s+\p{Lu}[\p{L}'’-]{1,40}/giu],
]

/** So many words in a row, as the person wrote them, are hers. */
const copiedWords = 6

/**
 * Marks what looks as if it told about a person, for the clerk who is about to make a text public. It finds shapes and
 * what this case knows; it cannot know everybody's name, so it warns, and the clerk decides.
 */
export function findPersonal(text: string, known: Known): readonly Mark[] {
  const found = patterns.flatMap(([sign, pattern]) =>
    [...text.matchAll(pattern)].map((hit) => ({ from: hit.index, until: hit.index + hit[0].length, sign })),
  )
  return apart([...found, ...ownNames(text, known), ...copied(text, known)])
}

type Word = Readonly<{ from: number; until: number; folded: string }>

/** Words without accents and case: `Peña` and `PENA` are one. */
function wordsOf(text: string): readonly Word[] {
  return [...text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)].map((hit) => ({
    from: hit.index,
    until: hit.index + hit[0].length,
    folded: fold(hit[0]),
  }))
}

const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

function ownNames(text: string, { contact }: Known): readonly Mark[] {
  const own = [contact.name ?? '', (contact.email ?? '').split('@', 1)[0] ?? ''].flatMap((part) => wordsOf(part))
  const names = new Set(own.map(({ folded }) => folded).filter((name) => name.length > 1))
  return wordsOf(text)
    .filter(({ folded }) => names.has(folded))
    .map(({ from, until }) => ({ from, until, sign: 'name' }))
}

function copied(text: string, { letters }: Known): readonly Mark[] {
  const runs = new Set(letters.flatMap((letter) => runsOf(wordsOf(letter)).map(({ folded }) => folded)))
  return runsOf(wordsOf(text))
    .filter(({ folded }) => runs.has(folded))
    .map(({ from, until }) => ({ from, until, sign: 'copied' }))
}

function runsOf(words: readonly Word[]): readonly Word[] {
  return words.flatMap((first, at) => {
    const run = words.slice(at, at + copiedWords)
    const last = run.at(-1)
    if (run.length < copiedWords || !last) return []
    return [{ from: first.from, until: last.until, folded: run.map(({ folded }) => folded).join(' ') }]
  })
}

/** In order and side by side: where two overlap they become one, under the sign that came first. */
function apart(marks: readonly Mark[]): readonly Mark[] {
  const sorted = [...marks].sort((a, b) => a.from - b.from || b.until - a.until)
  const joined: Mark[] = []
  for (const mark of sorted) {
    const last = joined.at(-1)
    if (last && mark.from < last.until) joined[joined.length - 1] = { ...last, until: Math.max(last.until, mark.until) }
    else joined.push(mark)
  }
  return joined
}
