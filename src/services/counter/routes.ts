import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Posted } from '../../plumbing/index.ts'
import { caseAsked, type Desk, type Visit } from '../../trust/need-to-know/index.ts'
import { keptFiles, takePosted, type TakenFile } from '../attachments/index.ts'
import { issueToken, notHere, today, tokenOf, type SubmissionToken } from '../correspondence/index.ts'
import { add } from './add.ts'
import { intakeModule } from './browser/module.ts'
import { scannedPages, type CounterHouse } from './house.ts'
import { say } from './messages.ts'
import { inOrder } from './page-order.ts'
import { intakePage, type IntakeView } from './pages/intake.ts'
import { paperPage } from './pages/paper.ts'
import { slipPage } from './pages/slip.ts'
import { printReply } from './print-reply.ts'
import { readIntake, typedOf, type Intake, type IntakeErrors, type Typed } from './read-intake.ts'
import { record, type RecordRefusal } from './record.ts'
import { dutiesToRecord } from './recording-duties.ts'

/** `/desk/intake`, where a clerk records. Who has no duty that records is told what is told of a page that is not there. */
export function counterRoutes(desk: Desk, house: CounterHouse): void {
  printRoutes(desk, house)
  desk.get('/desk/intake', (visit) => {
    const { added } = visit.request.query as { added?: unknown }
    const said = typeof added === 'string' && /^\d{1,12}$/.test(added) && say('en', 'doneAdded', { number: added })
    return show(house, visit, { typed: fresh(house, visit), ...(said && { said }) })
  })

  const asking = { question: scannedPages, language: 'en', bindingOf: tokenIn } as const
  const take = (request: FastifyRequest) => takePosted(house, request, asking)
  desk.postWithFiles('/desk/intake', take, async (visit, sent) => {
    const typed = typedOf(visit.posted)
    const files = inOrder(sent)
    const token = tokenOf(house.keys, sent.posted)
    const kept = { typed, token, files }
    const intake = readIntake(house, visit.staff, typed, files.length > 0)
    if (sent.wrong.length > 0) {
      const errors = visit.posted['do'] !== 'add' && 'refused' in intake && { errors: intake }
      return show(house, visit, { ...kept, pagesWrong: sent.wrong, ...errors }, 422)
    }
    // Enter in a line presses the first button of a form: where no pages came with it, she meant to record.
    if (visit.posted['do'] === 'add' && sent.fresh.length > 0)
      return show(house, visit, { ...kept, said: say('en', 'pagesAdded', { count: files.length }) })
    if ('refused' in intake) return show(house, visit, { ...kept, errors: intake }, 422)
    return 'existing' in intake ? adding(house, visit, intake, kept) : recording(house, visit, intake, kept)
  })
}

const tokenIn = ({ token }: Posted): string => (typeof token === 'string' ? token : '')

/** An answer on paper. It is posted, since printing is written down; the address alone leads back to the case. */
function printRoutes(desk: Desk, house: CounterHouse): void {
  desk.get('/desk/cases/:id/replies/:message/print', (visit) => {
    const caseId = caseAsked(visit)
    return caseId ? visit.reply.redirect(`/desk/cases/${caseId}`, 303) : notHere(house, visit)
  })
  desk.post('/desk/cases/:id/replies/:message/print', async (visit) => {
    const caseId = caseAsked(visit)
    const { message = '' } = visit.request.params as { message?: string }
    const isOne = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(message)
    const paper = caseId && isOne ? await printReply(house, visit.actor, { caseId, message }) : undefined
    if (!caseId || !paper) return notHere(house, visit)
    // The envelope may have closed meanwhile: the case's own page says so, and whether it is there at all.
    if ('refused' in paper) return visit.reply.redirect(`/desk/cases/${caseId}`, 303)
    const { city, publicUrl } = house
    const view = { city, staff: visit.staff, publicUrl, back: `/desk/cases/${caseId}`, paper, modules: [intakeModule] }
    return visit.reply.page(paperPage(view))
  })
}

type Kept = Readonly<{ typed: Typed; token: SubmissionToken; files: readonly TakenFile[] }>
type New = Extract<Intake, { topic: unknown }>

async function recording(house: CounterHouse, visit: Visit, intake: New, kept: Kept): Promise<FastifyReply> {
  const recorded = await record(house, visit.actor, { ...intake, files: kept.files }, kept.token)
  if ('refused' in recorded) return refuse(house, visit, recorded.refused, kept)
  const { city, publicUrl } = house
  const { channel, contact } = intake
  const view = { city, staff: visit.staff, publicUrl, slip: recorded.slip, channel, contact, modules: [intakeModule] }
  return visit.reply.page(slipPage(view))
}

async function adding(
  house: CounterHouse,
  visit: Visit,
  intake: Exclude<Intake, New>,
  kept: Kept,
): Promise<FastifyReply> {
  const messageId = messageOf(kept.token)
  const added = await add(house, visit.actor, { ...intake, messageId, files: kept.files })
  if ('number' in added)
    return visit.reply.header('cache-control', 'no-store').redirect(`/desk/intake?added=${String(added.number)}`, 303)
  const wrong: IntakeErrors['wrong'] =
    added.refused === 'not-there' ? { existing: 'not-there' } : { words: added.refused }
  return show(house, visit, { ...kept, errors: { wrong } }, 422)
}

function refuse(house: CounterHouse, visit: Visit, refused: RecordRefusal, kept: Kept): FastifyReply {
  switch (refused) {
    case 'not-there':
      return show(house, visit, { ...kept, refused: say('en', 'refusedNotThere') }, 409)
    case 'not-then':
      return show(house, visit, { ...kept, errors: { wrong: { day: 'day-long-ago' } } }, 422)
    case 'different':
      return show(house, visit, { typed: kept.typed, files: kept.files, refused: say('en', 'refusedDifferent') }, 409)
    case 'past':
      return show(house, visit, { typed: fresh(house, visit), refused: say('en', 'refusedPast') }, 409)
    default:
      return refused satisfies never
  }
}

type Shown = Readonly<{ typed: Typed }> &
  Partial<Kept> &
  Pick<IntakeView, 'errors' | 'said' | 'refused'> &
  Readonly<{ pagesWrong?: readonly string[] }>

function show(house: CounterHouse, visit: Visit, shown: Shown, status = 200): FastifyReply {
  const duties = dutiesToRecord(house.city, visit.staff)
  if (duties.length === 0) return notHere(house, visit)
  const { files = [], token = issueToken(house.keys), pagesWrong = [], ...told } = shown
  const scans = { kept: keptFiles(house.keys, token, files), wrong: pagesWrong }
  const view = { city: house.city, staff: visit.staff, today: today(house), duties, token, scans }
  return visit.reply.page(intakePage({ ...view, modules: [intakeModule], ...told }), status)
}

/** What stands on the page before anything is typed: today, by letter, in English, on the first duty that records. */
function fresh(house: CounterHouse, { staff }: Visit): Typed {
  const [duty] = dutiesToRecord(house.city, staff)
  return { ...typedOf({}), channel: 'letter', language: 'en', day: today(house).toString(), duty: duty?.id ?? '' }
}

/** One token, one message: what is posted twice gets the same identifier. */
function messageOf(token: SubmissionToken): string {
  const hex = createHash('sha256').update(`addition|${token}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
