import { nearest } from '../plumbing/index.ts'
import {
  isStreetKind,
  isTail,
  plainWords,
  readWrittenAddress,
  streetKey,
  type HouseNumber,
  type WrittenAddress,
} from './address-words.ts'
import type { PlaceId } from './ids.ts'

/**
 * The city’s own list of addresses, from `addresses.csv`. Forty thousand of them are some hundred kilobytes: a street has
 * its name once, and beside it its numbers, in order, as whole numbers.
 */
export type Addresses = Readonly<{
  size: number
  /** By the name as it is compared. */
  streets: ReadonlyMap<string, Street>
  /** The same streets without the word for their sort (`willow` for Willow Street), where that leaves one. */
  short: ReadonlyMap<string, string>
  places: readonly PlaceId[]
  /** Words that may follow an address and are no part of it: the city’s name, its state. */
  tail: ReadonlySet<string>
}>

/** `codes` rise; `places` says beside each in which neighborhood (by its place in the list) it lies. */
export type Street = Readonly<{ name: string; codes: Uint32Array; places: Uint16Array }>

/** An address that is in the list, as the city writes it, with what was written of the apartment. */
export type FoundAddress = Readonly<{ text: string; place: PlaceId }>

/** Not in the list: the street is unknown, or it is known and has no such number. `near`: what comes closest. */
export type NoAddress = Readonly<{
  refused: 'no-such-address' | 'no-such-number'
  street?: string
  near: readonly string[]
}>

type Listed = Readonly<{ addresses?: Addresses }>

/** Finds what somebody wrote in the city’s list. Undefined where the city has no list. */
export function findAddress({ addresses }: Listed, text: string): FoundAddress | NoAddress | undefined {
  if (!addresses) return undefined
  const written = readWrittenAddress(text, addresses.tail)
  if (!written) return { refused: 'no-such-address', near: [] }
  const street = streetOf(addresses, written.street)
  if (!street) return { refused: 'no-such-address', near: nearStreets(addresses, written) }
  const at = indexOf(street.codes, codeOf(written.number))
  if (at === undefined)
    return { refused: 'no-such-number', street: street.name, near: nearNumbers(street, written, mostNear) }
  const place = addresses.places[street.places[at] ?? 0]
  return { text: inFull(street, street.codes[at] ?? 0, written.unit), place: place as PlaceId }
}

const mostNear = 4

/** Streets by the names under which they are found. */
export function streetsFrom(list: readonly Street[]): Pick<Addresses, 'size' | 'streets' | 'short'> {
  const streets = new Map(list.map((street) => [streetKey(street.name), street]))
  const short = new Map<string, string>()
  const several = new Set<string>()
  for (const key of streets.keys()) {
    const without = bareName(key.split(' '))
    if (short.has(without)) several.add(without)
    short.set(without, key)
  }
  for (const name of ['', ...several]) short.delete(name)
  return { size: list.reduce((sum, { codes }) => sum + codes.length, 0), streets, short }
}

/**
 * Streets that begin as somebody types, with the number that stands before: each typed word begins a word of the name,
 * and the number lies between the street's lowest and highest.
 */
export function streetsLike({ streets }: Addresses, typed: string, most: number): readonly string[] {
  const [, number = '', rest = ''] = /^\s*(\d+\S*)\s+(.*)$/.exec(typed) ?? []
  const words = plainWords(rest).split(' ')
  if (rest.trim() === '') return []
  const wanted = Number.parseInt(number, 10)
  return [...streets.values()]
    .filter(({ name, codes }) => {
      if (wanted < numberOf(codes[0] ?? 0) || wanted > numberOf(codes.at(-1) ?? 0)) return false
      const parts = plainWords(name).split(' ')
      return words.every((word) => parts.some((part) => part.startsWith(word)))
    })
    .slice(0, most)
    .map(({ name }) => `${number} ${name}`)
}

const numberOf = (code: number) => Math.floor(code / 32)

/** The number and what stands behind it as one number: they are kept and searched as such. */
export const codeOf = ({ number, after }: HouseNumber): number =>
  number * 32 + (after === '' ? 0 : after === '½' ? 27 : after.charCodeAt(0) - 64)

function inFull(street: Street, code: number, unit?: string): string {
  const after = code % 32
  const letter = after === 0 ? '' : after === 27 ? ' 1/2' : String.fromCharCode(64 + after)
  return `${String(numberOf(code))}${letter} ${street.name}${unit === undefined ? '' : `, ${unit}`}`
}

/** As it was written; without the city behind it; or without the word for its sort. */
function streetOf({ streets, short, tail }: Addresses, written: string): Street | undefined {
  const words = written.split(' ')
  for (let length = words.length; length > 0; length--) {
    const name = words.slice(0, length).join(' ')
    const found = streets.get(name) ?? streets.get(short.get(name) ?? '')
    if (found) return found
    if (!isTail(words[length - 1] ?? '', tail)) return undefined
  }
  return undefined
}

function indexOf(codes: Uint32Array, code: number): number | undefined {
  const at = firstFrom(codes, code)
  return codes[at] === code ? at : undefined
}

/** Where the first number stands that is not below: halving, for a long street has thousands. */
function firstFrom(codes: Uint32Array, code: number): number {
  let [from, to] = [0, codes.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((codes[middle] ?? 0) < code) from = middle + 1
    else to = middle
  }
  return from
}

function nearNumbers(street: Street, { number, unit }: WrittenAddress, most: number): string[] {
  const code = codeOf(number)
  const at = firstFrom(street.codes, code)
  const around = [...street.codes.slice(Math.max(0, at - most), at + most)]
  return around
    .sort((a, b) => Math.abs(a - code) - Math.abs(b - code))
    .slice(0, most)
    .sort((a, b) => a - b)
    .map((one) => inFull(street, one, unit))
}

/** The streets that are written most alike, each with the number that was meant or the one nearest to it. */
function nearStreets(addresses: Addresses, written: WrittenAddress): string[] {
  const own = bareName(written.street.split(' ').filter((word) => !isTail(word, addresses.tail)))
  if (own === '') return []
  const left = new Map([...addresses.streets].map(([key, street]) => [bareName(key.split(' ')), street]))
  const sharing = [...left].filter(([name]) => ` ${name} `.includes(` ${own} `)).slice(0, mostNear)
  const near = sharing.map(([, street]) => street)
  for (const [name] of sharing) left.delete(name)
  while (near.length < mostNear) {
    const name = nearest(own, left.keys())
    const street = name === undefined ? undefined : left.get(name)
    if (name === undefined || !street) break
    left.delete(name)
    near.push(street)
  }
  return near.flatMap((street) => nearNumbers(street, written, 1))
}

const bareName = (words: readonly string[]) => words.filter((word) => !isStreetKind(word)).join(' ')
