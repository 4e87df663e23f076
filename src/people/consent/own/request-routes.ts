import type { FastifyReply } from 'fastify'
import { Temporal } from 'temporal-polyfill'
import { inLanguage } from '../../../plumbing/index.ts'
import { guardianKinds, openPage, type ChildId, type HomeVisit, type OwnPage } from '../../residents/index.ts'
import type { RequestId } from '../actor.ts'
import { answer, decline, type Answered, type AnswerRefusal, type ChildNamed } from '../answer.ts'
import type { RequestWords } from '../ask.ts'
import type { ConsentHouse, ConsentRoutesHouse } from '../house.ts'
import type { NoticeHash } from '../notice.ts'
import { declinedPage, donePage } from '../pages/answered-page.ts'
import { requestPage, type RequestView } from '../pages/request-page.ts'
import { formPage, showPage, type ShowView } from '../pages/show-page.ts'
import { askLetter, readRequest, renewRequest, useLetter } from './acts.ts'
import { say } from './messages.ts'
import { consentsOfHers, liveStates, noticesOf, requestsOfHers, type RequestOfHers } from './read.ts'

const isId = (text: unknown): text is string => typeof text === 'string' && /^[0-9a-f-]{36}$/.test(text)

type Found = Readonly<{
  request: RequestOfHers
  words: RequestWords
  view: Pick<RequestView, 'city' | 'language' | 'request' | 'kept' | 'firstName' | 'children' | 'today'>
  /** What she is called on her own page, and the address that she has proved. */
  ownName: string
  email: string
  /** What she said yes to before, and still holds. */
  said: Readonly<Record<string, string>>
}>

/** `/me/consents/requests/{id}`: the question, and afterwards how she shows who she is. Whoever was not asked gets 404. */
export function requestRoutes(own: OwnPage, house: ConsentRoutesHouse): void {
  const at = '/me/consents/requests/:id'
  own.get(at, async (visit) => {
    const found = await find(house, visit)
    if (!found) return visit.reply.problem(404)
    if (found.request.state === 'answered') return visit.reply.page(showPage(showView(found)))
    return visit.reply.page(
      requestPage({ ...found.view, typed: { ...found.said, guardian: found.ownName }, errors: [] }),
    )
  })
  own.post(at, async (visit) => {
    const found = await find(house, visit)
    if (!found) return visit.reply.problem(404)
    if (found.request.state === 'answered') return visit.reply.page(showPage(showView(found)), 409)
    return answered(house, visit, found)
  })
  own.get(`${at}/form`, async (visit) => {
    const found = await find(house, visit)
    if (found?.request.state !== 'answered') return visit.reply.problem(404)
    const yes = await openPage(house, visit.actor, async (tx) =>
      (await consentsOfHers(tx)).flatMap((one) =>
        one.child === found.request.child && one.thing === found.request.thing && one.state === 'given'
          ? [one.purpose]
          : [],
      ),
    )
    return visit.reply.page(formPage(showView(found), found.words.guardian ?? found.ownName, yes ?? []))
  })
  own.post(`${at}/letters`, async (visit) => {
    const found = await find(house, visit)
    if (found?.request.state !== 'answered') return visit.reply.problem(404)
    const address = visit.posted['address'] ?? ''
    const asked = await askLetter(house, visit.actor, found.request.id, address)
    if ('done' in asked) return onward(visit, found.request.id)
    if (asked.refused === 'not-there') return visit.reply.problem(404)
    const refused = asked.refused === 'too-many' ? 'letter-many' : 'no-address'
    return visit.reply.page(showPage({ ...showView(found), refused, typed: address }), 422)
  })
  own.post(`${at}/codes`, async (visit) => {
    const found = await find(house, visit)
    if (found?.request.state !== 'answered') return visit.reply.problem(404)
    const used = await useLetter(house, visit.actor, found.request.id, visit.posted['code'] ?? '')
    if ('refused' in used) {
      if (used.refused === 'not-there') return visit.reply.problem(404)
      const refused = used.refused === 'wrong' ? 'wrong' : 'letter-over'
      return visit.reply.page(showPage({ ...showView(found), refused }), 422)
    }
    const to = `/me/consents/${found.request.child ?? ''}`
    return visit.reply.redirect(`${inLanguage(visit.language, to)}?done=proved`, 303)
  })
}

const showView = ({ view }: Found): ShowView => view

const onward = ({ reply, language }: HomeVisit, id: RequestId) =>
  reply.redirect(inLanguage(language, `/me/consents/requests/${id}`), 303)

async function find(house: ConsentHouse, visit: HomeVisit): Promise<Found | undefined> {
  const { id } = visit.request.params as { id?: string }
  if (!isId(id)) return undefined
  const words = await readRequest(house, visit.actor, id as RequestId)
  if (!words) return undefined
  return openPage(house, visit.actor, async (tx, { children: atHome, was, contact }) => {
    // Who is emancipated, or came of age, answers for herself.
    const children = [...atHome, ...was]
    await renewRequest(tx, id as RequestId)
    const request = (await requestsOfHers(tx)).find((one) => one.id === id)
    const kept = request && (await noticesOf(tx, [request])).get(request.notice)
    if (!request || !kept) return undefined
    const today = house.clock.now().toZonedDateTimeISO(house.city.timeZone).toPlainDate()
    const { firstName } = words
    const view = { city: house.city, language: visit.language, request, kept, firstName, children, today }
    const said = Object.fromEntries(
      (await consentsOfHers(tx)).flatMap((one) =>
        one.child === request.child && one.thing === request.thing && liveStates.includes(one.state)
          ? [[`purpose-${one.purpose}`, 'yes']]
          : [],
      ),
    )
    return { request, words, view, ownName: contact.name, email: contact.email, said }
  })
}

