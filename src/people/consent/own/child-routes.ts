import type { FastifyReply } from 'fastify'
import { inLanguage, type Tx } from '../../../plumbing/index.ts'
import { openPage, type ChildId, type Household, type HomeVisit, type OwnPage } from '../../residents/index.ts'
import { enterConsent, type ConsentId } from '../actor.ts'
import { object } from '../disagree.ts'
import { keepHeld, readHeld, sealHeld, type Held } from '../held.ts'
import type { ConsentRoutesHouse } from '../house.ts'
import { keepNotice, noticeHash, type KeptNotice, type NoticeHash } from '../notice.ts'
import { openConsents } from '../open.ts'
import { childPage, type DoneWord } from '../pages/child-page.ts'
import { heldPage, looksPage } from '../pages/held-page.ts'
import { askSelf, confirmOwn } from './acts.ts'
import { consentsOfHers, custodyOf, looksOf, noticesOf, proveLook, receiptsOf, type ConsentOfHers } from './read.ts'

const isId = (text: unknown): text is string => typeof text === 'string' && /^[0-9a-f-]{36}$/.test(text)
const doneWords: readonly DoneWord[] = ['objected', 'corrected', 'confirmed', 'answered', 'proved']
const look = { purpose: 'own-page', reason: 'look' }

/** One child on the page of somebody who speaks for her, with all her consents. */
export type ChildFound = Readonly<{
  child: ChildId
  firstName: string
  own: boolean
  email: string
  consents: readonly ConsentOfHers[]
  notices: ReadonlyMap<NoticeHash, KeptNotice>
}>

export async function childIn(
  tx: Tx,
  house: ConsentRoutesHouse,
  household: Household,
  id: string,
): Promise<ChildFound | undefined> {
  const known = household.children.find((one) => one.id === id) ?? household.was.find((one) => one.id === id)
  if (!known) return undefined
  const before = (await consentsOfHers(tx)).filter(({ child }) => child === id)
  const kept = await keepNewest(tx, house, before)
  const consents = kept ? (await consentsOfHers(tx)).filter(({ child }) => child === id) : before
  const own = household.was.some((one) => one.id === id)
  const { firstName } = known.about
  return {
    child: known.id,
    firstName,
    own,
    email: household.contact.email,
    consents,
    notices: await noticesOf(tx, consents),
  }
}

/** What each thing asks today is kept, so that what changed can be shown; true where anything was new. */
async function keepNewest(
  tx: Tx,
  { keys, noticeFor }: ConsentRoutesHouse,
  consents: readonly ConsentOfHers[],
): Promise<boolean> {
  const newest = new Map(consents.map(({ thing, newest: hash }) => [thing, hash]))
  let isNew = false
  for (const [thing, hash] of newest) {
    const notice = noticeFor?.(thing)
    if (!notice || noticeHash(notice) === hash) continue
    await keepNotice(tx, keys, notice)
    isNew = true
  }
  return isNew
}

const idOf = ({ request }: HomeVisit): string => (request.params as { child?: string }).child ?? ''

export async function findChild(house: ConsentRoutesHouse, visit: HomeVisit): Promise<ChildFound | undefined> {
  const id = idOf(visit)
  return isId(id) ? openPage(house, visit.actor, (tx, household) => childIn(tx, house, household, id)) : undefined
}

/** `/me/consents/{child}`. A child for whom she does not speak is not there. */
export function childRoutes(own: OwnPage, house: ConsentRoutesHouse): void {
  const { city } = house
  const at = '/me/consents/:child'
  const back = ({ reply, language }: HomeVisit, child: ChildId, done: DoneWord) =>
    reply.redirect(`${inLanguage(language, `/me/consents/${child}`)}?done=${done}`, 303)
  own.get(at, async (visit) => show(house, visit))
  own.get(`${at}/held`, async (visit) => {
    const found = await findChild(house, visit)
    if (!found) return visit.reply.problem(404)
    const { done } = visit.request.query as { done?: unknown }
    const held = await heldOf(house, visit, found)
    return visit.reply.page(heldPage({ city, language: visit.language, ...found, held, done: done === 'corrected' }))
  })
  own.post(`${at}/held`, async (visit) => {
    const found = await findChild(house, visit)
    if (!found || !(await correct(house, visit, found))) return visit.reply.problem(404)
    const to = inLanguage(visit.language, `/me/consents/${found.child}/held`)
    return visit.reply.redirect(`${to}?done=corrected`, 303)
  })
  own.get(`${at}/copy`, async (visit) => {
    const found = await findChild(house, visit)
    if (!found) return visit.reply.problem(404)
    return visit.reply
      .header('cache-control', 'no-store')
      .header('content-disposition', 'attachment; filename="consents.json"')
      .type('application/json; charset=utf-8')
      .send(copyOf(found, await heldOf(house, visit, found), visit.language))
  })
  own.get(`${at}/looks`, async (visit) => {
    const id = idOf(visit)
    if (!isId(id)) return visit.reply.problem(404)
    const found = await openPage(house, visit.actor, async (tx, household) => {
      const child = await childIn(tx, house, household, id)
      return child && { ...child, looks: await looksOf(tx, child.child) }
    })
    if (!found) return visit.reply.problem(404)
    const titleOf = (line: { consent: ConsentId | null }) => {
      const consent = found.consents.find((one) => one.id === line.consent)
      const notice = consent && found.notices.get(consent.notice)?.notice
      return notice?.purposes.find((one) => one.id === consent?.purpose)?.title[visit.language]
    }
    return visit.reply.page(looksPage({ city, language: visit.language, ...found, titleOf }))
  })
  own.get(`${at}/looks/:entry`, async (visit) => {
    const { entry } = visit.request.params as { entry?: string }
    if (!isId(idOf(visit)) || !isId(entry)) return visit.reply.problem(404)
    return sendProof(visit, await proveLook(house.db, visit.actor, idOf(visit) as ChildId, entry))
  })
  own.post(`${at}/objections`, async (visit) => {
    const found = await findChild(house, visit)
    const consent = found?.consents.find(({ id }) => id === visit.posted['consent'])
    const done = consent && (await object(house, visit.actor, consent.id))
    return found && done && 'done' in done ? back(visit, found.child, 'objected') : visit.reply.problem(404)
  })
  own.post(`${at}/confirmations`, async (visit) => {
    const found = await findChild(house, visit)
    const consent = found?.consents.find(({ id }) => id === visit.posted['consent'])
    const done = consent && (await confirmOwn(house, visit.actor, consent.id))
    return found && done ? back(visit, found.child, 'confirmed') : visit.reply.problem(404)
  })
  own.post(`${at}/requests`, async (visit) => {
    const found = await findChild(house, visit)
    const of = found?.consents.find(({ thing }) => thing === visit.posted['thing'])
    if (!found || !of) return visit.reply.problem(404)
    const words = { firstName: found.firstName, email: found.email }
    const asked = await askSelf(house, visit.actor, { child: found.child, notice: of.newest, words })
    if ('refused' in asked) return visit.reply.problem(404)
    return visit.reply.redirect(inLanguage(visit.language, `/me/consents/requests/${asked.asked}`), 303)
  })
}

