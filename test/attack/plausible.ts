import { expect } from 'vitest'

/** What an attacker has got hold of: identifiers, words, bytes such as hashes, an employee's number. */
export type Loot = Readonly<{
  known: readonly string[]
  texts: readonly string[]
  bytes: readonly Buffer[]
  employee: number
}>

/** Arguments by type: calls enough that each thing known stands once in each place; one call where one thing is known. */
export function argumentsOf(types: readonly string[], { known, texts, bytes, employee }: Loot): unknown[][] {
  const single: Record<string, readonly unknown[]> = {
    uuid: known,
    text: texts,
    bytea: bytes,
    integer: [employee, 1],
    bigint: [1],
    boolean: [true, false],
    date: ['2027-01-04'],
    json: ['{}'],
    jsonb: ['{}'],
    'timestamp with time zone': ['2027-01-04T10:00:00Z'],
    'double precision': [1],
  }
  const tries = known.length === 1 ? 1 : Math.max(1, ...types.map((type) => single[plain(type)]?.length ?? 1))
  return Array.from({ length: tries }, (_, n) =>
    types.map((type) => {
      const choices = single[plain(type)] ?? expect.unreachable(`an argument of type ${type}`)
      const value = choices[n % choices.length]
      return type.endsWith('[]') ? [value] : value
    }),
  )
}

const plain = (type: string): string => type.replace('[]', '')
