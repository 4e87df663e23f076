import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { nearest } from '../../plumbing/index.ts'
import type { Mistake, Mistaken } from '../../plumbing/index.ts'
import { codeOf, streetsFrom, type Addresses, type Street } from '../addresses.ts'
import { plainWords, readHouseNumber, streetKey } from '../address-words.ts'
import type { City } from '../city.ts'
import type { PlaceId } from '../ids.ts'

const columns = ['number', 'street', 'neighborhood'] as const
/** A file in which every line is wrong is wrong in its first lines. */
const mostMistakes = 20

type Numbers = { name: string; line: number; at: Map<number, number> }
type Facts = Pick<City, 'places' | 'name' | 'contact'>
type Tell = (line: number, column: number, says: string, allowed: string) => void

/**
 * The city’s own addresses from `addresses.csv`: a number, a street and a neighborhood a line, as any table program
 * writes them. Refused, each with its line: a number that is none, a neighborhood that places.yaml does not have, an
 * address that stands twice, a street written in two ways. Undefined where the city has no such file.
 */
export function readAddresses(folder: string, city: Facts): Addresses | Mistaken | undefined {
  const file = join(folder, 'addresses.csv')
  if (!existsSync(file)) return undefined
  const mistakes: Mistake[] = []
  const tell: Tell = (line, column, says, allowed) => {
    if (mistakes.length < mostMistakes) mistakes.push({ file, line, column, says, allowed })
  }
  const [head = '', ...lines] = readFileSync(file, 'utf8').replace(/^\uFEFF/, '').split(/\r?\n/) // prettier-ignore
  if (head.toLowerCase() !== columns.join(',')) {
    tell(1, 1, 'The first line does not name the columns.', columns.join(','))
    return { mistakes }
  }
  const places = [...city.places.keys()]
  const streets = new Map<string, Numbers>()
  for (const [index, line] of lines.entries())
    if (line.trim() !== '') addLine(line, index + 2, { places, streets, tell })
  if (streets.size === 0) tell(1, 1, 'There is no address here.', 'a number, a street and a neighborhood on each line')
  return mistakes.length > 0 ? { mistakes } : compact(streets, places, city)
}

type Reading = Readonly<{ places: readonly PlaceId[]; streets: Map<string, Numbers>; tell: Tell }>
type Row = Readonly<{ key: string; street: string; code: number; place: number }>
type Wrong = Readonly<{ column: number; says: string; allowed: string }>

function addLine(text: string, line: number, { places, streets, tell }: Reading): void {
  const row = readRow(text, places)
  const known = 'says' in row ? undefined : (streets.get(row.key) ?? { name: row.street, line, at: new Map<number, number>() }) // prettier-ignore
  const wrong = 'says' in row ? row : known && strayIn(row, known, text)
  if (wrong) tell(line, wrong.column, wrong.says, wrong.allowed)
  if (wrong || 'says' in row || !known) return
  known.at.set(row.code, row.place)
  streets.set(row.key, known)
}

function readRow(text: string, places: readonly PlaceId[]): Row | Wrong {
  const cells = text.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
  const [number = '', street = '', place = ''] = cells
  if (cells.length !== columns.length)
    return { column: 1, says: `This line has ${String(cells.length)} parts.`, allowed: columns.join(',') }
  const house = readHouseNumber(number)
  if (house?.rest !== '')
    return { column: 1, says: `“${number}” is not a house number.`, allowed: 'for example 12, 12A or 12 1/2' }
  const key = streetKey(street)
  if (!/\p{L}/u.test(key))
    return { column: number.length + 2, says: `“${street}” is not a street.`, allowed: 'the street’s name' }
  const at = places.indexOf(place as PlaceId)
  if (at !== -1) return { key, street, code: codeOf(house), place: at }
  const meant = nearest(place, places)
  const says = `“${place}” is not a neighborhood.${meant === undefined ? '' : ` Did you mean “${meant}”?`}`
  return { column: number.length + street.length + 3, says, allowed: places.join(', ') }
}

/** What does not agree with the lines before. */
function strayIn({ street, code }: Row, { name, line, at }: Numbers, text: string): Wrong | undefined {
  const column = text.indexOf(',') + 2
  if (name !== street)
    return {
      column,
      says: `“${street}” is “${name}” on line ${String(line)}.`,
      allowed: 'one way of writing for a street',
    }
  const says = `${text.split(',').slice(0, 2).join(' ')} stands twice.`
  return at.has(code) ? { column: 1, says, allowed: 'each address once' } : undefined
}

function compact(read: ReadonlyMap<string, Numbers>, places: readonly PlaceId[], city: Facts): Addresses {
  const streets = [...read]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { name, at }]): Street => {
      const rows = [...at].sort(([a], [b]) => a - b)
      return {
        name,
        codes: Uint32Array.from(rows, ([code]) => code),
        places: Uint16Array.from(rows, ([, place]) => place),
      }
    })
  return { ...streetsFrom(streets), places, tail: tailOf(city) }
}

/** What people write behind an address here: the city as it is called, and what the city writes behind its own. */
function tailOf({ name, contact }: Facts): ReadonlySet<string> {
  const behind = contact.address.split(',').slice(1).join(' ')
  const words = plainWords(`${name.en} ${name.es} ${behind} ca usa`).split(' ')
  return new Set(words.filter((word) => !['city', 'of', 'ciudad', 'de'].includes(word)))
}
