import { sql, type Language } from '../../plumbing/index.ts'
import type { Answer } from './answer.ts'
import type { Open311House } from './house.ts'
import { say } from './messages.ts'

type Row = { id: number; number: number; at: string; status: keyof typeof words }

const words = {
  OPEN: 'updateOpen',
  CLOSED: 'statusDone',
  INVESTIGATING: 'updateInvestigating',
  DUPLICATE: 'statusDuplicate',
  NOT_COUNCILS_RESPONSIBILITY: 'statusNotOurs',
  NO_FURTHER_ACTION: 'statusNoFurther',
  INTERNAL_REFERRAL: 'updateReferral',
} as const

/** What became of the listed cases between two moments, oldest first, 1,000 at most: codes and the city's fixed words. */
export async function updatesAnswer(
  { db }: Open311House,
  between: Readonly<{ from: string; until: string }>,
  language: Language,
): Promise<Answer> {
  const rows = await db.once<Row>(
    sql`select * from open311.updates(${between.from}::timestamptz, ${between.until}::timestamptz)`,
  )
  const things = rows.map((row) => ({
    update_id: String(row.id),
    service_request_id: String(row.number),
    status: row.status,
    updated_datetime: row.at,
    description: say(language, words[row.status]),
    media_url: null,
  }))
  return { root: 'service_requests_updates', inside: { item: 'request_update', things } }
}
