import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { FormId, Programme, Session, SessionId } from '../../src/city/index.ts'
import { sql } from '../../src/plumbing/index.ts'
import {
  beginStory,
  compareConsents,
  consentCommands,
  modelNotice,
  stepper,
  timeOf,
  whoever,
  type Real,
} from '../../src/people/consent/testing/commands.ts'
import { purposeIds, type Who } from '../../src/people/consent/testing/model.ts'
import { openTown, type Town } from '../../src/people/consent/testing/town.ts'
import { verify, type RequestId } from '../../src/people/consent/index.ts'
import { enterResident, openPage } from '../../src/people/residents/index.ts'
import {
  acceptOffer,
  cancelEnrolment,
  enrol,
  enrolChild,
  enrolmentsInHand,
  openRoster,
  rosterOfToday,
  turnActivities,
} from '../../src/services/activities/index.ts'
import { issueToken, receiveWith, type ReceiptCode } from '../../src/services/correspondence/index.ts'
import type { Clerk } from '../support/house.ts'
import type { Neighbour } from '../support/people.ts'
import { round, StoryModel, type Part } from './story-model.ts'

/** Thousands with `CITYHALL_MODEL_RUNS=3000`; in the suite as many as take some seconds. */
const runs = Number(process.env['CITYHALL_MODEL_RUNS'] ?? 12)

let town: Town
let stranger: Neighbour
let leader: Clerk
beforeAll(async () => {
  town = await openTown()
  stranger = await town.neighbour('Stranger')
  leader = await town.test.hire('wade', 'aquatics-leader')
})
afterAll(() => town.test.close())

type Signed = Readonly<{ id: string; code: ReceiptCode }>
type Told = Real & { session: Session; programme: Programme; adults: Signed[] }

let sessions = 0
/** A session of its own: two places, every day for three weeks, registration for a hundred days. */
async function newSession(): Promise<Session> {
  const id = `story-${String(++sessions)}` as SessionId
  const like = town.city.activities.sessions.get('swimming-1-winter' as SessionId)
  if (!like) throw new Error('the sample has no swimming')
  await town.rows(sql`insert into activities.session (id, programme, topic, leader, name_en, name_es, time_zone, youngest, after,
      first_day, starts_at, ends_at, capacity, opens_at, closes_at, lottery, offer_for, free_until, refund, late_refund)
    select ${id}, programme, topic, leader, name_en, name_es, time_zone, 6, '{}', '2027-01-04', ${timeOf(0)}::timestamptz,
      ${timeOf(round.ends)}::timestamptz, ${round.places}, ${timeOf(-1)}::timestamptz, ${timeOf(round.closes)}::timestamptz, false,
      make_interval(days => ${round.offer}), free_until, 'full', 'none' from activities.session where id = ${like.id}`)
  await town.rows(
    sql`insert into activities.place (session, number) select ${id}, n from generate_series(1, ${round.places}::int) n`,
  )
  await town.rows(sql`insert into activities.meeting (session, starts_at, ends_at)
    select ${id}, ${timeOf(0)}::timestamptz + make_interval(days => n), ${timeOf(0)}::timestamptz + make_interval(days => n, hours => 1)
    from generate_series(0, ${round.meets}::int) n`)
  return { ...like, id }
}

async function begin(): Promise<{ model: StoryModel; real: Told }> {
  const session = await newSession()
  const notice = modelNotice(town, `activity:${session.id}`, { 'a-part': { sight: 'session' } })
  const real = await beginStory({ town, stranger }, notice)
  const model = new StoryModel()
  model.answer('rosa', purposeIds)
  // She has shown who she is; what nobody has shown comes by the other guardian's answers, and by what is answered anew.
  const [asked] = await town.rows<{ id: RequestId }>(sql`select id from consent.request where child = ${real.child}`)
  const attest = { request: asked?.id ?? expect.unreachable(), method: 'counter', as: 'parent' } as const
  expect(await verify(real.house(0), town.clerk.actor, attest)).toHaveProperty('done')
  model.verify('rosa', 3)
  const like = town.city.activities.programmes.get(session.programme)
  if (!like) throw new Error('the sample has no swimming')
  const { price: _price, waiver: _waiver, payWithin: _payWithin, ...free } = like
  const programme = { ...free, after: [], purposes: notice.purposes }
  return { model, real: { ...real, session, programme, adults: [] } }
}

