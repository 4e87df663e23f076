import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { enterStaff, type Desk, type Visit } from '../../../trust/need-to-know/index.ts'
import { keyOf, openingInHand } from '../../../trust/vault/index.ts'
import { caseAsked, notHere, type House } from '../../correspondence/index.ts'
import { say } from './messages.ts'
import { keyOnCase } from './panel.ts'
import { quarantinePage } from './quarantine-page.ts'
import { decide, openedMail, openMail, originalOf, piecesOf, shelves, undecided, type Decision } from './undecided.ts'

/** `/desk/mail`, the quarantine; and the originals of the mails of a case. */
export function mailRoutes(desk: Desk, house: House): void {
  desk.get('/desk/mail', (visit) => {
    const { done } = visit.request.query as { done?: unknown }
    const said = done === 'junk' ? say('en', 'doneJunk') : done === 'filed' ? say('en', 'done') : undefined
    return show(house, visit, said === undefined ? {} : { said })
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
      if (!decision) return show(house, visit, { mail, wrong: say('en', 'noCase') }, 422)
      const decided = await decide(house, visit.actor, mail, decision)
      if ('done' in decided)
        return visit.reply.redirect(`/desk/mail?done=${decision === 'junk' ? 'junk' : 'filed'}`, 303)
      if (decided.refused === 'not-there') return notHere(house, visit)
      const wrong = say('en', decided.refused === 'sealed' ? 'closed' : 'noCase')
      return show(house, visit, { mail, wrong }, decided.refused === 'sealed' ? 409 : 422)
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
      const opening = staff?.caseId === caseId ? await openingInHand(tx) : undefined
      const open = opening && (await keyOf(tx, house.keys, opening))
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

type Shown = { mail?: string | undefined; said?: string; wrong?: string }

async function show(house: House, visit: Visit, { mail, ...told }: Shown, status = 200): Promise<FastifyReply> {
  const { shelf: asked } = visit.request.query as { shelf?: unknown }
  const { city } = house
  const wanted = shelves.find((one) => one === asked) ?? 'quarantined'
  if (!mail) {
    const lines = await undecided(house, visit.actor, wanted)
    return visit.reply.page(quarantinePage({ city, staff: visit.staff, shelf: wanted, lines, ...told }), status)
  }
  for (const shelf of shelves) {
    const lines = await undecided(house, visit.actor, shelf)
    const line = lines.find(({ id }) => id === mail)
    if (!line) continue
    const reading = await openedMail(house, visit.actor, mail)
    const duty = visit.staff.duties.map((id) => city.duties.get(id)).find((one) => one?.topics.includes(line.topic))
    if (!duty) break
    const chosen = { line, reasons: duty.reasons, ...(reading && { reading }) }
    return visit.reply.page(quarantinePage({ city, staff: visit.staff, shelf, lines, chosen, ...told }), status)
  }
  return notHere(house, visit)
}

function mailAsked({ request }: Visit): string | undefined {
  const { mail } = request.params as { mail?: string }
  return mail !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(mail) ? mail : undefined
}
