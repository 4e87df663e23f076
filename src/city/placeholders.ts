/**
 * What may stand in braces in a template: a closed list, each filled from the case it is put into. There is no logic in a
 * template and no way to name anything else, so it can bring out nothing but these.
 */
export const placeholders = [
  'name',
  'case-number',
  'topic',
  'place',
  'department',
  'department-phone',
  'received-date',
  'due-date',
  'receipt',
  'city',
  'signature',
] as const
export type Placeholder = (typeof placeholders)[number]

const known = new Set<string>(placeholders)
const inBraces = /\{([a-z-]{1,30})\}/g

/** What a template must not hold: a name in braces that is not on the list, or a brace alone. */
export function strangeIn(words: string): string | undefined {
  const rest = words.replace(inBraces, (whole, name: string) => (known.has(name) ? '' : whole))
  return /\{[^{}\n]{0,40}\}?|\}/.exec(rest)?.[0]
}

/** Fills what is known and leaves the rest standing, for a person to fill. */
export function fillIn(words: string, facts: Readonly<Partial<Record<Placeholder, string>>>): string {
  return words.replace(inBraces, (whole, name: string) =>
    known.has(name) ? (facts[name as Placeholder] ?? whole) : whole,
  )
}

/** The placeholders that still stand in some words, each once. */
export function leftIn(words: string): readonly string[] {
  return [
    ...new Set(Array.from(words.matchAll(inBraces), ([whole, name = '']) => (known.has(name) ? whole : ''))),
  ].filter(Boolean)
}
