import type { FastifyReply } from 'fastify'
import type { Desk, Visit } from '../../../trust/need-to-know/index.ts'
import type { Language } from '../../../plumbing/index.ts'
import { keptName } from '../../attachments/index.ts'
import type { FormDefinition } from '../define.ts'
import { questionOf } from '../filling/file-routes.ts'
import { readWalk, type Posted } from '../filling/posted-walk.ts'
import { showLast, showPage, showStep, showWrong, type Showing } from '../filling/show.ts'
import { walkOn } from '../filling/walk.ts'
import type { FormState } from '../pages/form.ts'
import { asIfWhole } from './as-if-whole.ts'
import { draftsOnDesk } from './on-desk.ts'
import { isOpen } from './pages/overview.ts'
import { notYetPage, trialOf, triedPage } from './pages/preview.ts'
import type { BuildersHouse } from './publish.ts'

/**
 * Looking at a form as a resident does, page by page, and filling it in to see what would come of it. The pages are those of
 * the site, with the times that are free at this moment and what follows from answers; nothing is sent, booked or kept. Of
 * files only the names come: the form is posted as text.
 */
export function previewRoutes(desk: Desk, house: BuildersHouse): void {
  desk.get('/desk/forms/:id/preview', async (visit) => {
    const tried = await trial(house, visit)
    return 'form' in tried ? showPage(tried.showing, tried.state({})) : tried.answer
  })
  desk.post('/desk/forms/:id/trials', async (visit) => {
    const tried = await trial(house, visit)
    if (!('form' in tried)) return tried.answer
    const { form, showing, state } = tried
    const posted = (visit.request.body ?? {}) as Posted
    const walked = readWalk(form, posted)
    const files = filesIn(form, posted)
    const here = (): FormState => ({
      ...state(walked?.values ?? posted),
      kept: files.map((name) => ({ value: name, name, bytes: 0 })),
      ...(walked && { shown: walked.shown, back: walked.back }),
    })
    if (walked) {
      const step = walkOn(form, walked, form.look(walked.values))
      if (step.at === 'page' || step.at === 'check') return showStep(showing, here(), step)
      if (step.at !== 'send') return showLast(showing, here())
    }
    const read = form.read(posted)
    if ('refused' in read) return showWrong(showing, here(), read.errors)
    const { language } = showing.request
    return visit.reply.page(triedPage({ city: house.city, language, form, read, files }))
  })
}

type Trying = Readonly<{ form: FormDefinition; showing: Showing; state: (values: Posted) => FormState }>

async function trial(house: BuildersHouse, visit: Visit): Promise<Trying | Readonly<{ answer: FastifyReply }>> {
  const { id } = visit.request.params as { id: string }
  const language: Language = (visit.request.query as { language?: string }).language === 'es' ? 'es' : 'en'
  const versions = await draftsOnDesk(house, visit.actor, id)
  const shown = versions.find(isOpen) ?? versions.find(({ state }) => state.is === 'published') ?? versions[0]
  if (!shown) return { answer: visit.reply.problem(404) }
  const form = asIfWhole(shown.draft, house.city)
  if ('mistakes' in form) return { answer: visit.reply.page(notYetPage(house.city, id, form.mistakes)) }
  const state = (values: Posted): FormState => ({ token: 'trial', values, trial: trialOf(form, language) })
  return { form, state, showing: { house, form, request: { language }, reply: visit.reply } }
}

/** A file that is chosen in a form of text is posted as its name; those of earlier pages come back under their own. */
function filesIn(form: FormDefinition, posted: Posted): readonly string[] {
  const question = questionOf(form)
  if (!question) return []
  const names = [posted[question.field], posted[keptName(question.field)]].flat()
  return names.filter((name): name is string => typeof name === 'string' && name !== '').slice(0, question.most)
}
