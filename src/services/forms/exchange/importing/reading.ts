import { isThing, type Thing } from '../thing.ts'

/** A thing from outside that notes what was looked at: the rest is told, so nothing is dropped in silence. */
export type Reading = Readonly<{
  text(key: string): string | undefined
  number(key: string): number | undefined
  yes(key: string): boolean | undefined
  list(key: string): readonly unknown[]
  /** A thing inside, read in the same way; what is left of it is left of this. */
  inside(key: string): Reading
  has(key: string): boolean
  /** Looked at, and known to mean nothing here. */
  pass(...keys: readonly string[]): void
  any(key: string): unknown
  left(): readonly string[]
}>

export function reading(value: unknown): Reading {
  const thing: Thing = isThing(value) ? value : {}
  const seen = new Set<string>()
  const inner = new Map<string, Reading>()
  const any = (key: string): unknown => {
    seen.add(key)
    return Object.hasOwn(thing, key) ? thing[key] : undefined
  }
  return {
    any,
    text: (key) => {
      const found = any(key)
      return typeof found === 'string' && found.trim() !== '' ? found.trim() : undefined
    },
    number: (key) => {
      const found = any(key)
      const number = typeof found === 'string' && found.trim() !== '' ? Number(found) : found
      return typeof number === 'number' && Number.isFinite(number) ? number : undefined
    },
    yes: (key) => {
      const found = any(key)
      return typeof found === 'boolean' ? found : found === 'true' ? true : found === 'false' ? false : undefined
    },
    list: (key) => {
      const found = any(key)
      return Array.isArray(found) ? (found as readonly unknown[]) : []
    },
    inside: (key) => {
      const known = inner.get(key) ?? reading(any(key))
      inner.set(key, known)
      return known
    },
    has: (key) => Object.hasOwn(thing, key) && !isEmpty(thing[key]),
    pass: (...keys) => {
      for (const key of keys) seen.add(key)
    },
    left: () => [
      ...Object.keys(thing).filter((key) => !seen.has(key) && !isEmpty(thing[key])),
      ...[...inner].flatMap(([key, read]) => read.left().map((name) => `${key}.${name}`)),
    ],
  }
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (isThing(value) && Object.keys(value).length === 0)
