/** An address as somebody wrote it, taken apart. */
export type WrittenAddress = Readonly<{ number: HouseNumber; street: string; unit?: string }>

/** `12`, `12A`, `12 1/2`: the letters and the half stand in `after`. */
export type HouseNumber = Readonly<{ number: number; after: string }>

const sides: Readonly<Record<string, string>> = {
  n: 'north', s: 'south', e: 'east', w: 'west', ne: 'northeast', nw: 'northwest', se: 'southeast', sw: 'southwest',
} // prettier-ignore

const kinds: Readonly<Record<string, string>> = {
  st: 'street', str: 'street', ave: 'avenue', av: 'avenue', rd: 'road', dr: 'drive', drv: 'drive', ln: 'lane', ct: 'court',
  blvd: 'boulevard', pl: 'place', plz: 'plaza', ter: 'terrace', terr: 'terrace', cir: 'circle', pkwy: 'parkway',
  hwy: 'highway', sq: 'square', wy: 'way', trl: 'trail', aly: 'alley', xing: 'crossing', lp: 'loop', pt: 'point',
} // prettier-ignore

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth']
const ordinalOf: Readonly<Record<string, string>> = Object.fromEntries(
  ordinals.map((word, at) => [word, `${String(at + 1)}${['st', 'nd', 'rd'][at] ?? 'th'}`]),
)

const whole: ReadonlySet<string> = new Set([...Object.values(kinds), 'way', 'loop'])

/** Whether a word says what sort of street it is; people leave it out. */
export const isStreetKind = (word: string): boolean => whole.has(word)

/** Small letters, no accents, no dots, single spaces: how two ways of writing the same are told to be the same. */
export function plainWords(text: string): string {
  const bare = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return bare.replace(/[.'’]/g, '').replace(/[^\p{L}\p{N}/#]+/gu, ' ').trim() // prettier-ignore
}

/** A street’s name as it is compared: `W. Orchard Ave` and `West Orchard Avenue` are one. */
export function streetKey(name: string): string {
  const words = plainWords(name).split(' ')
  return words
    .map((word, at) => {
      // “St” before a name is a saint, behind one a street.
      if (word === 'st' && at === 0 && words.length > 1) return 'saint'
      return kinds[word] ?? sides[word] ?? ordinalOf[word] ?? word
    })
    .join(' ')
}

const numberShape = /^(\d{1,6})(?:([a-z])(?![a-z])|\s*(½|1\/2)(?!\d))?(?=[\s,]|$)/i

/** The house number that a text begins with. */
export function readHouseNumber(text: string): (HouseNumber & { rest: string }) | undefined {
  const [all = '', digits, letter = '', half] = numberShape.exec(text) ?? []
  if (digits === undefined || Number(digits) === 0) return undefined
  return { number: Number(digits), after: half ? '½' : letter.toUpperCase(), rest: text.slice(all.length) }
}

const unitShape =
  /(?:^|[\s,])((?:apartment|apt|unit|suite|ste|room|rm|space|spc|trailer|lot|floor|fl|apartamento|apto|departamento|depto|dpto|unidad|piso)\.?\s*(?:no\.?|#)?\s*(?:\p{L}?-?\d[\p{L}\p{N}-]{0,8}|\p{L})|#\s*[\p{L}\p{N}-]{1,10})(?=[\s,]|$)/iu

/**
 * Takes an address apart: the number, the street, and the apartment, which is kept as it was written. What follows of the
 * city, the state and the ZIP code is left out where `tail` knows the words; other words stay with the street, and so
 * an address elsewhere is not found. Undefined where it does not begin with a house number.
 */
export function readWrittenAddress(text: string, tail: ReadonlySet<string>): WrittenAddress | undefined {
  const line = text.replace(/\s+/g, ' ').trim()
  const house = readHouseNumber(line)
  if (!house) return undefined
  const { number, after, rest } = house
  const [, unit] = unitShape.exec(rest) ?? []
  const [street = '', ...others] = (unit === undefined ? rest : rest.replace(unit, ' , '))
    .split(',')
    .filter((part) => part.trim() !== '')
  const elsewhere = others.flatMap((part) => plainWords(part).split(' ')).filter((word) => !isTail(word, tail))
  const words = [streetKey(street), ...elsewhere].filter((word) => word !== '').join(' ')
  return { number: { number, after }, street: words, ...(unit !== undefined && { unit: unit.replace(/\s+/g, ' ') }) }
}

/** A word of the city’s own name or state, a ZIP code, or nothing. */
export const isTail = (word: string, tail: ReadonlySet<string>): boolean =>
  word === '' || tail.has(word) || /^\d{5}(\d{4})?$/.test(word)
