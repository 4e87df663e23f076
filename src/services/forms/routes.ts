import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DatabaseFault, inLanguage, readFormsWithFiles, type Posted } from '../../plumbing/index.ts'
import type { City, FormId, SessionId } from '../../city/index.ts'
import { readSlot } from '../bookings/index.ts'
import { discard, keptFiles, takePosted, type PostedWithFiles } from '../attachments/index.ts'
import { issueToken, tokenOf, type HouseWithFiles, type SubmissionToken } from '../correspondence/index.ts'
import { kindFacts } from './define-kinds.ts'
import type { FormDefinition } from './define.ts'
import { closedPage } from './pages/closed.ts'
import { formPage, type FormState } from './pages/form.ts'
import { answersIn, readWalk, walkNames } from './filling/posted-walk.ts'
import { filesPage, showLast, showPage, showStep, showWrong, type Showing } from './filling/show.ts'
import { publishCheck, publishFilling } from './filling/check-module.ts'
import { draftRoutes, saveForLater, showAt } from './filling/drafts/draft-routes.ts'
import { endDraft } from './filling/drafts/keep-draft.ts'
import { fileRoutes, questionOf } from './filling/file-routes.ts'
import { walkOn } from './filling/walk.ts'
import { ageGate, showBefore, showStanding, type MinorsHouse } from './minors/age-gate.ts'
import { goOnRoutes } from './minors/go-on-routes.ts'
import type { Ready } from './minors/going-on.ts'
import { submitChild } from './minors/submit-child.ts'
import { nearBefore } from './near-before.ts'
import { sessionIn } from './signing-up.ts'
import { comesAlong } from './submit-along.ts'
import { submit, type Submitted } from './submit.ts'
import { slotOf } from './what-it-costs.ts'

type Asked = { Params: { id: string } }
type FormsHouse = HouseWithFiles & MinorsHouse
type Sending = Readonly<{ house: FormsHouse; request: FastifyRequest }>

/** `/forms/{id}`: the empty form, and what is posted to it. Everything a refused post held stays in the page. */
export function formsRoutes(app: FastifyInstance, house: FormsHouse): void {
  const own = { instead: 'the-token-of-this-page', make: () => issueToken(house.keys) }
  publishFilling(app, house.city)
  draftRoutes(app, house)
  goOnRoutes(app, house)
  const publish = (form: FormDefinition) => {
    publishCheck(app, form)
    if (isDrawnAnew(form)) {
      app.withdraw(`/forms/${form.id}`)
      return
    }
    app.publishCopies(`/forms/${form.id}`, own, (language) => formPage(house, language, form, { token: own.instead }))
  }
  for (const form of house.forms.values()) publish(form)
  app.get('/forms/:id/:version/check.js', (_request, reply) => reply.fromShelf())
  house.forms.onChange?.(({ published, closed }) => {
    for (const form of published) publish(form)
    for (const id of closed) app.withdraw(`/forms/${id}`)
  })

  app.get<Asked & { Querystring: Posted }>('/forms/:id', (request, reply) => {
    const form = house.forms.get(request.params.id as FormId)
    if (!form) return closedOrNone(house, request, reply)
    if (form.minors) return showBefore({ house, form, request, reply })
    const values = onlyChoices(house.city, form, request.query)
    if (Object.keys(values).length === 0 && !isDrawnAnew(form)) return reply.fromShelf()
    return showPage({ house, form, request, reply: keptByBrowser(reply) }, { token: issueToken(house.keys), values })
  })

  void app.register(async (scope) => {
    await readFormsWithFiles(scope)
    fileRoutes(scope, house)
    scope.post<Asked & { Querystring: Posted }>('/forms/:id', async (request, reply) => {
      const id = request.params.id as FormId
      const now = house.forms.get(id)
      const sent = Number(request.query.sent || now?.version)
      // A page that was open when its form changed or ended is taken as what it asked, for a day.
      const form = now?.version === sent ? now : house.forms.taken?.(id, sent)
      if (form) return take({ house, form, request, reply })
      return now ? take({ house, form: now, request, reply }, true) : closedOrNone(house, request, reply)
    })
  })
}

