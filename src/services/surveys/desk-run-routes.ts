import type { FastifyReply, FastifyRequest } from 'fastify'
import { readParts, type PostedFile } from '../../plumbing/index.ts'
import type { Desk, Visit } from '../../trust/need-to-know/index.ts'
import { say } from './desk-messages.ts'
import { showSurvey, visited, type SurveysDesk } from './desk-show.ts'
import { invite } from './invite.ts'
import { deskSlipsPage } from './pages/desk-slips.ts'
import { readAddresses } from './read-addresses.ts'
import { closeSurvey, mostSlips, printSlips, tradeInvitation } from './run-survey.ts'

const longestList = 2_000_000

/** What a clerk does with an open survey: invite, print slips, take invitations back, close. */
export function runRoutes(desk: Desk, house: SurveysDesk): void {
  desk.postWithFiles('/desk/surveys/:id/invitations', readList, (visit, { taken }) => inviting(house, visit, taken))
  desk.post('/desk/surveys/:id/slips', async (visit) => {
    const onDesk = await visited(house, visit)
    if (!onDesk) return visit.reply.problem(404)
    const { count = '' } = visit.posted
    const number = /^\d{1,3}$/.test(count.trim()) ? Number(count) : 0
    if (number < 1 || number > mostSlips)
      return showSurvey(
        house,
        visit,
        onDesk,
        { wrong: { at: 'count', says: say('en', 'slipsWrong') }, typed: visit.posted },
        422,
      )
    const codes = await printSlips(house, visit.actor, onDesk.survey.id, number)
    if (!codes) return visit.reply.problem(404)
    const { city, config } = house
    const view = { city, staff: visit.staff, survey: onDesk.survey, codes, publicUrl: config.publicUrl }
    return visit.reply.page(deskSlipsPage(view))
  })
  desk.post('/desk/surveys/:id/exchanges', async (visit) => {
    const onDesk = await visited(house, visit)
    if (!onDesk) return visit.reply.problem(404)
    const traded = await tradeInvitation(house, visit.actor, onDesk.survey.id, visit.posted['code'] ?? '')
    const says = say('en', `traded-${traded}`)
    if (traded === 'done') return showSurvey(house, visit, onDesk, { done: says })
    return showSurvey(house, visit, onDesk, { wrong: { at: 'code', says }, typed: visit.posted }, 422)
  })
  desk.post('/desk/surveys/:id/closings', async (visit) => {
    const onDesk = await visited(house, visit)
    if (!onDesk) return visit.reply.problem(404)
    if (visit.posted['sure'] !== 'yes')
      return showSurvey(house, visit, onDesk, { wrong: { at: 'sure', says: say('en', 'closeUnsure') } }, 422)
    if (!(await closeSurvey(house, visit.actor, onDesk.survey.id))) return visit.reply.problem(404)
    return visit.reply.redirect(`/desk/surveys/${onDesk.survey.id}?done=closed`, 303)
  })
}

/** The pasted list, and a file where one came. */
async function readList(request: FastifyRequest) {
  if (request.isMultipart()) return readParts(request, textOf)
  return { posted: (request.body ?? {}) as Record<string, string>, taken: [] as string[] }
}

async function textOf({ stream }: PostedFile): Promise<string | undefined> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of stream as AsyncIterable<Buffer>) {
    length += part.length
    if (length > longestList) throw Object.assign(new Error('a list that is too long'), { statusCode: 413 })
    parts.push(part)
  }
  return length === 0 ? undefined : Buffer.concat(parts).toString('utf8')
}

async function inviting(house: SurveysDesk, visit: Visit, files: readonly string[]): Promise<FastifyReply> {
  const onDesk = await visited(house, visit)
  if (!onDesk) return visit.reply.problem(404)
  const again = (says: string) =>
    showSurvey(house, visit, onDesk, { wrong: { at: 'addresses', says }, typed: visit.posted }, 422)
  const lists = [visit.posted['addresses'] ?? '', ...files].map(readAddresses)
  const wrong = lists.flatMap((list) => list.wrong)
  if (wrong.length > 0)
    return again(say('en', 'inviteWrong', { count: wrong.length, lines: wrong.slice(0, 20).join(', ') }))
  const invitees = lists.flatMap((list) => list.invitees)
  if (invitees.length === 0) return again(say('en', 'inviteNone'))
  const invited = await invite(house, visit.actor, onDesk.survey.id, invitees)
  if ('refused' in invited) {
    if (invited.refused === 'too-many') return again(say('en', 'inviteTooMany'))
    return visit.reply.problem(404)
  }
  const fresh = (await visited(house, visit)) ?? onDesk
  return showSurvey(house, visit, fresh, { done: say('en', 'invitedNow', invited) })
}
