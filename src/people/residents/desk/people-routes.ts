import type { FastifyReply } from 'fastify'
import { Temporal } from 'temporal-polyfill'
import type { Desk, Visit } from '../../../trust/need-to-know/index.ts'
import { guardianKinds, type ChildId } from '../actor.ts'
import { readEmail } from '../contact.ts'
import { actAtCounter, findPeople, peopleInHand, writeEmancipated, type CounterAct } from './find-people.ts'
import { say } from './messages.ts'
import { peoplePage, type PeopleView } from './people-page.ts'
import { mayConsent, type PeopleDesk } from './routes.ts'

const isId = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)

/** `/desk/people`: the counter. Each act names a child that this session has open; all else is “not there”. */
export function peopleRoutes(desk: Desk, house: PeopleDesk): void {
  desk.get('/desk/people', (visit) => {
    const { done } = visit.request.query as { done?: unknown }
    return show(house, visit, { done: done === 'done' })
  })
  desk.post('/desk/people', async (visit) => {
    const { words = '', reason = '' } = visit.posted
    if (!mayConsent(house.city, visit)) return visit.reply.problem(404)
    const found = await findPeople(house, visit.actor, { words, reason })
    if ('done' in found) return show(house, visit, { asked: words })
    return show(house, visit, { asked: words, wrong: say('en', `findWrong-${found.refused}`) }, 422)
  })

  desk.post('/desk/people/emancipated', async (visit) => {
    if (!mayConsent(house.city, visit)) return visit.reply.problem(404)
    const { firstName = '', born = '', email: typed = '' } = visit.posted
    const email = readEmail(typed)
    const name = firstName.trim().slice(0, 60)
    if (name === '' || !isMinorsDay(born.trim(), house))
      return show(house, visit, { wrong: say('en', 'refused-who') }, 422)
    if (email === undefined) return show(house, visit, { wrong: say('en', 'refused-no-page') }, 422)
    const outcome = await writeEmancipated(house, visit.actor, { firstName: name, born: born.trim(), email })
    if ('done' in outcome) return visit.reply.redirect('/desk/people?done=done', 303)
    return show(house, visit, { wrong: say('en', `refused-${outcome.refused}`) }, 422)
  })

  const act = (noun: string, ask: (posted: Visit['posted']) => CounterAct | 'kind' | 'no-page' | undefined) => {
    desk.post(`/desk/people/:child/${noun}`, async (visit) => {
      const { child = '' } = visit.request.params as { child?: string }
      const what = ask(visit.posted)
      if (!isId(child) || what === undefined || !mayConsent(house.city, visit)) return visit.reply.problem(404)
      if (typeof what === 'string') return show(house, visit, { wrong: say('en', `refused-${what}`) }, 422)
      const outcome = await actAtCounter(house, visit.actor, child as ChildId, what)
      if ('done' in outcome) return visit.reply.redirect('/desk/people?done=done', 303)
      return show(house, visit, { wrong: say('en', `refused-${outcome.refused}`) }, 422)
    })
  }
  const kindIn = ({ kind }: Visit['posted']) => guardianKinds.find((one) => one === kind)
  act('attestations', (posted) => {
    const [guardian = '', kind] = [posted['guardian'], kindIn(posted)]
    if (!kind) return 'kind'
    return isId(guardian) ? { act: 'attest', guardian, kind } : undefined
  })
  act('appointments', (posted) => {
    const [email, kind] = [readEmail(posted['email'] ?? ''), kindIn(posted)]
    if (!kind) return 'kind'
    return email === undefined ? 'no-page' : { act: 'appoint', email, kind }
  })
  act('discharges', ({ guardian = '' }) => (isId(guardian) ? { act: 'discharge', guardian } : undefined))
  act('emancipations', () => ({ act: 'emancipate' }))
  act('handings-over', (posted) => {
    const email = readEmail(posted['email'] ?? '')
    return email === undefined ? 'no-page' : { act: 'hand-over', email }
  })
}

/** A day that was, and not eighteen years ago: who is of age needs no paper of a court. */
function isMinorsDay(text: string, { city, clock }: PeopleDesk): boolean {
  const today = clock.now().toZonedDateTimeISO(city.timeZone).toPlainDate()
  try {
    const born = Temporal.PlainDate.from(text, { overflow: 'reject' })
    return Temporal.PlainDate.compare(born, today) < 0 && Temporal.PlainDate.compare(born.add({ years: 18 }), today) > 0
  } catch {
    return false
  }
}

async function show(
  house: PeopleDesk,
  visit: Visit,
  said: Pick<PeopleView, 'asked' | 'wrong' | 'done'>,
  status = 200,
): Promise<FastifyReply> {
  const { city } = house
  if (!mayConsent(city, visit)) return visit.reply.problem(404)
  const people = await peopleInHand(house, visit.actor)
  return visit.reply.page(peoplePage({ city, staff: visit.staff, people, ...said }), status)
}