/** What came, with or without files: sent, or the page it leads to with all that was typed and every file that could be taken. */
async function take(showing: Showing & Sending, changed = false): Promise<FastifyReply> {
  const { house, form, request, reply } = showing
  const { language } = request
  let ours: SubmissionToken | undefined
  // The page's own token, or one for the page that is shown again.
  const token = (posted: Posted) => (ours ??= tokenOf(house.keys, posted))
  const onFault = (error: unknown) => {
    reply.noteFault(error)
  }
  const asked = { question: questionOf(form), language, bindingOf: token, onFault }
  const sent = await takePosted(house, request, asked)
  const { posted } = sent
  const gate = form.minors ? await ageGate(showing, posted) : undefined
  if (gate && 'answered' in gate) return gate.answered
  if (gate?.who === 'child') return takeChild(showing, gate.ready, posted)
  const walked = readWalk(form, posted)
  const again = (binding: string, files = sent.files): FormState => ({
    token: binding,
    values: walked?.values ?? posted,
    filesWrong: sent.wrong,
    kept: keptFiles(house.keys, binding, files),
    ...(gate && { pass: gate.pass }),
    ...(walked && { shown: walked.shown, back: walked.back, saved: walked.saved }),
  })
  if (changed) return showPage(showing, { ...again(token(posted)), changed }, 409)
  if (walked) {
    const { page } = filesPage(form)
    // A file that was kept too long is asked for again where files are asked for.
    if (sent.wrong.length > 0 && page && page.id !== walked.page)
      return showPage(showing, { ...again(token(posted)), page }, 422)
    const look = form.look(walked.values)
    const step = walkOn(form, walked, look, sent.wrong.length > 0)
    // What is booked or signed up for is the city's to judge: nobody looks over answers that cannot be sent.
    const along = step.at === 'check' ? comesAlong(house.city, form, look.answers) : undefined
    if (along && 'refused' in along) return showWrong(showing, again(token(posted)), along.errors)
    if (step.at === 'save') return saveForLater(showing, walked, sent, again(token(posted)))
    if (step.at === 'drop') {
      await endDraft(house, token(posted), 'asked')
      return showAt(showing, { ...again(token(posted)), saved: false, dropped: true }, walked.page)
    }
    if (step.at === 'page' || step.at === 'check') return showStep(showing, again(token(posted)), step)
  }
  return send(showing, sent, token(posted), again)
}

/** A minor with her parent's consent: the same walk through the form as far as was consented to; no files, and no draft. */
async function takeChild(showing: Showing & Sending, ready: Ready, posted: Posted): Promise<FastifyReply> {
  const { house, request, reply } = showing
  const { form } = ready
  const walked = readWalk(form, posted)
  const token = tokenOf(house.keys, posted)
  const again: FormState = {
    token,
    child: ready.code,
    values: walked?.values ?? answersIn(form, posted),
    ...(walked && { shown: walked.shown, back: walked.back }),
  }
  const at = { ...showing, form }
  const step = walked && walkOn(form, walked, form.look(walked.values), false)
  if (step?.at === 'page' || step?.at === 'check') return showStep(at, again, step)
  const sent = await submitChild(house, ready, posted, request.language).catch(laterWhereAway(reply))
  if ('code' in sent) return reply.redirect(inLanguage(request.language, `/receipt/${sent.code}`), 303)
  switch (sent.refused) {
    case 'answers':
      return showWrong(at, again, sent.errors)
    case 'different':
      return showLast(at, { ...again, token: issueToken(house.keys), different: true }, 409)
    case 'later':
      return tryLater(at, again)
    case 'over':
      return showStanding(showing, { stands: 'done', going: ready.going })
    default:
      return sent satisfies never
  }
}

