import type { Temporal } from 'temporal-polyfill'
import type { Text } from './text.ts'

/** The city's privacy policy: every sentence has an identifier, so that what keeps it can be shown beside it. */
export type Policy = Readonly<{
  title: Text
  effective: Temporal.PlainDate
  clauses: readonly Clause[]
}>

export type Clause = Readonly<{ id: string; title: Text; sentences: readonly Sentence[] }>
export type Sentence = Readonly<{ id: string; text: Text }>
