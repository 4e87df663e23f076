import type { FastifyReply } from 'fastify'
import type { CaseId } from '../../city/index.ts'
import type { Visit } from '../../trust/need-to-know/index.ts'
import { questionAsked } from './desk-show.ts'
import type { House } from './house.ts'
import { say } from './messages.ts'
import { queryOf } from './pages/desk-list.ts'

const doneKeys = {
  reply: 'doneReply',
  'reply-closed': 'doneReplyClosed',
  note: 'doneNote',
  assigned: 'doneAssigned',
  moved: 'doneMoved',
  closed: 'doneClosed',
  reopened: 'doneReopened',
  resent: 'doneResent',
  kept: 'doneKept',
  dropped: 'doneDropped',
  joined: 'doneJoined',
  separated: 'doneSeparated',
  'answered-all': 'doneAnsweredAll',
  waived: 'doneWaived',
  'charge-cancelled': 'doneChargeCancelled',
} as const

export type Done = keyof typeof doneKeys

/** What the page says was done, from the word in its address. */
export function doneWords(done: unknown): string | undefined {
  return typeof done === 'string' && Object.hasOwn(doneKeys, done) ? say('en', doneKeys[done as Done]) : undefined
}

/** Back to the case's page, with the list beside it as it was. */
export function back(house: House, visit: Visit, caseId: CaseId, done?: Done): FastifyReply {
  const query = queryOf(questionAsked(house, visit), true)
  const said = done ? `${query ? '&' : '?'}done=${done}` : ''
  return visit.reply.header('cache-control', 'no-store').redirect(`/desk/cases/${caseId}${query}${said}`, 303)
}