async function send(
  showing: Showing & Sending,
  sent: PostedWithFiles,
  token: SubmissionToken,
  again: (binding: string, files?: PostedWithFiles['files']) => FormState,
): Promise<FastifyReply> {
  const { house, form, request, reply } = showing
  const { posted } = sent
  // Where the database is away, what follows would only wait for it once more.
  const near = sent.wrong.length === 0 ? await nearBefore(house, form, posted).catch(laterWhereAway(reply)) : undefined
  if (near && 'refused' in near) return tryLater(showing, again(token))
  if (near) return showLast(showing, { ...again(token), near })
  const submitted = sent.wrong.length > 0 ? looked(form, posted) : await submitOrLater(showing, sent, token)
  if ('code' in submitted) {
    if (submitted.outcome === 'again') await discard(house.cabinet, sent.fresh)
    // Where this fails the letter is here all the same, and the draft ends when its days are over.
    if (posted[walkNames.saved] !== undefined)
      await endDraft(house, token, 'sent').catch((error: unknown) => {
        reply.noteFault(error)
      })
    return reply.redirect(inLanguage(request.language, `/receipt/${submitted.code}`), 303)
  }
  switch (submitted.refused) {
    case 'answers':
      return showWrong(showing, again(token), submitted.errors)
    case 'different':
      // Files that were kept before may be in the first letter; those that came now are in none.
      return showLast(showing, { ...again(issueToken(house.keys), sent.fresh), different: true }, 409)
    case 'later':
      return tryLater(showing, again(token))
    default:
      return submitted satisfies never
  }
}

/** With a file refused nothing is sent; what else is wrong is told in the same breath. */
function looked(form: FormDefinition, posted: Posted): Extract<Submitted, { refused: 'answers' }> {
  const read = form.read(posted)
  return 'refused' in read ? read : { refused: 'answers', errors: [] }
}

async function submitOrLater(
  { house, form, request, reply }: Showing & Sending,
  { posted, files }: PostedWithFiles,
  token: SubmissionToken,
): Promise<Submitted | Readonly<{ refused: 'later' }>> {
  return submit(house, form, posted, request.language, { files, token }).catch(laterWhereAway(reply))
}

const laterWhereAway = (reply: FastifyReply) => (error: unknown) => {
  if (!(error instanceof DatabaseFault)) throw error
  reply.noteFault(error)
  return { refused: 'later' } as const
}

function closedOrNone(house: FormsHouse, request: FastifyRequest<Asked>, reply: FastifyReply): FastifyReply {
  const closed = house.forms.closed?.(request.params.id as FormId)
  if (!closed) return reply.problem(404)
  const instead = house.forms.get('contact-the-city' as FormId)
  return reply.page(closedPage(house.city, request.language, closed, instead), 410)
}

/** The token stays: if the letter was kept after all, sending it again leads to the same receipt. */
function tryLater(showing: Showing, state: FormState): FastifyReply | Promise<FastifyReply> {
  void showing.reply.header('retry-after', '10')
  return showLast(showing, { ...state, later: true }, 503)
}

/**
 * The person's own browser may keep the empty page: going back then brings the token that was sent, and what is sent
 * once more is the same letter. A page that holds answers is kept nowhere.
 */
function keptByBrowser(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'private, no-cache')
}

/** What is free changes by the minute: a form that begins with it is no page to keep. */
const isDrawnAnew = ({ pages, minors }: FormDefinition) =>
  (minors !== undefined || pages[0]?.fields.some(({ kind }) => kindFacts[kind].drawnAnew)) ?? false

/** An address may choose for the visitor (`?topic=potholes`); it may not put words into her mouth. */
function onlyChoices(city: City, form: FormDefinition, query: Posted): Posted {
  const offered = form.fields.filter(({ name, choices }) => choices?.some(({ value }) => value === query[name]))
  const slot = slotOf(form)?.name
  const isSlot = slot !== undefined && !('refused' in readSlot(city, query, slot))
  const session = sessionIn(form)?.name
  const isSession = session !== undefined && city.activities.sessions.has(query[session] as SessionId)
  const names = [...offered.map(({ name }) => name), ...(isSlot ? [slot] : []), ...(isSession ? [session] : [])]
  return Object.fromEntries(names.map((name) => [name, query[name] ?? ''] as const))
}
