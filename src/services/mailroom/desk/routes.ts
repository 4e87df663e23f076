import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { Duty } from '../../../city/index.ts'
import { caseAsked, enterStaff, type Desk, type Visit } from '../../../trust/need-to-know/index.ts'
import { keyInHand } from '../../../trust/vault/index.ts'
import { notHere, type House } from '../../correspondence/index.ts'
import { say } from './messages.ts'
import { keyOnCase } from './panel.ts'
import { quarantinePage } from './quarantine-page.ts'
import {
  decide,
  openedMail,
  openMail,
  originalOf,
  piecesOf,
  shelves,
  undecided,
  type Decision,
  type UndecidedLine,
} from './undecided.ts'

const doneWords = [
  ['join', 'doneJoin'],
  ['separate', 'done'],
  ['junk', 'doneJunk'],
] as const

/** `/desk/mail`, the quarantine; and the originals of the mails of a case. */
export function mailRoutes(desk: Desk, house: House): void {
  desk.get('/desk/mail', (visit) => {
    const { done } = visit.request.query as { done?: unknown }
    const word = doneWords.find(([one]) => one === done)
    return show(house, visit, word ? { said: say('en', word[1]) } : {})
  })
  desk.get('/desk/mail/:mail', (visit) => show(house, visit, { mail: mailAsked(visit) }))
  desk.post('/desk/mail/:mail/openings', async (visit) => {
    const mail = mailAsked(visit)
    if (!mail || !(await openMail(house, visit.actor, mail, visit.posted['reason'] ?? ''))) return notHere(house, visit)
    return visit.reply.redirect(`/desk/mail/${mail}`, 303)
  })
  const act = (noun: string, decisionOf: (visit: Visit) => Decision | undefined) => {
    desk.post(`/desk/mail/:mail/${noun}`, async (visit) => {
      const mail = mailAsked(visit)
      const decision = decisionOf(visit)
      if (!mail) return notHere(house, visit)
      const asked = visit.posted['number'] ?? ''
      if (!decision) return show(house, visit, { mail, asked, wrong: say('en', 'noCase') }, 422)
      const decided = await decide(house, visit.actor, mail, decision)
      if ('done' in decided)
        return visit.reply.redirect(`/desk/mail?done=${typeof decision === 'string' ? decision : 'join'}`, 303)
      if (decided.refused === 'not-there') return notHere(house, visit)
      return decided.refused === 'sealed'
        ? show(house, visit, { mail, wrong: say('en', 'closed') }, 409)
        : show(house, visit, { mail, asked, wrong: say('en', 'noCase') }, 422)
    })
  }
  act('joins', ({ posted }) => {
    const number = (posted['number'] ?? '').trim().replace(/^#/, '')
    return /^\d{1,12}$/.test(number) ? { join: Number(number) } : undefined
  })
  act('separations', () => 'separate')
  act('junk', () => 'junk')
  desk.get('/desk/mail/:mail/original', async (visit) => {
    const mail = mailAsked(visit)
    const pieces = mail && (await originalOf(house, visit.actor, mail))
    return pieces ? sendOriginal(visit, pieces) : notHere(house, visit)
  })
  desk.get('/desk/cases/:id/originals/:mail', async (visit) => {
    const [caseId, mail] = [caseAsked(visit), mailAsked(visit)]
    if (!caseId || !mail) return notHere(house, visit)
    const key = await house.db.transaction(async (tx) => {
      const staff = await enterStaff(tx, visit.actor, caseId)
      const open = staff?.caseId === caseId ? await keyInHand(tx, house.keys) : undefined
      return open && keyOnCase(tx, open.key, mail)
    })
    if (!key) return notHere(house, visit)
    const pieces = piecesOf(
      house,
      key,
      mail,
      async (tx) => (await enterStaff(tx, visit.actor, caseId))?.caseId === caseId,
    )
    return sendOriginal(visit, pieces)
  })
}

/** The original is saved, never shown: it may carry anything. */
function sendOriginal({ reply }: Visit, pieces: AsyncIterable<Buffer>): FastifyReply {
  return reply
    .header('content-disposition', 'attachment; filename="message.eml"')
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('cache-control', 'no-store')
    .type('message/rfc822')
    .send(Readable.from(pieces, { objectMode: false }))
}

type Shown = { mail?: string | undefined; asked?: string; said?: string; wrong?: string }

async function show(house: House, visit: Visit, shown: Shown, status = 200): Promise<FastifyReply> {
  const { mail, asked, ...told } = shown
  const { shelf: wanted } = visit.request.query as { shelf?: unknown }
  const { city } = house
  const [quarantined, aside, junk] = await Promise.all(shelves.map((one) => undecided(house, visit.actor, one)))
  const on = { quarantined: quarantined ?? [], aside: aside ?? [], junk: junk ?? [] }
  const shared = { city, staff: visit.staff, on, ...told }
  if (!mail) {
    const shelf = shelves.find((one) => one === wanted) ?? 'quarantined'
    return visit.reply.page(quarantinePage({ ...shared, shelf }), status)
  }
  const shelf = shelves.find((one) => on[one].some(({ id }) => id === mail))
  const line = shelf && on[shelf].find(({ id }) => id === mail)
  const duties = visit.staff.duties.flatMap((id) => city.duties.get(id) ?? []).filter((one) => isOver(one, line))
  const [duty] = duties
  if (!line || !duty) return notHere(house, visit)
  const opened = await openedMail(house, visit.actor, mail)
  const decides = duties.some(({ may }) => may.includes('move'))
  const chosen = {
    line,
    reasons: duty.reasons,
    decides,
    ...(opened && { opened }),
    ...(asked !== undefined && { asked }),
  }
  return visit.reply.page(quarantinePage({ ...shared, shelf, chosen }), status)
}

const isOver = (duty: Duty, line: UndecidedLine | undefined): boolean =>
  line !== undefined && duty.topics.includes(line.topic) && duty.may.includes('read')

function mailAsked({ request }: Visit): string | undefined {
  const { mail } = request.params as { mail?: string }
  return mail !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(mail) ? mail : undefined
}
