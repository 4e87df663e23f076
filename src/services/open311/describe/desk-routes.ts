import { timingSafeEqual } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import type { CaseId } from '../../../city/index.ts'
import { caseAsked, type Desk, type Visit } from '../../../trust/need-to-know/index.ts'
import { caseOnDesk, notHere, type CaseOnDesk } from '../../correspondence/index.ts'
import type { Open311House } from '../house.ts'
import { previewPage, type Preview } from '../pages/preview.ts'
import { sayOnDesk } from './desk-messages.ts'
import { findPersonal, type Known } from './find-personal.ts'
import { publishDescription, readDescription, takeBackDescription } from './publish-description.ts'

/** A clerk's public words about a case: preview and warning first, then out; and back again. */
export function describeRoutes(desk: Desk, house: Open311House): void {
  desk.post('/desk/cases/:id/descriptions', async (visit) => {
    const caseId = caseAsked(visit)
    const onDesk = caseId && (await caseOnDesk(house, visit.actor, caseId))
    if (!onDesk || 'refused' in onDesk) return notHere(house, visit)
    if (!house.city.topics.get(onDesk.line.topic)?.published || !onDesk.powers.includes('answer'))
      return notHere(house, visit)
    return describe(house, visit, onDesk)
  })
  desk.post('/desk/cases/:id/descriptions/withdrawals', async (visit) => {
    const caseId = caseAsked(visit)
    const taken = caseId && (await takeBackDescription(house, visit.actor, caseId))
    if (!taken || 'refused' in taken) return notHere(house, visit)
    return back(visit, caseId)
  })
}

/** Published only where these very words were shown with their marks, and each mark was looked at. */
async function describe(house: Open311House, visit: Visit, onDesk: CaseOnDesk): Promise<FastifyReply> {
  const { line, envelope } = onDesk
  const { posted } = visit
  const read = readDescription(posted['words'] ?? '')
  const kept = { line, query: queryIn(visit), words: posted['words'] ?? '' }
  const show = (preview: Partial<Preview>, status = 200): FastifyReply => {
    const page = previewPage(house.city, visit.staff, { ...kept, marks: [], seen: '', ...preview })
    return visit.reply.page(page, status)
  }
  if ('refused' in read)
    return show({ wrong: sayOnDesk('en', read.refused === 'empty' ? 'empty' : 'tooLong'), beside: true }, 422)
  if (envelope.state !== 'open') return show({ wrong: sayOnDesk('en', 'openFirst'), beside: true }, 409)
  const marks = findPersonal(read.words, knownOf(envelope))
  const seen = proofOf(house, line.id, read.words)
  const preview = { words: read.words, marks, seen }
  if (!isSame(posted['seen'], seen)) return show(preview)
  if (marks.length > 0 && posted['checked'] !== 'yes')
    return show({ ...preview, wrong: sayOnDesk('en', 'notChecked') }, 422)
  const version = Number(posted['version'])
  const asked = { caseId: line.id, version: Number.isInteger(version) ? version : 0, words: read.words }
  const published = await publishDescription(house, visit.actor, asked)
  if ('done' in published) return back(visit, line.id)
  if (published.refused === 'changed') return show({ ...preview, wrong: sayOnDesk('en', 'changed') }, 409)
  return notHere(house, visit)
}

type OpenEnvelope = Extract<CaseOnDesk['envelope'], { state: 'open' }>

function knownOf({ contact, letters }: OpenEnvelope): Known {
  const own = letters.filter(({ kind }) => kind === 'letter' || kind === 'addition')
  return {
    contact,
    letters: own.flatMap(({ words, answers = [] }) => [
      ...(words === undefined ? [] : [words]),
      ...answers.map(({ value }) => value),
    ]),
  }
}

function proofOf({ keys }: Open311House, caseId: CaseId, words: string): string {
  return keys.mac('open311', `seen|${caseId}|${words}`).toString('base64url')
}

function isSame(given: string | undefined, proof: string): boolean {
  return given?.length === proof.length && timingSafeEqual(Buffer.from(given), Buffer.from(proof))
}

function back(visit: Visit, caseId: CaseId): FastifyReply {
  return visit.reply.header('cache-control', 'no-store').redirect(`/desk/cases/${caseId}${queryIn(visit)}#public`, 303)
}

/** The part of the inbox she came from goes along in the address. */
function queryIn({ request }: Visit): string {
  return /\?[\w=&%.,~-]{0,300}$/.exec(request.url)?.[0] ?? ''
}
