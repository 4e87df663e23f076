import type { FastifyReply } from 'fastify'
import type { CaseId } from '../../../city/index.ts'
import { caseAsked, type Desk, type Visit } from '../../../trust/need-to-know/index.ts'
import { back } from '../desk-done.ts'
import { dayOf, notHere, showCase } from '../desk-show.ts'
import { messageOf, wholeNumber } from '../desk-posted.ts'
import type { House } from '../house.ts'
import type { DeskRefusal } from '../on-desk.ts'
import { timeOfDay } from '../pages/desk-words.ts'
import { draftKinds, type DraftKind } from './draft.ts'
import { endDraft } from './end-draft.ts'
import { keepDraft } from './keep-draft.ts'
import { say } from './messages.ts'
import { writersOn } from './writers.ts'
import { writingWords } from './writing-words.ts'

type Asked = Readonly<{ caseId: CaseId; kind: DraftKind }>

/** Keeping and dropping a draft, by a button or by the page itself; and who else is writing. */
export function draftRoutes(desk: Desk, house: House): void {
  const act = (noun: string, work: (visit: Visit, asked: Asked) => Promise<FastifyReply>) =>
    desk.post(`/desk/cases/:id/${noun}`, async (visit) => {
      const caseId = caseAsked(visit)
      const kind = draftKinds.find((one) => one === visit.posted['kind'])
      if (caseId === undefined || kind === undefined) return notHere(house, visit)
      return work(visit, { caseId, kind })
    })

  act('drafts', async (visit, { caseId, kind }) => {
    const words = visit.posted['words'] ?? ''
    const version = wholeNumber(visit.posted['version']) ?? 0
    const messageId = messageOf(visit)
    const kept = await keepDraft(house, visit.actor, { caseId, kind, version, messageId, words })
    const refused = 'refused' in kept ? kept.refused : undefined
    if (wantsJson(visit)) return json(visit, { done: refused === undefined, says: keptWords(house, refused) })
    if (refused === 'not-there') return notHere(house, visit)
    if (refused === undefined) return back(house, visit, caseId, 'kept')
    const wrong = { says: say('en', 'notKept', { why: whyNotKept(refused) }), beside: refused === 'too-long' }
    return showCase(house, visit, { draft: { kind, words }, wrong }, refused === 'too-long' ? 422 : 409)
  })

  act('draft-endings', async (visit, asked) => {
    const ended = await endDraft(house, visit.actor, asked)
    return 'refused' in ended ? notHere(house, visit) : back(house, visit, asked.caseId, 'dropped')
  })

  const tell = (self: boolean) => async (visit: Visit) => {
    const caseId = caseAsked(visit)
    const found = caseId && (await writersOn(house, visit.actor, caseId, self))
    return found
      ? json(visit, { says: writingWords(found.writers), version: found.version })
      : json({ ...visit, reply: visit.reply.code(404) }, { says: '' })
  }
  desk.get('/desk/cases/:id/writing', tell(false))
  desk.post('/desk/cases/:id/writing', tell(true))
}

const wantsJson = ({ request }: Visit): boolean => request.headers.accept === 'application/json'

const json = ({ reply }: Visit, body: object): FastifyReply => reply.header('cache-control', 'no-store').send(body)

function keptWords(house: House, refused: DeskRefusal | undefined): string {
  if (refused !== undefined) return say('en', 'notKept', { why: whyNotKept(refused) })
  return say('en', 'keptNow', { time: timeOfDay(dayOf(house), house.clock.now()) })
}

function whyNotKept(refused: DeskRefusal): string {
  if (refused === 'closed-envelope') return say('en', 'notKeptClosed')
  return say('en', refused === 'too-long' ? 'notKeptLong' : 'notKeptOther')
}
