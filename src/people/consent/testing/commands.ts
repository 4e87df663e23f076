import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Neighbour } from '../../../../test/support/people.ts'
import { sql } from '../../../plumbing/index.ts'
import type { ChildId } from '../../residents/index.ts'
import { enterConsent, type ConsentActor, type ConsentId, type RequestId } from '../actor.ts'
import { answer } from '../answer.ts'
import { object, unfreeze } from '../disagree.ts'
import { keepHeld, readHeld, sealHeld } from '../held.ts'
import { noticeHash, type Notice, type PurposeDraft, type ThingId } from '../notice.ts'
import { openConsents } from '../open.ts'
import { askSelf } from '../own/acts.ts'
import { preview, revoke } from '../revoke.ts'
import { tendConsents } from '../tend.ts'
import { verify } from '../verify.ts'
import { days, isLive, purposeIds, purposes, type Consent, type Model, type PurposeId, type Who } from './model.ts'
import { asked, given, houseAt, noticeOf, purposeOf } from './scene.ts'
import type { Town } from './town.ts'

/** One child and her two guardians, with a calendar of their own. */
export type Real = {
  notice: Notice
  people: Record<Who, Neighbour>
  child: ChildId
  house: (today: number) => Town
}

const start = Date.UTC(2027, 0, 4, 18)
export const timeOf = (today: number) => new Date(start + today * 86_400_000).toISOString()

type Row = { id: ConsentId; purpose: PurposeId; state: string; key: string | null; held: number }

/** What the plain model is asked of: the town it is played in, and who else looks. */
export type World = Readonly<{ town: Town; stranger: Neighbour }>

/** What the three purposes of the model ask. */
export function modelNotice(town: Town, thing?: ThingId, more: Partial<Record<PurposeId, Partial<PurposeDraft>>> = {}) {
  const drafts = purposeIds.map((id) =>
    purposeOf(id, {
      needed: purposes[id].needed,
      record: purposes[id].record,
      sensitivity: id === 'b-health' ? 'sensitive' : id === 'a-part' ? 'private' : 'plain',
      disclosed: id !== 'c-photos',
      lasts: { days: days.lasts },
      ...more[id],
    }),
  )
  return noticeOf(town.city, drafts, thing)
}

/** A child whose mother has said yes to everything and has shown nothing yet. */
export async function beginStory({ town }: World, notice: Notice): Promise<Real> {
  const people = { rosa: await town.neighbour('Rosa'), omar: await town.neighbour('Omar') }
  const house = (today: number): Town => ({ ...town, ...houseAt(town.test, town.test.database.owner, timeOf(today)) })
  const now = house(0)
  const first = await given(now, people.rosa.actor, await asked(now, people.rosa.email, { notice }))
  await town.rows(
    sql`insert into residents.guardianship (resident, child, kind) values (${people.omar.id}, ${first.child}, 'parent')`,
  )
  return { notice, people, child: first.child, house }
}

function actorOf({ town, stranger }: World, { people }: Real, who: Who | 'staff' | 'stranger'): ConsentActor {
  return who === 'staff' ? town.coordinator.actor : who === 'stranger' ? stranger.actor : people[who].actor
}

/** The database says what the model says: states, keys, what is held, who can read it, and no entry is missing. */
export async function compareConsents(world: World, model: Model, real: Real): Promise<void> {
  const { town } = world
  const rows = await town.rows<Row>(sql`select c.id, c.purpose, c.state, s.state as key,
    (select count(*)::int from consent.held h where h.consent = c.id) as held
    from consent.consent c left join vault.subject s on s.id = c.subject where c.child = ${real.child}`)
  const seen = (one: { purpose: string; state: string; key: string | null; held: number }) =>
    `${one.purpose} ${one.state} ${one.key ?? 'none'} ${String(one.held)}`
  const wanted = model.consents.map((one) => {
    const key = model.key(one)
    const held = one.held && (key === 'in-use' || key === 'withdrawn') ? 1 : 0
    return seen({ ...one, key, held })
  })
  expect(rows.map(seen).sort()).toEqual(wanted.sort())
  const house = real.house(model.today)
  const ids = rows.map(({ id }) => id)
  const purposeOfId = new Map(rows.map(({ id, purpose }) => [id, purpose]))
  for (const who of ['rosa', 'omar', 'staff', 'stranger'] as const) {
    const reads = await readHeld(house, actorOf(world, real, who), ids, { purpose: 'care', reason: 'answer' })
    const may = model.consents.filter((one) => one.held && model.mayRead(who, one)).map(({ purpose }) => purpose)
    expect(reads.map(({ consent }) => purposeOfId.get(consent)).sort(), who).toEqual(may.sort())
  }
  const gaps = await town.rows(sql`select c.id from consent.consent c join vault.subject s on s.id = c.subject
    where c.child = ${real.child} and s.entries <> (select count(*) from ledger.entry e where e.subject = s.id)`)
  expect(gaps).toEqual([])
}

