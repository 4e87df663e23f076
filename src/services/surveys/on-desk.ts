import { sql } from '../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../trust/need-to-know/index.ts'
import type { SurveysHouse } from './house.ts'
import { resultsOf, type Results } from './results.ts'
import { listSurveys, type Survey } from './survey.ts'

/** A survey as its clerk sees it: numbers, never who answered. */
export type SurveyOnDesk = Readonly<{
  survey: Survey
  invited: number
  waiting: number
  undelivered: number
  traded: number
  tickets: number
  slips: number
  answers: number
  wordsWaiting: number
}>

type Row = Omit<SurveyOnDesk, 'survey' | 'wordsWaiting'> & { id: string; words_waiting: number }

/** The surveys of her departments, the latest first. */
export async function surveysOnDesk(house: SurveysHouse, actor: StaffActor): Promise<readonly SurveyOnDesk[]> {
  const rows = await house.db.transaction(async (tx) =>
    (await enterStaff(tx, actor)) ? tx.rows<Row>(sql`select * from surveys.on_desk()`) : [],
  )
  const all = await listSurveys(house)
  return rows.flatMap(({ id, words_waiting: wordsWaiting, ...numbers }) => {
    const survey = all.find((one) => one.id === id)
    return survey ? [{ survey, ...numbers, wordsWaiting }] : []
  })
}

/** What may be shown of the answers so far, by the rules of publication: she sees no small number either. */
export async function preview(house: SurveysHouse, actor: StaffActor, survey: Survey): Promise<Results | undefined> {
  const found = await house.db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return undefined
    const row = await tx.row<{ counted: number | null }>(sql`select surveys.counted_on_desk(${survey.id}) as counted`)
    if (!row || row.counted === null) return undefined
    const tally = await tx.rows<{ choice: string; answers: number }>(
      sql`select * from surveys.tally_on_desk(${survey.id})`,
    )
    return { counted: row.counted, tally }
  })
  if (!found) return undefined
  const tally = new Map(found.tally.map(({ choice, answers }) => [choice, answers]))
  return resultsOf(survey.questions, survey.smallest, found.counted, tally)
}
