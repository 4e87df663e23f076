import type { FormId } from '../../city/index.ts'
import { keepDoing, sql } from '../../plumbing/index.ts'
import type { SurveysOffice } from './house.ts'
import { postInvitations } from './post-invitations.ts'
import { resultsOf } from './results.ts'
import { today } from './today.ts'

type Due = { id: string; form: FormId; smallest: number; counted: number; choices: string[]; answers: number[] }

/** Once a day for each open survey: answers leave the box, everything is written anew, and what is over is closed. */
export async function tidy(office: SurveysOffice): Promise<void> {
  await office.keeper.once(sql`select surveys.tidy(${today(office)})`)
}

/** Publishes the results that are due. Small numbers are hidden before they are written where the public site reads. */
export async function publishDue(office: SurveysOffice): Promise<number> {
  const due = await office.keeper.once<Due>(sql`select * from surveys.to_publish(${today(office)})`)
  for (const { id, form, smallest, counted, choices, answers } of due) {
    const questions = office.surveys.get(form)
    if (!questions) continue
    const tally = new Map(choices.map((choice, at) => [choice, answers[at] ?? 0]))
    const results = resultsOf(questions, smallest, counted, tally)
    await office.keeper.once(
      sql`select surveys.publish(${id}, ${today(office)}, ${counted}, ${JSON.stringify(results)}::jsonb)`,
    )
  }
  return due.length
}

const restMs = 2_000

/** What the worker does for surveys until `signal` aborts. Any number of workers may do it side by side. */
export function tendSurveys(
  office: SurveysOffice,
  signal: AbortSignal,
  onFault: (error: unknown) => void,
): Promise<void> {
  const work = async (): Promise<boolean> => {
    await tidy(office)
    await publishDue(office)
    return postInvitations(office, onFault)
  }
  return keepDoing({ work, every: restMs, onFault, signal })
}
