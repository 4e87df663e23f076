import type { Temporal } from 'temporal-polyfill'
import { sql } from '../../plumbing/index.ts'
import { childActor, enterConsent, type ChildCode, type ConsentId, type RequestId } from './actor.ts'
import type { ConsentHouse } from './house.ts'
import { hashOf, readNotice, type Notice, type NoticeHash, type ThingId } from './notice.ts'
import type { Band } from './rules.ts'

/** How a request stands for the child who asked, and what she may fill in. */
export type GoingOn = Readonly<{
  request: RequestId
  /** What a guardian says at the counter or on the telephone. */
  number: number
  /** asked: no answer yet; answered: she said yes and has still to show who she is; ready: may be filled in; over: not, or no more. */
  standing: 'asked' | 'answered' | 'ready' | 'over'
  /** Why it is over: a no, no answer in time, or a consent that ran out or was taken back. */
  ended?: 'declined' | 'no-answer' | 'ended'
  thing: ThingId
  band: Band
  notice: Notice
  noticeHash: NoticeHash
  consents: readonly Readonly<{ id: ConsentId; purpose: string; state: string; held: boolean }>[]
  /** She came of age: until then she has to say whether what passed to her stands. */
  passedUntil?: Temporal.PlainDate
  /** The day on which the request ends by itself. */
  until: Temporal.PlainDate
}>

type Row = {
  id: RequestId
  number: number
  thing: ThingId
  notice: Buffer
  band: Band
  state: string
  ends_on: Temporal.PlainDate
}

/** Where a child stands who comes back with her code. Undefined: nobody's code. */
export async function goOn(house: Pick<ConsentHouse, 'db' | 'keys'>, code: ChildCode): Promise<GoingOn | undefined> {
  return house.db.transaction(async (tx) => {
    if (!(await enterConsent(tx, childActor(house.keys, code)))) return undefined
    const row = await tx.row<Row>(sql`select * from consent.request_in_hand()`)
    const kept = row && (await readNotice(tx, hashOf(row.notice)))
    if (!row || !kept) return undefined
    const consents = await tx.rows<GoingOn['consents'][number] & { until: Temporal.PlainDate }>(
      sql`select id, purpose, state, held, until from consent.consents_in_hand()`,
    )
    const passed = consents.find((one) => one.state === 'passed')
    const { id, number, thing, band, ends_on: until } = row
    const standing = standingOf(row.state, kept.notice, consents)
    const going = {
      request: id,
      number,
      standing,
      thing,
      band,
      notice: kept.notice,
      noticeHash: kept.hash,
      consents,
      until,
      ...(passed && { passedUntil: passed.until }),
    }
    return standing === 'over' ? { ...going, ended: endedBy(row.state) } : going
  })
}

/** Ready once everything that is needed is in force; what is optional and waits can follow. */
function standingOf(state: string, { purposes }: Notice, consents: GoingOn['consents']): GoingOn['standing'] {
  if (state === 'asked') return 'asked'
  if (state === 'declined' || state === 'lapsed') return 'over'
  const live = new Map(consents.map((one) => [one.purpose, one.state]))
  const needed = purposes.filter((one) => one.needed).map(({ id }) => live.get(id))
  if (needed.some((one) => one === 'given')) return 'answered'
  const all = [...live.values()]
  const mayUse = (one: string | undefined) => one === 'in-force' || one === 'passed'
  if (!needed.every(mayUse) || !all.some(mayUse))
    return all.includes('given') && needed.length === 0 ? 'answered' : 'over'
  return 'ready'
}

const endedBy = (state: string): NonNullable<GoingOn['ended']> =>
  state === 'declined' ? 'declined' : state === 'lapsed' ? 'no-answer' : 'ended'
