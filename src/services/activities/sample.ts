import { Temporal } from 'temporal-polyfill'
import type { FormId, SessionId } from '../../city/index.ts'
import { sql } from '../../plumbing/index.ts'
import { issueToken, receiveWith, type House } from '../correspondence/index.ts'
import { enrol } from './enrol.ts'
import { waiverHash } from './import-activities.ts'
import { priceFor } from './pages/words.ts'
import { hoursWords, spanWords } from './when.ts'

/** The same house at another time; the wiring hands it in. */
type At = (house: House, time: Temporal.Instant) => House

const names = [
  'Marta Ibarra',
  'Owen Blackwood',
  'Linh Pham',
  'Rafael Ortiz',
  'Grace Adeyemi',
  'Piotr Zielinski',
  'Hannah Sorensen',
  'Elena Vasquez',
  'Samir Haddad',
  'Ruth Okonkwo',
  'Walter Greene',
  'Yuki Tanabe',
  'Consuelo Reyes',
  'Anders Holm',
  'Beatriz Luna',
  'Joseph Kamau',
  'Margaret Doyle',
  'Teodoro Salas',
] as const

/** How many signed up, over the days since registration opened: one session is full, one will be drawn. */
const lived = [
  { id: 'walking-group-2027', people: 18 },
  { id: 'pottery-winter', people: 15 },
  { id: 'pottery-wheel-winter', people: 13 },
  { id: 'chess-winter', people: 9 },
] as const

/** Lets people sign up for the sample city's sessions, as the owner, through the act by which anybody does, dated back. */
export async function loadSampleEnrolments(house: House, at: At): Promise<{ enrolments: number }> {
  let made = 0
  for (const { id, people } of lived) {
    const session = house.city.activities.sessions.get(id as SessionId)
    const now = house.clock.now()
    if (!session || Temporal.Instant.compare(session.opens, now) >= 0 || Temporal.Instant.compare(session.closes, now) <= 0) continue // prettier-ignore
    const minutes = Math.floor(session.opens.until(now).total('minutes') / (people + 1))
    for (let n = 0; n < people; n += 1)
      made += await signUp(at(house, session.opens.add({ minutes: minutes * (n + 1) })), id as SessionId, n)
  }
  return { enrolments: made }
}

async function signUp(then: House, id: SessionId, n: number): Promise<number> {
  const { sessions, programmes } = then.city.activities
  const session = sessions.get(id)
  const programme = session && programmes.get(session.programme)
  if (!session || !programme) return 0
  const language = n % 4 === 0 ? 'es' : 'en'
  const label = { en: 'What you sign up for', es: 'A qué se inscribe' }[language]
  const value = [programme.name[language], spanWords(language, session), hoursWords(language, session)].join('\n')
  const price = priceFor(programme)
  const letter = {
    channel: 'form' as const,
    form: 'class-registration' as FormId,
    formVersion: 1,
    topic: programme.topic,
    language,
    answers: [{ field: 'session', label, value }],
    contact: { name: names[n % names.length] ?? '' },
  } as const
  return then.db.transaction(async (tx) => {
    const { caseId } = await receiveWith(then, tx, letter, issueToken(then.keys))
    const agreed = programme.waiver && { waiver: waiverHash(programme.waiver) }
    const joined = await enrol(tx, { caseId, session: id, ...(price !== undefined && { price }), ...agreed })
    if ('refused' in joined) throw new Error(`sample: nobody could sign up for ${id}: ${joined.refused}`)
    // Most have paid on the spot, in cash; the last ones' places are held.
    if (joined.as === 'held' && n < 10)
      await tx.rows(sql`with paid as (insert into payments.payment (charge, id, way, amount, taken_at, till, employee, duty)
          select c.id, gen_random_uuid(), 'cash', c.total, city.now(), 'city-hall-1', e.id, 'cashier'
          from payments.charge c, need_to_know.employee e where c.case_id = ${caseId} and e.handle = 'ben' returning charge, amount)
        update payments.charge c set paid = p.amount, state = 'paid' from paid p where c.id = p.charge`)
    return 1
  })
}
