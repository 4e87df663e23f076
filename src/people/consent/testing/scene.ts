import { randomBytes } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import type { City, RetentionId, Text, TopicId } from '../../../city/index.ts'
import { sql, type Clock, type Db } from '../../../plumbing/index.ts'
import type { Keys } from '../../../trust/vault/index.ts'
import type { ChildId, ResidentActor } from '../../residents/index.ts'
import { childActor, type ChildCode, type ConsentId, type RequestId } from '../actor.ts'
import { answer, type Answering } from '../answer.ts'
import { ask, type Asking } from '../ask.ts'
import { goOn } from '../go-on.ts'
import { keepHeld, sealHeld } from '../held.ts'
import { enterConsent } from '../actor.ts'
import type { ConsentHouse } from '../house.ts'
import { makeNotice, type Notice, type PurposeDraft, type ThingId } from '../notice.ts'
import { openConsents } from '../open.ts'

const text = (words: string): Text => ({ en: words, es: `${words} (es)` })

/** A purpose of a camp, changed as a test needs it: private, a record, seen by whoever reads recreation's letters. */
export function purposeOf(id: string, more: Partial<PurposeDraft> = {}): PurposeDraft {
  return {
    id,
    title: text(`To ${id}`),
    why: text(`Because of ${id}`),
    asks: [{ field: `${id}Answer`, label: text(`Your ${id}`) }],
    sees: text('Recreation staff'),
    kept: text('two years'),
    needed: false,
    record: true,
    retention: 'letter' as RetentionId,
    topic: 'activities' as TopicId,
    sight: 'topic',
    sensitivity: 'private',
    disclosed: true,
    lasts: { days: 200 },
    ...more,
  }
}

/** Taking part is needed and a record; the rest is not, and no record. */
export const campPurposes = [
  purposeOf('take-part', { needed: true }),
  purposeOf('health', { sensitivity: 'sensitive', record: false }),
  purposeOf('photos', { record: false, sensitivity: 'plain', disclosed: false }),
]

let things = 0
export function noticeOf(city: City, purposes: readonly PurposeDraft[] = campPurposes, thing?: ThingId): Notice {
  return makeNotice(city, { thing: thing ?? `form:camp-${String(++things)}`, title: text('Summer camp'), purposes })
}

/** A house whose clock stands. Only the owner's login can pretend a time. */
export function houseAt(house: Readonly<{ keys: Keys; city: City }>, owner: Db, time: string): ConsentHouse {
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
  return { keys: house.keys, city: house.city, db, clock, publicUrl: 'https://city.example' }
}

export type InHand = Readonly<{ request: RequestId; code: ChildCode; notice: Notice }>

export async function asked(
  house: ConsentHouse,
  email: string,
  more: Partial<Omit<Asking, 'email' | 'address'>> = {},
): Promise<InHand> {
  const notice = more.notice ?? noticeOf(house.city)
  const done = await ask(house, { notice, band: 'under-13', email, firstName: 'Maya', language: 'en', ...more })
  if ('refused' in done) throw new Error(done.refused)
  return { request: done.asked, code: done.code, notice }
}

export type Given = InHand & Readonly<{ child: ChildId; consents: ReadonlyMap<string, ConsentId> }>

/** A guardian answers: yes to everything that `no` does not name. */
export async function given(
  house: ConsentHouse,
  actor: ResidentActor,
  hand: InHand,
  more: Partial<Answering> & { no?: readonly string[] } = {},
): Promise<Given> {
  const { no = [], ...rest } = more
  const standing = await goOn(house, hand.code)
  if (!standing) throw new Error('nobody’s code')
  const done = await answer(house, actor, {
    request: hand.request,
    notice: standing.noticeHash,
    child: { firstName: 'Maya', born: Temporal.PlainDate.from('2017-05-04'), as: 'parent' },
    guardian: 'Rosa Vega',
    purposes: Object.fromEntries(hand.notice.purposes.map(({ id }) => [id, !no.includes(id)])),
    ...rest,
  })
  if (!('done' in done)) throw new Error(JSON.stringify(done))
  return { ...hand, child: done.child, consents: done.consents }
}

/** What the child fills in with her code, of everything that may be filled in. */
export async function filled(house: ConsentHouse, hand: InHand, words = randomBytes(6).toString('hex')): Promise<void> {
  const actor = childActor(house.keys, hand.code)
  const standing = await goOn(house, hand.code)
  const open = (standing?.consents ?? []).filter(({ state }) => state === 'in-force')
  const why = { purpose: 'going-on', reason: 'answers' }
  const keys = await openConsents(
    house,
    actor,
    open.map(({ id }) => id),
    why,
  )
  const values = open.flatMap(({ id, purpose }) => {
    const key = keys.get(id)
    const of = hand.notice.purposes.find((one) => one.id === purpose)
    if (!key || !of) return []
    return of.asks.map(({ field }) => ({
      consent: id,
      field,
      sealed: sealHeld(key, id, field, `${words} ${field}`),
      record: of.record,
    }))
  })
  const kept = await house.db.transaction(async (tx) => {
    await enterConsent(tx, actor)
    return keepHeld(tx, values)
  })
  if ('refused' in kept) throw new Error(kept.refused)
}
