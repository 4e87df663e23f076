import { createHash, randomBytes } from 'node:crypto'
import type { FormId } from '../../city/index.ts'
import { sql } from '../../plumbing/index.ts'
import type { StaffActor } from '../../trust/need-to-know/index.ts'
import { at } from '../forms/index.ts'
import { slipOf } from './answer-of.ts'
import type { SurveysHouse } from './house.ts'
import { judgeWords, openWords, readWords } from './judge-words.ts'
import type { Questionnaire } from './load.ts'
import { closeSurvey } from './run-survey.ts'
import { sampleAnswers } from './sample-answers.ts'
import { startSurvey } from './start.ts'
import type { SurveyId } from './survey.ts'
import { surveyKey } from './survey-key.ts'
import { publishDue } from './tend.ts'
import { today } from './today.ts'

type Told = Readonly<{ id: string; form: string; handle: string; openedAgo: number; answers: number; invited?: number }>

const told: readonly Told[] = [
  { id: 'resident-survey', form: 'resident-survey', handle: 'nora', openedAgo: 21, answers: 431 },
  { id: 'library-hours-last', form: 'library-hours', handle: 'tom', openedAgo: 120, answers: 187, invited: 412 },
]

/**
 * Lets the sample city's surveys happen, as the owner: one that is open and one that has closed, with invented answers.
 * Does nothing where there is a survey already, or nobody of the sample to run one.
 */
export async function loadSampleSurveys(house: SurveysHouse): Promise<void> {
  const taken = await house.db.once(sql`select from surveys.survey limit 1`)
  if (!house.city.sample || taken.length > 0) return
  for (const one of told) {
    const questions = house.surveys.get(one.form as FormId)
    const actor = questions && (await sessionOf(house, one.handle))
    if (questions && actor) await happen(house, actor, questions, one)
  }
  const office = { ...house, keeper: house.db, publicUrl: '' }
  await publishDue(office)
  await house.db.once(sql`delete from need_to_know.session`)
}

async function happen(house: SurveysHouse, actor: StaffActor, questions: Questionnaire, one: Told): Promise<void> {
  const then = at(house, house.clock.now().subtract({ hours: 24 * one.openedAgo }))
  const started = await startSurvey(then, actor, {
    id: one.id,
    questions,
    closesOn: today(then).add({ days: questions.days }),
  })
  if ('refused' in started) throw new Error(`sample: the survey ${one.id} was refused: ${started.refused}`)
  await fillBox(house, started.started, questions, one.answers)
  if (one.openedAgo > questions.days) {
    const later = at(house, house.clock.now().subtract({ hours: 24 * (one.openedAgo - questions.days) }))
    await closeSurvey(later, actor, started.started)
    await house.db.once(sql`update surveys.survey set invited = ${one.invited ?? 0}, undelivered = 9,
      tickets = ${one.answers + 6} where id = ${one.id}`)
  }
  await judgeSome(house, actor, started.started)
}

/** Invented answers go into the box as any would, and leave it together. */
async function fillBox(house: SurveysHouse, id: SurveyId, questions: Questionnaire, count: number): Promise<void> {
  const [stored] = await house.db.once<{ wrapped_key: Buffer; kek: string }>(
    sql`select * from surveys.sealing_key(${id})`,
  )
  if (!stored) throw new Error(`sample: the survey ${id} is not open`)
  const key = surveyKey(house.keys, id, stored)
  const slips = sampleAnswers(questions.form, count).map((posted) => {
    const read = questions.form.read(posted)
    if ('refused' in read) throw new Error(`sample: an answer to ${id} is refused`)
    return JSON.stringify(slipOf(house.city, key, id, questions, read))
  })
  const spent = slips.map(() => randomBytes(32))
  await house.db.transaction(async (tx) => {
    await tx.rows(sql`update surveys.box set answers = ${slips}::text[]::jsonb[], spent = ${spent}::bytea[]
      where survey = ${id}`)
    await tx.rows(sql`select surveys.empty_box(${id})`)
  })
}

/** Of the free words some have been read and let through; the others wait. */
async function judgeSome(house: SurveysHouse, actor: StaffActor, id: SurveyId): Promise<void> {
  await openWords(house, actor, id)
  const words = (await readWords(house, actor, id)) ?? []
  const clean = words.filter(({ masked }) => masked === 0)
  for (const one of clean.slice(0, 6)) await judgeWords(house, actor, id, { id: one.id, verdict: 'approve' })
}

async function sessionOf({ db }: SurveysHouse, handle: string): Promise<StaffActor | undefined> {
  const secret = randomBytes(32)
  const made = await db.once(sql`insert into need_to_know.session (secret_hash, employee, method, ends_at)
    select ${createHash('sha256').update(secret).digest()}, e.id, 'password', clock_timestamp() + interval '1 hour'
    from need_to_know.employee e where e.handle = ${handle} and e.left_at is null returning id`)
  return made.length > 0 ? { kind: 'staff', secret } : undefined
}