async function answered(house: ConsentRoutesHouse, visit: HomeVisit, found: Found): Promise<FastifyReply> {
  const { posted, reply } = visit
  const { request, view } = found
  if (posted['decline'] !== undefined) {
    const declined = await decline(house, visit.actor, request.id)
    return 'declined' in declined ? reply.page(declinedPage(view)) : reply.problem(404)
  }
  const read = readAnswer(view, posted)
  if ('errors' in read) return reply.page(requestPage({ ...view, typed: posted, errors: read.errors }), 422)
  const notice = (posted['notice'] ?? '') as NoticeHash
  const done: Answered =
    notice === view.kept.hash
      ? await answer(house, visit.actor, { request: request.id, notice, email: found.email, ...read })
      : { refused: 'changed' }
  if ('declined' in done) return reply.page(declinedPage(view))
  if ('refused' in done) return refusal(visit, view, done.refused)
  const after = await find(house, visit)
  if (after?.request.state === 'answered' && after.request.wants !== null)
    return reply.page(showPage({ ...showView(after), done: true }))
  const to = { child: `/me/consents/${done.child}`, onward: house.goOn?.(request.thing, done.child) }
  return reply.page(donePage(view, to))
}

function refusal({ reply, posted, language }: HomeVisit, view: Found['view'], refused: AnswerRefusal): FastifyReply {
  const wrong = (name: string, key: 'wrong-of-age' | 'wrong-not-born' | 'wrong-guardian') =>
    reply.page(requestPage({ ...view, typed: posted, errors: [{ name, says: say(language, key) }] }), 422)
  switch (refused) {
    case 'of-age':
    case 'not-born':
      return wrong('born', `wrong-${refused}`)
    case 'no-name':
      return wrong('guardian', 'wrong-guardian')
    case 'over':
    case 'take-back':
    case 'changed':
    case 'too-many':
      return reply.page(requestPage({ ...view, typed: posted, errors: [], refused }), 409)
    case 'incomplete':
    case 'not-there':
      return reply.problem(404)
    default:
      return refused satisfies never
  }
}

type ReadAnswer = Readonly<{ child: ChildNamed; guardian: string; purposes: Readonly<Record<string, boolean>> }>

/** Every purpose decided, the child named, her own name written; or what is missing, each beside its question. */
function readAnswer(
  { kept, language, children, request }: Found['view'],
  posted: Readonly<Record<string, string>>,
): ReadAnswer | Readonly<{ errors: RequestView['errors'] }> {
  const errors: { name: string; says: string }[] = []
  const purposes: Record<string, boolean> = {}
  for (const purpose of kept.notice.purposes) {
    const name = `purpose-${purpose.id}`
    const said = posted[name]
    if (said === 'yes' || said === 'no') purposes[purpose.id] = said === 'yes'
    else errors.push({ name, says: say(language, 'wrong-choose', { title: purpose.title[language] }) })
  }
  const declines = kept.notice.purposes.some(({ id, needed }) => needed && purposes[id] === false)
  const known = request.child ?? children.find(({ id }) => id === posted['child'])?.id
  const guardian = (posted['guardian'] ?? '').trim().slice(0, 120)
  if (declines)
    return errors.length > 0 ? { errors } : { child: { child: '' as ChildId }, guardian: guardian || '-', purposes }
  if (!known && children.length > 0 && posted['child'] !== 'new')
    errors.push({ name: 'child', says: say(language, 'wrong-which') })
  const child = known ? { child: known } : readChild(language, posted, errors)
  if (guardian === '') errors.push({ name: 'guardian', says: say(language, 'wrong-guardian') })
  return errors.length > 0 || !child ? { errors } : { child, guardian, purposes }
}

function readChild(
  language: Found['view']['language'],
  posted: Readonly<Record<string, string>>,
  errors: { name: string; says: string }[],
): ChildNamed | undefined {
  const firstName = (posted['firstName'] ?? '').trim()
  const born = dayOf(posted['born'] ?? '')
  const as = guardianKinds.find((kind) => kind === posted['as'])
  if (firstName === '') errors.push({ name: 'firstName', says: say(language, 'wrong-firstName') })
  if (!born) errors.push({ name: 'born', says: say(language, 'wrong-born') })
  if (!as) errors.push({ name: 'as', says: say(language, 'wrong-as') })
  return firstName !== '' && born && as ? { firstName, born, as } : undefined
}

function dayOf(text: string): Temporal.PlainDate | undefined {
  try {
    return Temporal.PlainDate.from(text.trim(), { overflow: 'reject' })
  } catch {
    return undefined
  }
}
