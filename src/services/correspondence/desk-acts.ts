import type { FastifyReply } from 'fastify'
import type { Posted } from '../../plumbing/index.ts'
import { leftIn, type AgencyId, type CaseId, type TopicId } from '../../city/index.ts'
import { caseAsked, type Desk, type Visit } from '../../trust/need-to-know/index.ts'
import { openInHand } from '../../trust/vault/index.ts'
import { assign } from './assign.ts'
import { close, closings, reopen } from './close.ts'
import { keptFiles, keptFrom, takePosted, type PostedWithFiles } from '../attachments/index.ts'
import { back, type Done } from './desk-done.ts'
import { messageOf, wholeNumber } from './desk-posted.ts'
import { notHere, questionAsked, showCase, type Shown } from './desk-show.ts'
import { say as sayOfDrafts } from './drafts/messages.ts'
import { writersOn } from './drafts/writers.ts'
import { writingWords } from './drafts/writing-words.ts'
import type { House, HouseWithFiles } from './house.ts'
import { say } from './messages.ts'
import { say as sayOfMails } from './mails/desk-mail-messages.ts'
import { move } from './move.ts'
import { note } from './note.ts'
import type { DeskRefusal, Outcome } from './on-desk.ts'
import type { Draft } from './pages/desk-case.ts'
import { deskFiles } from './pages/desk-files.ts'
import { queryOf } from './pages/desk-list.ts'
import { reply } from './reply.ts'
import { say as sayOfTemplates } from './templates/messages.ts'

type Asked = Readonly<{ caseId: CaseId; version: number }>

/** What a clerk does with a case. Done leads back to its page (303); refused shows the page as it is now, nothing typed lost. */
export function actRoutes(desk: Desk, house: HouseWithFiles): void {
  const act = (noun: string, work: (visit: Visit, asked: Asked) => Promise<FastifyReply>) =>
    desk.post(`/desk/cases/:id/${noun}`, async (visit) => {
      const caseId = caseAsked(visit)
      if (caseId === undefined) return notHere(house, visit)
      return work(visit, { caseId, version: wholeNumber(visit.posted['version']) ?? 0 })
    })

  desk.look(
    'post',
    '/desk/cases/:id/openings',
    ({ tx, posted }) => openInHand(tx, { purpose: 'answer', reason: posted['reason'] ?? '' }),
    (visit, opening) => {
      const caseId = caseAsked(visit)
      if (caseId === undefined || opening === undefined) return notHere(house, visit)
      const draft = draftOf(house, visit)
      return draft ? showCase(house, visit, { draft, messageId: messageOf(visit) }) : back(house, visit, caseId)
    },
  )
  writeRoutes(desk, house)

  const settle = async (visit: Visit, { caseId }: Asked, outcome: Outcome, done: Done) =>
    'refused' in outcome ? refuse(house, visit, outcome.refused) : back(house, visit, caseId, done)

  act('assignments', async (visit, asked) => {
    const assignee = wholeNumber(visit.posted['assignee'])
    const input = { ...asked, ...(assignee !== undefined && { assignee }) }
    return settle(visit, asked, await assign(house, visit.actor, input), 'assigned')
  })
  act('moves', async (visit, asked) => {
    const topic = (visit.posted['topic'] ?? '') as TopicId
    const moved = await move(house, visit.actor, { ...asked, topic })
    if ('done' in moved && !visit.staff.topics.includes(topic)) {
      const query = queryOf(questionAsked(house, visit))
      return visit.reply.redirect(`/desk${query}${query ? '&' : '?'}done=moved`, 303)
    }
    return settle(visit, asked, moved, 'moved')
  })
  act('closures', async (visit, asked) => {
    const because = closings.find((one) => one === visit.posted['because'])
    if (because === undefined) return showCase(house, visit, { wrong: { says: say('en', 'noReason') } }, 422)
    const agency = (visit.posted['agency'] ?? '') as AgencyId
    return settle(
      visit,
      asked,
      await close(house, visit.actor, { ...asked, because, ...(agency && { agency }) }),
      'closed',
    )
  })
  act('reopenings', async (visit, asked) => settle(visit, asked, await reopen(house, visit.actor, asked), 'reopened'))
}

