import type { CaseId } from '../../../city/index.ts'
import { sql } from '../../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../../trust/need-to-know/index.ts'
import type { Open311House } from '../house.ts'

export const longestDescription = 500

export type Described = Readonly<{ done: true }> | Readonly<{ refused: 'not-there' | 'changed' | 'empty' | 'too-long' }>

/** Words as they will stand in public: one text, line ends as LF. Refusals: nothing in it; over 500 code points. */
export function readDescription(
  text: string,
): Readonly<{ words: string }> | Readonly<{ refused: 'empty' | 'too-long' }> {
  const words = text.toWellFormed().replace(/\r\n?/g, '\n').replaceAll('\0', '').normalize('NFC').trim()
  if (words === '') return { refused: 'empty' }
  return [...words].length > longestDescription ? { refused: 'too-long' } : { words }
}

/**
 * Publishes a clerk's own words about a case, for everybody; the words that stood there before are gone. She has seen the
 * preview. Refusals: not-there (also: no power to answer, a topic that is not listed), changed, empty, too-long.
 */
export async function publishDescription(
  house: Open311House,
  actor: StaffActor,
  input: Readonly<{ caseId: CaseId; version: number; words: string }>,
): Promise<Described> {
  const read = readDescription(input.words)
  if ('refused' in read) return read
  return house.db.transaction(async (tx) => {
    const staff = await enterStaff(tx, actor, input.caseId)
    if (staff?.caseId !== input.caseId) return { refused: 'not-there' }
    const row = await tx.row<{ outcome: 'done' | 'not-there' | 'changed' }>(
      sql`select open311.publish_description(${input.version}, ${read.words}) as outcome`,
    )
    return row?.outcome === 'done' ? { done: true } : { refused: row?.outcome ?? 'not-there' }
  })
}

/** Takes the public words back, at once. What others copied meanwhile is out of reach. Refusal: not-there. */
export async function takeBackDescription(
  house: Open311House,
  actor: StaffActor,
  caseId: CaseId,
): Promise<Readonly<{ done: true }> | Readonly<{ refused: 'not-there' }>> {
  return house.db.transaction(async (tx) => {
    const staff = await enterStaff(tx, actor, caseId)
    if (staff?.caseId !== caseId) return { refused: 'not-there' }
    const row = await tx.row<{ outcome: string }>(sql`select open311.take_back_description() as outcome`)
    return row?.outcome === 'done' ? { done: true } : { refused: 'not-there' }
  })
}
