import { sql } from '../../src/plumbing/index.ts'
import { atMost, informs, percentile, whole, type Figure } from '../figures.ts'
import { withProgram, type Inside } from '../with-program.ts'

const part = 'survey'
const answers = 100_000
const rounds = 60
const warming = 5
const limitMs = 100
const survey = 'bench-survey'
const pages = ['results', 'results.csv'] as const

/** The results of a survey of a hundred thousand answers, measured from outside: the page, and the file. */
export function survey100k(): Promise<Figure[]> {
  return withProgram(async (inside) => {
    await fill(inside)
    const figures: Figure[] = []
    for (const page of pages) figures.push(await timed(inside, page))
    return [...figures, await recounted(inside)]
  })
}

/** Answers as they lie once they left the box, with the tally that is kept up as they do; the program publishes them. */
async function fill({ db, program }: Inside): Promise<void> {
  await db.once(sql`insert into surveys.survey (id, form, form_version, department, way, results, free_text, smallest, state,
    opened_on, closes_on, closed_on, wrapped_key, kek, counted, tidied_on)
    select ${survey}, form, form_version, department, way, results, free_text, smallest, 'closed', current_date - 40,
      current_date - 1, current_date - 1, wrapped_key, kek, ${answers}, current_date
    from surveys.survey where id = 'resident-survey'`)
  await db.once(sql`insert into surveys.answer (survey, choices) select ${survey}, array[
      'satisfaction=' || (array['very', 'rather', 'neither', 'rather-not', 'not'])[1 + floor(random() * 5)::int],
      'safety=' || (array['very', 'rather', 'rather-not', 'not'])[1 + floor(random() * 4)::int],
      'news=' || (array['yes', 'no'])[1 + floor(random() * 2)::int],
      'age=' || (array['under-25', 'from-25', 'from-45', 'from-65'])[1 + floor(random() * 4)::int],
      'neighborhood=' || (array['northgate', 'riverbend', 'levee-park', 'depot-district'])[1 + floor(random() * 4)::int],
      'first=', 'first=' || (array['streets', 'housing', 'parks', 'water'])[1 + floor(random() * 4)::int]]
    from generate_series(1, ${answers}::int)`)
  await db.once(sql`insert into surveys.tally (survey, choice, answers)
    select ${survey}, c, count(*) from surveys.answer a, unnest(a.choices) as c where a.survey = ${survey} group by c`)
  for (let tries = 0; tries < 60; tries++) {
    const [published] = await db.once(sql`select from surveys.publication where survey = ${survey}`)
    if (published) return
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  throw new Error(`${program.origin}: the results were not published in half a minute`)
}

async function timed({ program }: Inside, page: (typeof pages)[number]): Promise<Figure> {
  const times: number[] = []
  for (let n = -warming; n < rounds; n++) {
    const begun = performance.now()
    const answer = await fetch(`${program.origin}/surveys/${survey}/${page}`)
    const body = await answer.text()
    if (answer.status !== 200 || !body.includes(page === 'results' ? whole(answers) : 'Very satisfied'))
      throw new Error(`${page} was answered ${String(answer.status)}`)
    if (n >= 0) times.push(performance.now() - begun)
  }
  return atMost(part, `${page} of ${whole(answers)} answers, p95`, percentile(times, 95), limitMs, 'ms')
}

/** For comparison: what it would cost to count the answers anew for each reader. */
async function recounted({ db }: Inside): Promise<Figure> {
  const begun = performance.now()
  await db.once(
    sql`select c, count(*) from surveys.answer a, unnest(a.choices) as c where a.survey = ${survey} group by c`,
  )
  return informs(part, `counting ${whole(answers)} answers anew`, `${whole(performance.now() - begun)} ms`)
}