/** Answers and notes, with whatever files come with them. */
function writeRoutes(desk: Desk, house: HouseWithFiles): void {
  const write = (
    noun: string,
    kind: Draft['kind'],
    work: (visit: Visit, asked: Asked, written: Written, draft: Draft) => Promise<FastifyReply>,
  ) => {
    const asking = { question: deskFiles(kind), language: 'en', bindingOf: bindingOf } as const
    desk.postWithFiles(
      `/desk/cases/:id/${noun}`,
      (request, reply) =>
        takePosted(house, request, {
          ...asking,
          onFault: (error) => {
            reply.noteFault(error)
          },
        }),
      async (visit, sent) => {
        const caseId = caseAsked(visit)
        if (caseId === undefined) return notHere(house, visit)
        const written = { words: visit.posted['words'] ?? '', messageId: messageOf(visit), files: sent.files }
        const draft = { kind, words: written.words, files: filesOf(house, written.messageId, sent) }
        const { messageId } = written
        if (sent.wrong.length > 0) return showCase(house, visit, { draft, messageId }, 422)
        return work(visit, { caseId, version: wholeNumber(visit.posted['version']) ?? 0 }, written, draft)
      },
    )
  }

  write('replies', 'reply', async (visit, asked, written, draft) => {
    const closes = visit.posted['close'] === 'done'
    const others = visit.posted['despite'] === 'yes' ? '' : await othersWriting(house, visit, asked.caseId)
    if (others !== '') return askOnce(house, visit, others, draft)
    const sent = await reply(house, visit.actor, { ...asked, ...written, ...(closes && { close: 'done' }) })
    if ('refused' in sent) return refuse(house, visit, sent.refused, draft)
    return back(house, visit, asked.caseId, closes ? 'reply-closed' : 'reply')
  })

  write('notes', 'note', async (visit, { caseId }, written, draft) => {
    const kept = await note(house, visit.actor, { caseId, ...written })
    if ('refused' in kept) return refuse(house, visit, kept.refused, draft)
    return back(house, visit, caseId, 'note')
  })
}

type Written = Readonly<{ words: string; messageId: string; files: PostedWithFiles['files'] }>

const bindingOf = ({ message }: Posted): string => (typeof message === 'string' ? message : '')

function filesOf(house: HouseWithFiles, messageId: string, { files, wrong }: PostedWithFiles): Draft['files'] {
  return { wrong, kept: keptFiles(house.keys, messageId, files) }
}

/** A refused act as a page: 409 where somebody was first or the envelope closed, 422 where what was typed will not do. */
export function refuse(
  house: House,
  visit: Visit,
  refused: DeskRefusal,
  draft?: Draft,
): Promise<FastifyReply> | FastifyReply {
  const kept: Shown = draft ? { draft, messageId: messageOf(visit) } : {}
  const tell = (status: number, says: string, more: object = {}) =>
    showCase(house, visit, { ...kept, wrong: { says, ...more } }, status)
  switch (refused) {
    case 'not-there':
      return notHere(house, visit)
    case 'changed':
      return tell(409, say('en', draft ? 'changedReply' : 'changedAct'), { title: say('en', 'changedTitle') })
    case 'closed-envelope':
      return tell(409, say('en', 'closedEnvelope'))
    case 'empty':
      return tell(422, say('en', 'empty'), { beside: true })
    case 'placeholder-left': {
      const left = leftIn(draft?.words ?? '')
      const says = sayOfTemplates('en', 'left', { which: left.join(', '), count: left.length })
      return tell(422, says, { beside: true })
    }
    case 'too-long':
      return tell(422, say('en', 'tooLong'), { beside: true })
    case 'not-a-colleague':
      return tell(422, say('en', 'notColleague'))
    case 'no-such-topic':
      return tell(422, say('en', 'noSuchTopic'))
    case 'no-such-agency':
      return tell(422, say('en', 'noSuchAgency'))
    case 'not-failed':
      return tell(409, sayOfMails('en', 'notFailed'))
    case 'closed-already':
      return tell(409, say('en', 'closedAlready'))
    case 'open-already':
      return tell(409, say('en', 'openAlready'))
    default:
      return refused satisfies never
  }
}

/** Words that come along through the opening of a letter that had closed while they were written. */
function draftOf(house: HouseWithFiles, visit: Visit): Draft | undefined {
  const { draft, words } = visit.posted
  if (words === undefined || (draft !== 'reply' && draft !== 'note')) return undefined
  const body = (visit.request.body ?? {}) as Posted
  const kept = keptFrom(house, body, { question: deskFiles(draft), language: 'en', bindingOf })
  return { kind: draft, words, files: filesOf(house, messageOf(visit), kept) }
}

/** Who else has an answer under her hands at the moment of sending; asked about once, and sent the next time. */
async function othersWriting(house: House, { actor }: Visit, caseId: CaseId): Promise<string> {
  return writingWords((await writersOn(house, actor, caseId, false))?.writers ?? [])
}

function askOnce(house: House, visit: Visit, writing: string, draft: Draft): Promise<FastifyReply> {
  const wrong = { title: sayOfDrafts('en', 'askTitle'), says: sayOfDrafts('en', 'ask', { writing }) }
  const messageId = messageOf(visit)
  return showCase(house, visit, { draft: { ...draft, despite: true }, messageId, wrong }, 409)
}
