import type { Temporal } from 'temporal-polyfill'
import { fixedText, sql, type Reader, type Sql } from '../../../plumbing/index.ts'
import type { PlaceId } from '../../../city/index.ts'
import type { InboxQuestion } from '../inbox.ts'
import type { Channel } from '../letter.ts'
import { caseColumns } from '../tables.ts'

/** What a part of the inbox is narrowed by, beside shelf and topic. None of it has an index of its own. */
export type Narrowing = Readonly<{ place?: PlaceId; channel?: Channel; assignee?: number | 'nobody'; overdue?: true }>

/** So many cases of each topic are looked at for one page; the next page looks further. */
export const lookedAt = 400

export const isNarrowed = ({ place, channel, assignee, overdue }: Narrowing): boolean =>
  place !== undefined || channel !== undefined || assignee !== undefined || overdue !== undefined

/** What a case must be, in terms of the columns of `c`. */
export function conditionsOf({ place, channel, assignee }: Narrowing): Sql {
  const conditions = [
    ...(place === undefined ? [] : [sql`c.place = ${place}`]),
    ...(channel === undefined ? [] : [sql`c.channel = ${channel}`]),
    ...(assignee === undefined
      ? []
      : [assignee === 'nobody' ? sql`c.assignee is null` : sql`c.assignee = ${assignee}`]),
  ]
  return conditions.reduce((all, one) => sql`${all} and ${one}`, sql`true`)
}

type Moment = { toString(): string }
export type Narrowed = Readonly<{ rows: readonly unknown[]; horizon?: Readonly<{ at: Moment; id: string }> }>

/**
 * One page of a narrowed list. Of each topic the first few hundred are read by its index and looked through, so a rare
 * channel among a million cases costs no more than a common one. `horizon` is how far all topics were looked at, where
 * some had more: nothing beyond it is shown, and the next page begins there.
 */
export async function narrowed(
  tx: Reader,
  question: InboxQuestion,
  today: Temporal.PlainDate,
  from: { at: string; id: string } | undefined,
  page: number,
): Promise<Narrowed> {
  const isSettled = question.shelf === 'answered' || question.shelf === 'closed'
  const order = isSettled
    ? { at: 'c.state_since', way: 'desc', within: '>=' }
    : { at: 'c.due_on', way: '', within: '<=' }
  const sorted = fixedText(`order by ${order.at} ${order.way}, c.id ${order.way}`)
  const at = fixedText(order.at)
  const rows = await tx.rows<{ horizon_at: Moment | null; horizon_id: string | null; id: string | null }>(
    sql`with seen as materialized (
        select c.*, row_number() over (partition by c.scanned ${sorted}) as nth
        from (${windowOf(question, today, from)}) c
      ), horizon as (select ${at} as at, c.id from seen c where c.nth = ${lookedAt} ${sorted} limit 1)
      select h.at as horizon_at, h.id as horizon_id, l.* from (values (1)) one left join horizon h on true
      left join lateral (
        select ${caseColumns} from seen c
        where ${conditionsOf(question)} and (h.id is null or (${at}, c.id) ${fixedText(order.within)} (h.at, h.id))
        ${sorted} limit ${page}
      ) l on true ${fixedText(`order by ${order.at.replace('c.', 'l.')} ${order.way}, l.id ${order.way}`)}`,
  )
  const [first] = rows
  return {
    rows: rows.filter(({ id }) => id !== null),
    ...(first?.horizon_at != null &&
      first.horizon_id !== null && { horizon: { at: first.horizon_at, id: first.horizon_id } }),
  }
}

/** The first cases of each topic on a shelf, or of one colleague, after where the page begins. */
function windowOf(
  { shelf, topic, assignee, overdue }: InboxQuestion,
  today: Temporal.PlainDate,
  from: { at: string; id: string } | undefined,
): Sql {
  const topics = topic === undefined ? sql`(select need_to_know.topics())` : sql`array[${topic}]`
  const late = overdue ? sql`and c.due_on < ${today}` : sql``
  const after = from ? sql`and (c.due_on, c.id) > (${from.at}::date, ${from.id}::uuid)` : sql``
  if (shelf === 'answered' || shelf === 'closed')
    return sql`select t.topic as scanned, c.* from unnest(${topics}) as t (topic) cross join lateral (
      select * from correspondence.visible c where c.topic = t.topic and c.state = ${shelf}
        and c.state in ('answered', 'closed')
        ${from ? sql`and (c.state_since, c.id) < (${from.at}::timestamptz, ${from.id}::uuid)` : sql``}
      order by c.state_since desc, c.id desc limit ${lookedAt}) c`
  if (shelf === 'mine' || typeof assignee === 'number')
    return sql`select 'hers' as scanned, c.* from correspondence.visible c
      where c.assignee = ${shelf === 'mine' ? sql`(select need_to_know.employee())` : sql`${assignee ?? 0}`}
        and c.state in ('new', 'open') ${topic === undefined ? sql`` : sql`and c.topic = ${topic}`} ${late} ${after}
      order by c.due_on, c.id limit ${lookedAt}`
  return sql`select t.topic as scanned, c.* from unnest(${topics}) as t (topic) cross join lateral (
    select * from correspondence.visible c where c.topic = t.topic and c.state in ('new', 'open') ${late} ${after}
    order by c.due_on, c.id limit ${lookedAt}) c`
}