/** Places, numbers in the line, what a guardian sees of it, and what the leader reads on a day of the session. */
async function compare(model: StoryModel, real: Told): Promise<void> {
  await compareConsents({ town, stranger }, model, real)
  const { session, adults } = real
  type Row = { id: string; state: string; child: boolean }
  const rows = await town.rows<Row>(sql`select id, state, child is not null as child from activities.enrolment
    where session = ${session.id} order by turn`)
  const who = ({ id, child }: Row) => (child ? 'child' : adults.findIndex((one) => one.id === id))
  expect(rows.map((row) => `${String(who(row))} ${row.state}`)).toEqual(
    model.parts.map((part) => `${String(part.who)} ${part.state}`),
  )
  const house = real.house(model.today)
  const seen = await house.db.transaction(async (tx) => {
    await enterResident(tx, real.people.omar.actor)
    return enrolmentsInHand(tx)
  })
  const numbers = seen.map(({ standing }) => (standing.state === 'waiting' ? standing.number : standing.state))
  const childs = model.ofAge ? [] : model.parts.filter((part) => part.who === 'child')
  expect(numbers).toEqual(childs.map((part) => (part.state === 'waiting' ? model.number(part) : part.state)))
  await openRoster(house, leader.actor, session.id)
  const roster = await rosterOfToday(house, leader.actor, session.id)
  const places = model.parts.filter(({ state }) => state === 'enrolled')
  expect(roster?.people.length).toBe(model.today <= round.meets ? places.length : undefined)
  const read = roster?.people.filter(({ held }) => held !== undefined) ?? []
  expect(read).toHaveLength(model.leaderReads() ? 1 : 0)
}

async function signUp({ session, programme, ...real }: Told, today: number, by: Who): Promise<string> {
  const house = real.house(today)
  const { actor, email } = real.people[by]
  const child = await openPage(house, actor, (_tx, { children }) => children.find(({ id }) => id === real.child))
  if (!child) return 'not-there'
  type Consent = Parameters<typeof enrolChild>[2]['consents'][number]
  const consents = await house.db.transaction(async (tx) => {
    await enterResident(tx, actor)
    return tx.rows<Consent>(sql`select id, child, request, purpose, needed, state from consent.of_hers()
      where child = ${child.id} and state = 'in-force'`)
  })
  const answers = Object.fromEntries(purposeIds.map((id) => [`${id}Answer`, 'word']))
  const wish = { programme, session, child, consents, answers, contact: { name: 'Rosa', email }, said: false }
  const done = await enrolChild(house, actor, { ...wish, language: 'en' })
  return 'as' in done ? done.as : done.refused
}

const letter = { channel: 'form', form: 'class-registration' as FormId, formVersion: 1, language: 'en' } as const

async function join(real: Told, today: number): Promise<string> {
  const { session, programme, adults } = real
  const house = real.house(today)
  return house.db
    .transaction(async (tx) => {
      const words = { ...letter, topic: programme.topic, answers: [], contact: { name: 'Adult' } }
      const { caseId, code } = await receiveWith(house, tx, words, issueToken(town.keys))
      const joined = await enrol(tx, { caseId, session: session.id })
      if ('refused' in joined) throw new Error(joined.refused)
      adults.push({ id: joined.id, code })
      return joined.as
    })
    .catch((error: unknown) => (error as Error).message)
}

