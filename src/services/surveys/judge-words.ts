import { sql, type Tx } from '../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../trust/need-to-know/index.ts'
import { unseal } from '../../trust/vault/index.ts'
import { wordsAt } from './answer-of.ts'
import type { SurveysHouse } from './house.ts'
import type { SurveyId } from './survey.ts'
import { surveyKey } from './survey-key.ts'

/** Free words of nobody known, as a clerk reads them: masked since before they were kept. */
export type Words = Readonly<{
  id: string
  question: string
  text: string
  masked: number
  state: 'waiting' | 'approved'
}>

const mostShown = 100

/** Opens the words of a survey for a quarter of an hour; the entry is in the ledger before a word is read. */
export async function openWords(house: SurveysHouse, actor: StaffActor, survey: SurveyId): Promise<boolean> {
  return house.db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return false
    const row = await tx.row<{ opening: string | null }>(sql`select surveys.open_words(${survey}) as opening`)
    return typeof row?.opening === 'string'
  })
}

/** The words that wait for her and those she let through, while they are open; undefined once they have closed. */
export async function readWords(
  house: SurveysHouse,
  actor: StaffActor,
  survey: SurveyId,
): Promise<readonly Words[] | undefined> {
  return house.db.transaction(async (tx) => ((await enterStaff(tx, actor)) ? wordsIn(tx, house, survey) : undefined))
}

/** Lets words through to everybody, as she saw them, or destroys them. False where they are not open or not there. */
export async function judgeWords(
  house: SurveysHouse,
  actor: StaffActor,
  survey: SurveyId,
  { id, verdict }: { id: string; verdict: 'approve' | 'decline' },
): Promise<boolean> {
  return house.db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return false
    const words = (await wordsIn(tx, house, survey))?.find((one) => one.id === id)
    if (!words) return false
    const row = await tx.row<{ said: string }>(
      sql`select surveys.judge_words(${survey}, ${id}, ${verdict === 'approve' ? words.text : null}) as said`,
    )
    return row?.said === 'done'
  })
}

type Open = { wrapped_key: Buffer; kek: string }
type Row = {
  id: string
  question: string
  sealed: Buffer | null
  masked: number
  state: 'waiting' | 'approved'
  approved: string | null
}

async function wordsIn(tx: Tx, { keys }: SurveysHouse, survey: SurveyId): Promise<readonly Words[] | undefined> {
  const open = await tx.row<Open>(sql`select wrapped_key, kek from surveys.words_open(${survey})`)
  if (!open) return undefined
  const key = surveyKey(keys, survey, open)
  const rows = await tx.rows<Row>(sql`select * from surveys.words_in_hand(${survey}, ${mostShown})`)
  return rows.map(({ id, question, sealed, masked, state, approved }) => ({
    id,
    question,
    text: sealed ? unseal(key, wordsAt(survey, question), sealed) : (approved ?? ''),
    masked,
    state,
  }))
}
