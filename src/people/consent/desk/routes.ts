import { createHash } from 'node:crypto'
import type { DeskModule } from '../../../city/look/index.ts'
import { readParts, type Posted, type ReadForm } from '../../../plumbing/index.ts'
import type { Desk, Visit } from '../../../trust/need-to-know/index.ts'
import { custodyRoutes } from './custody-routes.ts'
import { guardianKinds } from '../../residents/index.ts'
import type { ConsentId, RequestId } from '../actor.ts'
import { unfreeze } from '../disagree.ts'
import type { ConsentRoutesHouse } from '../house.ts'
import type { Openings } from '../open.ts'
import { preview, revoke, type Preview } from '../revoke.ts'
import type { ConsentMethod } from '../rules.ts'
import { verify } from '../verify.ts'
import { askForChildRoutes } from './ask-for-child.ts'
import { conflictPage } from './conflict-page.ts'
import { counterRoutes } from './counter-routes.ts'
import { letterRoutes } from './letter-routes.ts'
import { lettersToPrint } from './letters.ts'
import { openOnDesk, openParties, printLetter, queueOnDesk, readParties, requestOnDesk, toldStop } from './on-desk.ts'
import { queuePage } from './queue-page.ts'
import { letterPage, requestDeskPage, type RequestDeskView } from './request-page.ts'

type House = ConsentRoutesHouse & Readonly<{ printModule?: DeskModule }>

const doneWords = [
  'verified',
  'toldDone',
  'settledOn',
  'settledOff',
  'postedDone',
  'answeredYes',
  'answeredNo',
] as const
const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** `/desk/consents`. Who has no duty with the power `consent` is told what is told of a page that is not there. */
export function consentDeskRoutes(desk: Desk, house: House): void {
  desk.get('/desk/consents', async (visit) => {
    if (!mayConsent(house, visit)) return visit.reply.problem(404)
    const { done: asked } = visit.request.query as { done?: unknown }
    const done = doneWords.find((word) => word === asked)
    const queue = await queueOnDesk(house, visit.actor)
    const letters = await lettersToPrint(house, visit.actor)
    return visit.reply.page(queuePage({ city: house.city, staff: visit.staff, queue, letters, ...(done && { done }) }))
  })
  counterRoutes(desk, house)
  askForChildRoutes(desk, house)
  letterRoutes(desk, house)
  custodyRoutes(desk, house)
  requestRoutes(desk, house)
  conflictRoutes(desk, house)
  desk.post('/desk/consents/stops/:id', async (visit) => {
    const id = idIn(visit)
    return id && (await toldStop(house, visit.actor, id))
      ? visit.reply.redirect('/desk/consents?done=toldDone', 303)
      : visit.reply.problem(404)
  })
}

const mayConsent = ({ city }: House, { staff }: Visit): boolean =>
  staff.duties.some((id) => city.duties.get(id)?.may.includes('consent'))

const idIn = ({ request }: Visit): string | undefined => {
  const { id } = request.params as { id?: string }
  return id !== undefined && idPattern.test(id) ? id : undefined
}