/** Whose receipt or page it is, and what she sees of it. */
async function shownTo(real: Told, today: number, part: Part, by: Who) {
  const adult = part.who === 'child' ? undefined : real.adults[part.who]
  const type = part.who === 'child' ? sql`child = ${real.child}` : sql`id = ${adult?.id ?? ''}`
  const [row] = await town.rows<{ id: string; version: number }>(
    sql`select id, version from activities.enrolment where session = ${real.session.id} and ${type} order by turn desc limit 1`,
  )
  const { id, version } = row ?? expect.unreachable()
  return {
    house: real.house(today),
    holder: adult?.code ?? real.people[by].actor,
    shown: { id, version, refund: 'none' as const },
  }
}

it('consent, enrolment, offers, revocation, ageing and two guardians who disagree are what a plain model says, whatever the order', async () => {
  const world = { town, stranger }
  const step = stepper<StoryModel, Told>(compare)
  const { answering, showing, filling, revoking, objecting, settling, passing, ageing } = consentCommands(
    world,
    step,
    ({ db }) => turnActivities(db),
  )
  const enrolling = whoever.map((by) =>
    step(
      `${by} signs the child up`,
      () => true,
      async (model, real) => {
        const done = await signUp(real, model.today, by)
        expect(done).toBe(model.enrol())
      },
    ),
  )
  const joining = fc.constant(0).map(() =>
    step(
      'an adult signs up',
      (model) => model.parts.length < 7,
      async (model, real) => {
        expect(await join(real, model.today)).toBe(
          model.join(real.adults.length - (model.today < round.closes ? 1 : 0)),
        )
      },
    ),
  )
  /** The child's last part, or an adult's. */
  const some = fc.tuple(fc.constantFrom('child' as const, 0, 1, 2, 3), whoever)
  const partOf = (model: StoryModel, one: Part['who']) => model.parts.filter((part) => part.who === one).at(-1)
  const acting = (verb: 'accepts' | 'cancels') =>
    some.map(([one, by]) =>
      step(
        `${String(one)} ${verb} by ${by}`,
        (model) => partOf(model, one) !== undefined,
        async (model, real) => {
          const part = partOf(model, one) ?? expect.unreachable()
          const { house, holder, shown } = await shownTo(real, model.today, part, by)
          if (verb === 'accepts') {
            const done = await acceptOffer(house, holder, shown.id)
            expect('as' in done ? done.as : done.refused).toBe(model.accept(part))
          } else {
            const done = await cancelEnrolment(house, holder, shown)
            expect('done' in done ? 'done' : done.refused).toBe(model.cancel(part))
          }
        },
      ),
    )
  const [accepting, cancelling] = [acting('accepts'), acting('cancels')]
  const likely = [answering, showing, enrolling, enrolling, joining, joining, accepting, accepting, cancelling]
  const commands = fc.commands([...likely, filling, revoking, objecting, settling, passing, ageing], {
    maxCommands: 18,
  })
  /** In how many stories the child had a place, and in how many it ended because a consent did. */
  const happened = { places: 0, offers: 0, ended: 0 }
  await fc.assert(
    fc.asyncProperty(commands, async (steps) => {
      const told = await begin()
      await fc.asyncModelRun(() => told, steps)
      const rows = await town.rows<{ act: string; detail: string }>(sql`select l.act, l.detail from ledger.entry l
        join activities.enrolment e on e.case_id = l.case_id where e.session = ${told.real.session.id} and e.child is not null`)
      if (rows.some(({ detail }) => detail.endsWith('as=enrolled'))) happened.places += 1
      if (rows.some(({ act }) => act === 'enrolment.offered')) happened.offers += 1
      if (rows.some(({ detail }) => detail.includes('because=consent'))) happened.ended += 1
    }),
    { numRuns: runs, endOnFailure: true },
  )
  if (runs > 100) console.log(`${String(runs)} stories: ${JSON.stringify(happened)}`)
  expect(happened.places).toBeGreaterThan(0)
}, 7_200_000)
