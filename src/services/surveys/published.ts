import type { Temporal } from 'temporal-polyfill'
import { sql, type Db } from '../../plumbing/index.ts'
import type { Results } from './results.ts'
import type { SurveyId } from './survey.ts'

/** What was published last, and the words that a clerk let through. */
export type Published = Readonly<{
  on: Temporal.PlainDate
  results: Results
  words: readonly Readonly<{ question: string; words: string }>[]
}>

export async function readPublished(db: Db, survey: SurveyId): Promise<Published | undefined> {
  const [row] = await db.once<{ published_on: Temporal.PlainDate; tables: Results }>(
    sql`select published_on, tables from surveys.published(${survey})`,
  )
  if (!row) return undefined
  const words = await db.once<{ question: string; words: string }>(sql`select * from surveys.approved_words(${survey})`)
  return { on: row.published_on, results: row.tables, words }
}