function requestRoutes(desk: Desk, house: House): void {
  /** Everything that shows who it is opens it first: this look, and its entry, belong to this answer. */
  const show = async (visit: Visit, more: Partial<RequestDeskView> = {}, openings?: Openings, status = 200) => {
    const id = idIn(visit)
    const request = id && (await requestOnDesk(house, visit.actor, id, openings))
    if (!request) return visit.reply.problem(404)
    return visit.reply.page(requestDeskPage({ city: house.city, staff: visit.staff, request, ...more }), status)
  }
  const opened = (visit: Visit, reason: string) =>
    openOnDesk(house, visit.actor, (idIn(visit) ?? '') as RequestId, reason)
  desk.get('/desk/consents/:id', (visit) => show(visit))
  desk.post('/desk/consents/:id/openings', async (visit) => {
    const reason = visit.posted['reason'] ?? ''
    if (!idIn(visit) || !hasReason(house, visit, reason)) return visit.reply.problem(404)
    return show(visit, {}, await opened(visit, reason))
  })
  desk.postWithFiles('/desk/consents/:id/verifications', readEvidence, async (visit, { taken }) => {
    const id = idIn(visit)
    const method = [...(house.city.consent?.methods.keys() ?? [])].find((one) => one === visit.posted['method'])
    const as = guardianKinds.find((kind) => kind === visit.posted['as'])
    if (!id || !as || !mayConsent(house, visit)) return visit.reply.problem(404)
    const again = async (refused: NonNullable<RequestDeskView['refused']>) =>
      show(visit, { refused, typed: visit.posted }, await opened(visit, 'verify'), 422)
    if (visit.posted['sure'] !== 'yes') return again('not-sure')
    const evidence = method === 'signed-form' ? taken[0] : undefined
    const attest = { request: id as RequestId, method: method ?? ('' as ConsentMethod), as }
    const done = await verify(house, visit.actor, { ...attest, ...(evidence && { evidenceHash: evidence }) })
    if ('done' in done) return visit.reply.redirect('/desk/consents?done=verified', 303)
    return done.refused === 'not-there' ? visit.reply.problem(404) : again(done.refused)
  })
  desk.post('/desk/consents/:id/letters', async (visit) => {
    const id = idIn(visit)
    if (!id) return visit.reply.problem(404)
    const openings = await opened(visit, 'verify')
    const request = await requestOnDesk(house, visit.actor, id, openings)
    const code = request?.address === undefined ? undefined : await printLetter(house, visit.actor, request.id)
    if (!request || request.address === undefined || code === undefined) return visit.reply.problem(404)
    const { address } = request
    const site = house.publicUrl.replace(/\/$/, '')
    return visit.reply.page(letterPage({ city: house.city, staff: visit.staff, request, address, code, site }))
  })
}

function conflictRoutes(desk: Desk, house: House): void {
  const at = '/desk/consents/conflicts/:id'
  const show = async (visit: Visit, now?: Preview) => {
    const id = idIn(visit)
    const conflict = (await queueOnDesk(house, visit.actor)).settle.find(({ consent }) => consent === id)
    const shown = conflict && (now ?? (await preview(house, visit.actor, [conflict.consent])))
    if (!conflict || !shown) return visit.reply.problem(404)
    const parties = await readParties(house, visit.actor, conflict.consent)
    const lines = shown.follows.map((line) => ({ ...line, at: line.at?.toString() ?? null }))
    const words = house.consequenceWords ?? []
    const view = { city: house.city, staff: visit.staff, conflict, parties, lines, digest: shown.digest, words }
    return visit.reply.page(conflictPage({ ...view, changed: now !== undefined }), now ? 409 : 200)
  }
  desk.get(at, (visit) => show(visit))
  desk.post(`${at}/openings`, async (visit) => {
    const id = idIn(visit)
    const done = id && (await openParties(house, visit.actor, id as ConsentId, visit.posted['reason'] ?? ''))
    return done ? visit.reply.redirect(`/desk/consents/conflicts/${id}`, 303) : visit.reply.problem(404)
  })
  desk.post(`${at}/goings-on`, async (visit) => {
    const id = idIn(visit)
    const done = id && (await unfreeze(house, visit.actor, id as ConsentId))
    return done && 'done' in done
      ? visit.reply.redirect('/desk/consents?done=settledOn', 303)
      : visit.reply.problem(404)
  })
  desk.post(`${at}/revocations`, async (visit) => {
    const id = idIn(visit)
    const seen = visit.posted['seen'] ?? ''
    if (!id || !/^[0-9a-f]{64}$/.test(seen)) return visit.reply.problem(404)
    const done = await revoke(house, visit.actor, [id as ConsentId], seen)
    if ('done' in done) return visit.reply.redirect('/desk/consents?done=settledOff', 303)
    return done.refused === 'changed' ? show(visit, done.now) : visit.reply.problem(404)
  })
}

const hasReason = ({ city }: House, { staff }: Visit, reason: string): boolean =>
  staff.duties
    .flatMap((id) => city.duties.get(id) ?? [])
    .some(({ may, reasons }) => may.includes('consent') && reasons.some(({ id }) => id === reason))

/** The scan is hashed as it comes and never kept: the file goes nowhere. An empty field brings none. */
async function readEvidence(request: Visit['request']): Promise<ReadForm<Buffer>> {
  if (!request.isMultipart()) return { posted: (request.body ?? {}) as Posted, taken: [] }
  return readParts(request, async ({ stream }) => {
    const hash = createHash('sha256')
    let length = 0
    for await (const piece of stream) {
      const bytes = piece as Buffer
      length += bytes.length
      hash.update(bytes)
    }
    return length > 0 ? hash.digest() : undefined
  })
}
