import { Temporal } from 'temporal-polyfill'
import type { Keys } from '../../../trust/vault/index.ts'

/**
 * The keyed hash of the day on which somebody born on `born` (an ISO date) is 18. Who was born on 29 February comes of age
 * on 1 March where that year has no such day. Equal days have equal tokens, and nobody without the key can tell which day.
 */
export function ofAgeToken(keys: Keys, born: string): Buffer {
  return tokenOfDay(keys, birthday(Temporal.PlainDate.from(born), 18))
}

export function tokenOfDay(keys: Keys, day: Temporal.PlainDate): Buffer {
  return keys.mac('of-age', `of-age|${day.toString()}`)
}

function birthday(born: Temporal.PlainDate, age: number): Temporal.PlainDate {
  const day = born.add({ years: age })
  return day.day === born.day ? day : day.add({ days: 1 })
}
