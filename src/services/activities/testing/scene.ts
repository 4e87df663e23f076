import { Temporal } from 'temporal-polyfill'
import type { City, Session, SessionId, TopicId } from '../../../city/index.ts'
import { sql, type Clock, type Db } from '../../../plumbing/index.ts'
import type { Keys } from '../../../trust/vault/index.ts'
import { issueToken, receiveWith, type House, type ReceiptCode } from '../../correspondence/index.ts'
import { enrol, type EnrolledAs, type EnrolRefusal } from '../enrol.ts'
import { importActivities, waiverHash } from '../import-activities.ts'
import { priceFor } from '../pages/words.ts'

/** A house whose clock stands. Only the owner's login can pretend a time. */
export function houseAt(house: Readonly<{ keys: Keys; city: City }>, owner: Db, time: string): House {
  const now = Temporal.Instant.from(time)
  const clock: Clock = { now: () => now }
  const db: Db = {
    transaction: (work) =>
      owner.transaction(async (tx) => {
        await tx.rows(sql`select set_config('cityhall.clock', ${now.toString()}, true)`)
        return work(tx)
      }),
    once: (query) => db.transaction((tx) => tx.rows(query)),
    close: () => Promise.resolve(),
  }
  return { keys: house.keys, city: house.city, db, clock }
}

/** The same city with a session of the sample changed, under a name of its own, told to the database. */
export async function offering<H extends Readonly<{ city: City }>>(
  house: H,
  owner: Db,
  ...more: readonly (Partial<Omit<Session, 'id'>> & Readonly<{ id: string; like: string }>)[]
): Promise<H> {
  const { activities } = house.city
  const added = more.map(({ like, id, ...changed }) => {
    const known = activities.sessions.get(like as SessionId)
    if (!known) throw new Error(`there is no session ${like}`)
    return { ...known, ...changed, id: id as SessionId }
  })
  const sessions = new Map([...activities.sessions, ...added.map((one) => [one.id, one] as const)])
  const city = { ...house.city, activities: { ...activities, sessions } }
  await owner.transaction((tx) => importActivities(tx, city))
  return { ...house, city }
}

export type Joined =
  Readonly<{ code: ReceiptCode; caseId: string; id: string; as: EnrolledAs }> | Readonly<{ refused: EnrolRefusal }>

class Refused extends Error {
  readonly why: EnrolRefusal
  constructor(why: EnrolRefusal) {
    super('refused')
    this.why = why
  }
}

type Person = Readonly<{ email?: string; name?: string; waiver?: Buffer }>

/** What a form does: the letter and its enrolment in one transaction, or neither. */
export async function join(
  house: House,
  session: string,
  { email, name = 'Marisol Vega', waiver }: Person = {},
): Promise<Joined> {
  // prettier-ignore
  const { sessions, programmes } = house.city.activities
  const programme = programmes.get(sessions.get(session as SessionId)?.programme ?? ('' as never))
  const price = programme && priceFor(programme)
  const agreed = waiver ?? (programme?.waiver && waiverHash(programme.waiver))
  const letter = {
    channel: 'form' as const,
    form: 'class-registration' as never,
    formVersion: 1,
    topic: programme?.topic ?? ('activities' as TopicId),
    language: 'en' as const,
    answers: [{ field: 'session', label: 'What you sign up for', value: session }],
    contact: { name, ...(email !== undefined && { email }) },
  }
  try {
    return await house.db.transaction(async (tx) => {
      const { caseId, code } = await receiveWith(house, tx, letter, issueToken(house.keys))
      const wish = { caseId, session: session as SessionId, ...(price !== undefined && { price }) }
      const enrolled = await enrol(tx, { ...wish, ...(agreed && { waiver: agreed }) })
      if ('refused' in enrolled) throw new Refused(enrolled.refused)
      return { code, caseId, ...enrolled }
    })
  } catch (error) {
    if (error instanceof Refused) return { refused: error.why }
    throw error
  }
}

/** What the payment company leaves: the whole sum is here. */
export async function pay({ db }: House, caseId: string): Promise<void> {
  await db.once(sql`insert into payments.payment (charge, id, way, amount, taken_at)
    select id, gen_random_uuid(), 'hosted', total, city.now() from payments.charge where case_id = ${caseId}`)
  await db.once(
    sql`update payments.charge set paid = total, state = 'paid', state_since = city.now() where case_id = ${caseId}`,
  )
}
