import type { FastifyReply } from 'fastify'
import { Temporal } from 'temporal-polyfill'
import { mayDo, type FormId } from '../../city/index.ts'
import { dateWords } from '../../city/look/index.ts'
import type { Desk, Visit } from '../../trust/need-to-know/index.ts'
import { say } from './desk-messages.ts'
import { runRoutes } from './desk-run-routes.ts'
import type { SurveysDesk } from './desk-show.ts'
import { showSurvey, visited } from './desk-show.ts'
import { judgeWords, openWords, readWords } from './judge-words.ts'
import type { Questionnaire } from './load.ts'
import { surveysOnDesk } from './on-desk.ts'
import { deskListPage } from './pages/desk-list.ts'
import { deskNewPage } from './pages/desk-new.ts'
import { deskWordsPage } from './pages/desk-words.ts'
import { startSurvey, type StartRefusal } from './start.ts'
import type { Survey } from './survey.ts'
import { today } from './today.ts'

/** `/desk/surveys`. Who runs none is told what is told of a page that is not there. */
export function surveysDeskRoutes(desk: Desk, house: SurveysDesk): void {
  desk.get('/desk/surveys', async (visit) => {
    const questionnaires = mayMake(house, visit)
    const surveys = await surveysOnDesk(house, visit.actor)
    if (questionnaires.length === 0 && surveys.length === 0 && !runsAny(house, visit)) return visit.reply.problem(404)
    return visit.reply.page(deskListPage({ city: house.city, staff: visit.staff, surveys, questionnaires }))
  })
  desk.get('/desk/surveys/new', (visit) => {
    const { questions: asked } = visit.request.query as { questions?: string }
    const questions = mayMake(house, visit).find(({ form }) => form.id === asked)
    if (!questions) return visit.reply.problem(404)
    const day = today(house)
    const wished = day.add({ days: questions.days })
    const last =
      questions.closes && Temporal.PlainDate.compare(questions.closes, wished) < 0 ? questions.closes : wished
    const typed = { name: `${questions.form.id}-${String(day.year)}`, closes: last.toString() }
    return visit.reply.page(deskNewPage({ city: house.city, staff: visit.staff, questions, typed }))
  })
  desk.post('/desk/surveys', (visit) => make(house, visit))
  desk.get('/desk/surveys/:id', async (visit) => {
    const onDesk = await visited(house, visit)
    if (!onDesk) return visit.reply.problem(404)
    const { done } = visit.request.query as { done?: unknown }
    const word = done === 'opened' ? 'openedNow' : done === 'closed' ? 'closedNow' : undefined
    return showSurvey(house, visit, onDesk, word ? { done: say('en', word) } : {})
  })
  wordsRoutes(desk, house)
  runRoutes(desk, house)
}

function runsAny({ city }: SurveysDesk, { staff }: Visit): boolean {
  return mayDo(city, staff.duties, 'run-surveys')
}

/** The questions of the departments whose surveys she runs; the database asks again. */
function mayMake({ city, surveys }: SurveysDesk, { staff }: Visit): readonly Questionnaire[] {
  const duties = staff.duties.flatMap((id) => city.duties.get(id) ?? [])
  const departments = duties.filter(({ may }) => may.includes('run-surveys')).map(({ department }) => department)
  return [...surveys.values()].filter(({ department }) => departments.includes(department))
}

async function make(house: SurveysDesk, visit: Visit): Promise<FastifyReply> {
  const { questions: asked = '', name = '', closes = '' } = visit.posted
  const questions = mayMake(house, visit).find(({ form }) => form.id === (asked as FormId))
  if (!questions) return visit.reply.problem(404)
  const again = (at: 'name' | 'closes', says: string) => {
    const view = { city: house.city, staff: visit.staff, questions, typed: { name, closes } }
    return visit.reply.page(deskNewPage({ ...view, wrong: { name: at, says } }), 422)
  }
  const closesOn = dayOf(closes)
  if (!closesOn) return again('closes', say('en', 'refused-no-day'))
  const started = await startSurvey(house, visit.actor, { id: name.trim(), questions, closesOn })
  if ('started' in started) return visit.reply.redirect(`/desk/surveys/${started.started}?done=opened`, 303)
  if (started.refused === 'not-there') return visit.reply.problem(404)
  return again(...refusalWords(house, questions, started.refused))
}

function refusalWords(
  house: SurveysDesk,
  { opens, closes }: Questionnaire,
  refused: Exclude<StartRefusal, 'not-there'>,
): ['name' | 'closes', string] {
  switch (refused) {
    case 'not-a-name':
    case 'taken':
      return ['name', say('en', `refused-${refused}`)]
    case 'too-early':
      return ['closes', say('en', 'refused-too-early', { date: opens ? dateWords('en', opens) : '' })]
    case 'closes-too-soon':
      return ['closes', say('en', 'refused-closes-too-soon')]
    case 'closes-too-late': {
      const last = closes ?? today(house).add({ days: 365 })
      return ['closes', say('en', 'refused-closes-too-late', { date: dateWords('en', last) })]
    }
    default:
      return refused satisfies never
  }
}

function dayOf(text: string): Temporal.PlainDate | undefined {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' })
  } catch {
    return undefined
  }
}

function wordsRoutes(desk: Desk, house: SurveysDesk): void {
  const show = async (visit: Visit, survey: Survey, wrong?: string, status = 200) => {
    const words = await readWords(house, visit.actor, survey.id)
    const view = { city: house.city, staff: visit.staff, survey, words, ...(wrong !== undefined && { wrong }) }
    return visit.reply.page(deskWordsPage(view), status)
  }
  desk.get('/desk/surveys/:id/words', async (visit) => {
    const onDesk = await visited(house, visit)
    return onDesk ? show(visit, onDesk.survey) : visit.reply.problem(404)
  })
  desk.post('/desk/surveys/:id/words/openings', async (visit) => {
    const onDesk = await visited(house, visit)
    if (!onDesk || !(await openWords(house, visit.actor, onDesk.survey.id))) return visit.reply.problem(404)
    return visit.reply.redirect(`/desk/surveys/${onDesk.survey.id}/words`, 303)
  })
  desk.post('/desk/surveys/:id/words', async (visit) => {
    const onDesk = await visited(house, visit)
    if (!onDesk) return visit.reply.problem(404)
    const { words: id = '', verdict } = visit.posted
    const isOne = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)
    const judged =
      isOne && (verdict === 'approve' || verdict === 'decline')
        ? await judgeWords(house, visit.actor, onDesk.survey.id, { id, verdict })
        : false
    if (!judged) return show(visit, onDesk.survey, say('en', 'judgedGone'), 409)
    return visit.reply.redirect(`/desk/surveys/${onDesk.survey.id}/words`, 303)
  })
}
