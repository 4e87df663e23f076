import { Temporal } from 'temporal-polyfill'
import type { Band } from './rules.ts'

export type Born = Temporal.PlainDate

/** How old somebody born on a day is, as far as the city's rules ask. On a birthday she is as old as she becomes. */
export function bandOn(today: Temporal.PlainDate, born: Born): Band | 'adult' | 'not-born' {
  if (Temporal.PlainDate.compare(born, today) > 0) return 'not-born'
  if (Temporal.PlainDate.compare(reaches(born, 18), today) <= 0) return 'adult'
  return Temporal.PlainDate.compare(reaches(born, 13), today) <= 0 ? 'under-18' : 'under-13'
}

/** Who was born on 29 February has her birthday on 1 March where a year has no such day. */
function reaches(born: Born, age: number): Temporal.PlainDate {
  const day = born.add({ years: age })
  return day.day === born.day ? day : day.add({ days: 1 })
}