async function show(house: ConsentRoutesHouse, visit: HomeVisit): Promise<FastifyReply> {
  const id = idOf(visit)
  if (!isId(id)) return visit.reply.problem(404)
  const found = await openPage(house, visit.actor, async (tx, household) => {
    const child = await childIn(tx, house, household, id)
    return child && { ...child, receipts: await receiptsOf(tx, child.child), custody: await custodyOf(tx, child.child) }
  })
  if (!found) return visit.reply.problem(404)
  const query = visit.request.query as { done?: unknown; chosen?: unknown }
  const done = doneWords.find((word) => word === query.done)
  const today = house.clock.now().toZonedDateTimeISO(house.city.timeZone).toPlainDate()
  const view = { city: house.city, language: visit.language, ...found, today, nothingChosen: query.chosen === 'none' }
  return visit.reply.page(childPage({ ...view, ...(done && { done }) }))
}

/** What is held under everything that is in force; each look is in the ledger first. */
function heldOf(house: ConsentRoutesHouse, { actor }: HomeVisit, { consents }: ChildFound): Promise<readonly Held[]> {
  const open = consents.filter(({ state, held }) => held > 0 && (state === 'in-force' || state === 'passed'))
  return readHeld(
    house,
    actor,
    open.map(({ id }) => id),
    look,
  )
}

async function correct(
  house: ConsentRoutesHouse,
  { actor, posted }: HomeVisit,
  { consents }: ChildFound,
): Promise<boolean> {
  const { consent: id = '', field = '', text = '' } = posted
  const consent = consents.find((one) => one.id === id)
  if (!consent) return false
  const key = (await openConsents(house, actor, [consent.id], { purpose: 'own-page', reason: 'correct' })).get(
    consent.id,
  )
  if (!key) return false
  const sealed = sealHeld(key, consent.id, field, text.trim().slice(0, 4000))
  const kept = await house.db.transaction(async (tx) =>
    (await enterConsent(tx, actor))
      ? keepHeld(tx, [{ consent: consent.id, field, sealed, record: consent.record }])
      : undefined,
  )
  return kept !== undefined && 'done' in kept
}

/** Everything at once, for whoever wants to take it elsewhere: in her words, by thing, purpose and question. */
function copyOf({ consents, notices }: ChildFound, held: readonly Held[], language: 'en' | 'es'): string {
  const copy = consents.map((one) => {
    const notice = notices.get(one.notice)
    const purpose = notice?.notice.purposes.find(({ id }) => id === one.purpose)
    const answers = held.filter(({ consent }) => consent === one.id)
    return {
      for: notice?.notice.title[language] ?? one.thing,
      purpose: purpose?.title[language] ?? one.purpose,
      state: one.state,
      given: one.givenAt.toString(),
      until: one.until.toString(),
      ...(one.endedAt && { ended: one.endedAt.toString() }),
      notice: { version: notice?.version, hash: one.notice },
      answers: answers.map(({ field, text, at }) => ({
        question: purpose?.asks.find((asked) => asked.field === field)?.label[language] ?? field,
        answer: text,
        kept: at.toString(),
      })),
    }
  })
  return `${JSON.stringify({ consents: copy }, null, 2)}\n`
}

export function sendProof(
  { reply }: HomeVisit,
  proof: string | Readonly<{ refused: 'not-there' | 'not-yet' }>,
): FastifyReply {
  if (typeof proof !== 'string') return reply.problem(proof.refused === 'not-yet' ? 503 : 404)
  return reply
    .header('cache-control', 'no-store')
    .header('content-disposition', 'attachment; filename="look.tlog-proof"')
    .type('text/plain; charset=utf-8')
    .send(proof)
}