/** Consents of the model stand in the database in the order in which they were made, purpose by purpose. */
async function idOf({ town }: World, real: Real, one: Consent): Promise<ConsentId> {
  const [row] = await town.rows<{ id: ConsentId }>(sql`select c.id from consent.consent c
    where c.child = ${real.child} and c.purpose = ${one.purpose} and c.state in ('given', 'in-force', 'frozen', 'passed')`)
  if (!isLive(one)) throw new Error('this consent is over')
  return row?.id ?? expect.unreachable()
}

const always = () => true
const liveOf = (model: Model, wanted: readonly PurposeId[]) =>
  model.consents.filter((one) => isLive(one) && wanted.includes(one.purpose))

export const whoever = fc.constantFrom<Who>('rosa', 'omar')
const some = fc.subarray(purposeIds, { minLength: 1 })
const mostly = fc.oneof({ weight: 3, arbitrary: fc.constant(purposeIds) }, { weight: 2, arbitrary: some })

export type Step<M extends Model, R extends Real> = (
  name: string,
  check: (model: M) => boolean,
  run: (model: M, real: R) => Promise<void>,
) => fc.AsyncCommand<M, R>

/** A step, and after each of them the whole of it compared. */
export const stepper =
  <M extends Model, R extends Real>(compare: (model: M, real: R) => Promise<void>): Step<M, R> =>
  (name, check, run) => ({
    check,
    run: async (model, real) => {
      await run(model, real)
      await compare(model, real)
    },
    toString: () => name,
  })

/** What guardians do, what a clerk does, and what time does: `onTurn` is what other rooms do when days have passed. */
export function consentCommands<M extends Model, R extends Real>(
  world: World,
  step: Step<M, R>,
  onTurn: (house: Town) => Promise<unknown> = () => Promise.resolve(),
) {
  const { town } = world
  const answering = fc.tuple(whoever, mostly).map(([by, yes]) =>
    step(`${by} says yes to ${yes.join()}`, always, async (model, { notice, people, child, house }) => {
      const now = house(model.today)
      const wanted = model.answer(by, yes)
      const words = { firstName: 'Maya' }
      const made = await askSelf(now, people[by].actor, { child, notice: noticeHash(notice), words })
      if ('refused' in made) {
        expect(wanted).toBe('not-there')
        return
      }
      const said = await answer(now, people[by].actor, {
        request: made.asked,
        notice: noticeHash(notice),
        child: { child },
        guardian: 'Name',
        purposes: Object.fromEntries(purposeIds.map((id) => [id, yes.includes(id)])),
      })
      expect('done' in said ? 'done' : 'declined' in said ? 'declined' : said.refused).toBe(wanted)
    }),
  )
  const showing = fc
    .tuple(whoever, fc.constantFrom(['telephone', 2] as const, ['counter', 3] as const))
    .map(([by, [method, strength]]) =>
      step(
        `${by} shows who she is: ${method}`,
        (model) => model.waiting(by).length > 0,
        async (model, { child, people, house }) => {
          const [row] = await town.rows<{ id: RequestId }>(sql`select r.id from consent.request r
            where r.child = ${child} and r.resident = ${people[by].id} and r.state = 'answered' limit 1`)
          const attest = { request: row?.id ?? expect.unreachable(), method, as: 'parent' } as const
          const done = await verify(house(model.today), town.clerk.actor, attest)
          expect('done' in done ? 'done' : done.refused).toBe(model.verify(by, strength))
        },
      ),
    )
  const passing = fc.constantFrom(1, 20, 31, 61, 120).map((on) =>
    step(`${String(on)} days pass`, always, async (model, real) => {
      model.pass(on)
      const house = real.house(model.today)
      await tendConsents(house.db)
      await onTurn(house)
    }),
  )
  const ageing = fc.constant(0).map(() =>
    step(
      'the child comes of age',
      (model) => !model.ofAge,
      async (model, real) => {
        model.comeOfAge()
        await real
          .house(model.today)
          .db.transaction((tx) => tx.rows(sql`select residents.pass_on(${[real.child]}::uuid[], 'age', 'system')`))
      },
    ),
  )
  const filling = whoever.map((by) =>
    step(`${by} fills in what may be`, always, (model, real) => fillIn(world, model, real, by)),
  )
  return { answering, showing, passing, ageing, filling, ...endings(world, step) }
}

