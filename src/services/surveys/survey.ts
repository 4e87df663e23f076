import type { Temporal } from 'temporal-polyfill'
import type { DepartmentId, FormId } from '../../city/index.ts'
import { sql, type Db } from '../../plumbing/index.ts'
import type { SurveysHouse } from './house.ts'
import type { Questionnaire, Way } from './load.ts'

declare const surveyId: unique symbol
/** The survey’s name in its address. */
export type SurveyId = string & { readonly [surveyId]: true }

/** What everybody may know of a survey. */
export type Survey = Readonly<{
  id: SurveyId
  form: FormId
  department: DepartmentId
  way: Way
  results: Questionnaire['results']
  freeText: Questionnaire['freeText']
  smallest: number
  state: 'open' | 'closed'
  openedOn: Temporal.PlainDate
  closesOn: Temporal.PlainDate
  closedOn?: Temporal.PlainDate
  /** SubjectPublicKeyInfo, DER; of invited surveys. */
  publicKey?: Buffer
  publishedOn?: Temporal.PlainDate
  questions: Questionnaire
}>

type Row = {
  id: SurveyId
  form: FormId
  department: DepartmentId
  way: Way
  results: Questionnaire['results']
  free_text: Questionnaire['freeText']
  smallest: number
  state: 'open' | 'closed'
  opened_on: Temporal.PlainDate
  closes_on: Temporal.PlainDate
  closed_on: Temporal.PlainDate | null
  public_key: Buffer | null
  published_on: Temporal.PlainDate | null
}

/** Every survey whose questions the city still has, the latest first. */
export async function listSurveys({ db, surveys }: { db: Db } & Pick<SurveysHouse, 'surveys'>): Promise<Survey[]> {
  const rows = await db.once<Row>(sql`select * from surveys.listed()`)
  return rows.flatMap((row) => {
    const questions = surveys.get(row.form)
    return questions ? [surveyOf(row, questions)] : []
  })
}

/** One survey by its name; undefined where there is none. */
export async function findSurvey(
  house: { db: Db } & Pick<SurveysHouse, 'surveys'>,
  id: string | undefined,
): Promise<Survey | undefined> {
  return (await listSurveys(house)).find((survey) => survey.id === id)
}

function surveyOf(row: Row, questions: Questionnaire): Survey {
  return {
    id: row.id,
    form: row.form,
    department: row.department,
    way: row.way,
    results: row.results,
    freeText: row.free_text,
    smallest: row.smallest,
    state: row.state,
    openedOn: row.opened_on,
    closesOn: row.closes_on,
    ...(row.closed_on && { closedOn: row.closed_on }),
    ...(row.public_key && { publicKey: row.public_key }),
    ...(row.published_on && { publishedOn: row.published_on }),
    questions,
  }
}
