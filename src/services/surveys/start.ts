import { Temporal } from 'temporal-polyfill'
import { idPattern } from '../../city/index.ts'
import { sql } from '../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../trust/need-to-know/index.ts'
import { newDataKey, sealBytes } from '../../trust/vault/index.ts'
import type { SurveysHouse } from './house.ts'
import type { Questionnaire } from './load.ts'
import { newSigningKey } from './signer.ts'
import type { SurveyId } from './survey.ts'
import { signingKeyAt, subjectOf } from './survey-key.ts'
import { today } from './today.ts'

export type ToStart = Readonly<{ id: string; questions: Questionnaire; closesOn: Temporal.PlainDate }>
export type StartRefusal = 'not-a-name' | 'taken' | 'too-early' | 'closes-too-soon' | 'closes-too-late' | 'not-there'

const longest = { days: 365 }

/**
 * Opens a survey: a data key of its own, and where it is by invitation a key for tickets, one for everybody, whose hash goes
 * into the ledger with the entry. Refusals: a name that cannot stand in an address or is taken, a day that the city's file
 * does not allow; not-there where no duty of hers runs that department's surveys.
 */
export async function startSurvey(
  house: SurveysHouse,
  actor: StaffActor,
  { id, questions, closesOn }: ToStart,
): Promise<Readonly<{ started: SurveyId }> | Readonly<{ refused: StartRefusal }>> {
  if (!new RegExp(idPattern).test(id) || id.length > 60 || id === 'new') return { refused: 'not-a-name' }
  const day = today(house)
  if (questions.opens && Temporal.PlainDate.compare(day, questions.opens) < 0) return { refused: 'too-early' }
  if (Temporal.PlainDate.compare(closesOn, day) < 0) return { refused: 'closes-too-soon' }
  const last = questions.closes ?? day.add(longest)
  if (Temporal.PlainDate.compare(closesOn, last) > 0) return { refused: 'closes-too-late' }
  const { key, stored } = newDataKey(house.keys, subjectOf(id))
  const pair = questions.way === 'invited' ? await newSigningKey() : undefined
  const sealedKey = pair && sealBytes(key, signingKeyAt(id), pair.privateKey)
  const { form, department, way, results, freeText, smallest } = questions
  const outcome = await house.db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return 'not-there'
    const row = await tx.row<{
      said: string
    }>(sql`select surveys.start(${id}, ${form.id}, ${form.version}, ${department},
      ${way}, ${results}, ${freeText}, ${smallest}, ${day}, ${closesOn}, ${pair?.publicKey ?? null}, ${sealedKey ?? null},
      ${stored.wrapped}, ${stored.kek}) as said`)
    return row?.said
  })
  if (outcome === 'done') return { started: id as SurveyId }
  return { refused: outcome === 'taken' ? 'taken' : 'not-there' }
}