async function fillIn({ town }: World, model: Model, real: Real, by: Who): Promise<void> {
  const house = real.house(model.today)
  const { actor } = real.people[by]
  const ids = await town.rows<{ id: ConsentId; purpose: string }>(
    sql`select id, purpose from consent.consent where child = ${real.child} and subject is not null`,
  )
  const why = { purpose: 'own-page', reason: 'correct' }
  const keys = await openConsents(house, actor, ids.map(({ id }) => id), why) // prettier-ignore
  const values = ids.flatMap(({ id, purpose }) => {
    const key = keys.get(id)
    const field = `${purpose}Answer`
    return key ? [{ consent: id, field, sealed: sealHeld(key, id, field, 'word'), record: true }] : []
  })
  const kept = await house.db.transaction(async (tx) => {
    await enterConsent(tx, actor)
    return keepHeld(tx, values)
  })
  expect(kept).toEqual({ done: true })
  for (const one of model.consents) if (model.mayRead(by, one)) one.held = true
}

/** Taking back, objecting, and what the clerk lets go on. */
function endings<M extends Model, R extends Real>(world: World, step: Step<M, R>) {
  const { town } = world
  const revoking = fc.tuple(whoever, some).map(([by, wanted]) =>
    step(
      `${by} takes back ${wanted.join()}`,
      (model) => liveOf(model, wanted).length > 0,
      async (model, real) => {
        const house = real.house(model.today)
        const chosen = liveOf(model, wanted)
        const ids = await Promise.all(chosen.map((one) => idOf(world, real, one)))
        const shown = await preview(house, real.people[by].actor, ids)
        if (!model.revoke(by, chosen)) {
          expect(shown).toBeUndefined()
          return
        }
        const done = await revoke(house, real.people[by].actor, ids, shown?.digest ?? expect.unreachable())
        if (!('done' in done)) throw new Error(done.refused)
        type Receipt = { content: string; hash: Buffer; entries: number }
        const [receipt] = await town.rows<Receipt>(sql`select content, hash, (select count(*)::int from ledger.entry e
          where e.detail = 'receipt=' || encode(r.hash, 'hex')) as entries from consent.receipt r where id = ${done.receipt}`)
        expect(receipt?.entries).toBe(ids.length)
        const again = createHash('sha256').update(receipt?.content ?? '').digest() // prettier-ignore
        expect(again).toEqual(receipt?.hash)
      },
    ),
  )
  const objecting = fc.tuple(whoever, fc.constantFrom(...purposeIds)).map(([by, purpose]) =>
    step(
      `${by} objects to ${purpose}`,
      (model) => model.live(purpose) !== undefined,
      async (model, real) => {
        const one = model.live(purpose) ?? expect.unreachable()
        const id = await idOf(world, real, one)
        expect('done' in (await object(real.house(model.today), real.people[by].actor, id))).toBe(model.object(by, one))
      },
    ),
  )
  const settling = fc.constantFrom(...purposeIds).map((purpose) =>
    step(
      `the clerk lets ${purpose} go on`,
      (model) => model.live(purpose)?.state === 'frozen',
      async (model, real) => {
        const one = model.live(purpose) ?? expect.unreachable()
        const id = await idOf(world, real, one)
        expect('done' in (await unfreeze(real.house(model.today), town.clerk.actor, id))).toBe(model.unfreeze(one))
      },
    ),
  )
  return { revoking, objecting, settling }
}
