import type { CaseId } from '../../../city/index.ts'
import { sql } from '../../../plumbing/index.ts'
import type { StaffActor } from '../actor.ts'
import type { DeskDoor } from '../desk.ts'
import { enterStaff } from '../enter.ts'
import { emergencies, type Emergency } from './read-glass.ts'

export type Emergence = Readonly<{ id: string; number: string; because: string; words: string }>
export type GlassRefusal = 'not-there' | 'no-case' | 'too-many' | 'number' | 'because' | 'too-short' | 'too-long'
export type GlassBroken = Readonly<{ caseId: CaseId }> | Readonly<{ refused: GlassRefusal }>

type Ground = Pick<DeskDoor, 'db' | 'city' | 'clock' | 'sealer'>

/** Shorter tells a reviewer nothing. */
export const fewestSigns = 20
const mostSigns = 2000
/** Working days in which a second person judges it. */
const reviewWithin = 2

/**
 * Opens the letter with this number in an emergency, where no duty of hers reads it: to read only, for an hour, once a
 * second person is told to judge it and the person concerned can read of it. Both entries are in the ledger before a word
 * can be read. Refusals: 'no-case' (the try is kept and judged too), 'too-many' (five in a day), 'not-there' (no duty of
 * hers may), and what was not filled in.
 */
export async function breakGlass(
  { db, city, clock, sealer }: Ground,
  actor: StaffActor,
  asked: Emergence,
): Promise<GlassBroken> {
  const because = emergencies.find((one) => one === asked.because)
  const words = asked.words.toWellFormed().normalize('NFC').trim()
  const wrong = judge(asked, because, words)
  if (wrong) return { refused: wrong }
  const sealed = sealer.seal({ table: 'broken_glass', column: 'sealed_words', row: asked.id }, words)
  const today = clock.now().toZonedDateTimeISO(city.timeZone).toPlainDate()
  const reviewBy = city.calendar.addWorkingDays(today, reviewWithin)
  return db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return { refused: 'not-there' }
    const row = await tx.row<{ outcome: string; case_id: CaseId | null }>(sql`select outcome, case_id
      from need_to_know.break_glass(${asked.id}::uuid, ${asked.number}::bigint, ${because}, ${sealed}, ${reviewBy.toString()}::date)`)
    if (row?.case_id != null) return { caseId: row.case_id }
    const refused = row?.outcome === 'no-case' || row?.outcome === 'too-many' ? row.outcome : 'not-there'
    return { refused }
  })
}

function judge(
  { number }: Emergence,
  because: Emergency | undefined,
  words: string,
): Extract<GlassRefusal, 'number' | 'because' | 'too-short' | 'too-long'> | undefined {
  if (!/^\d{1,12}$/.test(number)) return 'number'
  if (because === undefined) return 'because'
  const length = [...words].length
  if (length < fewestSigns) return 'too-short'
  return length > mostSigns ? 'too-long' : undefined
}
