import type { Temporal } from 'temporal-polyfill'
import { sql, type Reader, type Sql } from '../../../plumbing/index.ts'
import type { City } from '../../../city/index.ts'
import { countedTo, type InboxQuestion, type Shelf } from '../inbox.ts'
import { questionOf } from '../pages/desk-list.ts'
import { conditionsOf } from './narrow.ts'

/** A part of the inbox that an employee comes back to. `more`: there may be more than were counted. */
export type KeptFilter = Readonly<{ id: string; name: string; query: string; count: number; more: boolean }>

/** Counting looks at so many cases of each topic. */
const countedIn = 200

/** The acting employee's filters, each with how many cases it holds now. One statement counts them all. */
export async function ownFilters(tx: Reader, city: City, today: Temporal.PlainDate): Promise<readonly KeptFilter[]> {
  const rows = await tx.rows<{ id: string; name: string; query: string }>(
    sql`select id, name, query from correspondence.filters()`,
  )
  if (rows.length === 0) return []
  const questions = rows.map(({ query }) => questionOf(city, Object.fromEntries(new URLSearchParams(query))))
  const counted = await tx.row<{ counts: number[]; full: boolean[] }>(counting(questions, today))
  return rows.map(({ id, name, query }, at) => ({
    id,
    name,
    query: query && `?${query}`,
    count: counted?.counts[at] ?? 0,
    more: counted?.full[at] ?? false,
  }))
}

function counting(questions: readonly InboxQuestion[], today: Temporal.PlainDate): Sql {
  const asked = [...new Set(questions.map(({ shelf }) => shelf))]
  const windows = asked.map((shelf) => sql`${name(shelf)} as materialized (${windowOf(shelf)})`)
  const counts = questions.map(
    (question) => sql`(select count(*)::int from (select from ${name(question.shelf)} c
      where ${wanted(question, today)} limit ${countedTo}) x)`,
  )
  const full = questions.map(
    ({ shelf }) => sql`exists (select from ${name(shelf)} c group by c.scanned having count(*) >= ${countedIn})`,
  )
  return sql`with ${listed(windows)} select array[${listed(counts)}] as counts, array[${listed(full)}] as full`
}

const listed = (parts: readonly Sql[]): Sql => parts.reduce((all, one) => sql`${all}, ${one}`)

const name = (shelf: Shelf): Sql =>
  ({ waiting: sql`on_waiting`, mine: sql`on_mine`, answered: sql`on_answered`, closed: sql`on_closed` })[shelf]

function wanted(question: InboxQuestion, today: Temporal.PlainDate): Sql {
  const topic = question.topic === undefined ? sql`` : sql`and c.topic = ${question.topic}`
  const late = question.overdue ? sql`and c.due_on < ${today}` : sql``
  return sql`${conditionsOf(question)} ${topic} ${late}`
}

const columns = sql`c.topic, c.place, c.channel, c.assignee, c.due_on`

function windowOf(shelf: Shelf): Sql {
  if (shelf === 'mine')
    return sql`select ${columns}, 'hers' as scanned from correspondence.visible c
      where c.assignee = (select need_to_know.employee()) and c.state in ('new', 'open')
      order by c.due_on, c.id limit ${countedIn}`
  const standing =
    shelf === 'waiting'
      ? sql`c.state in ('new', 'open') order by c.due_on, c.id`
      : sql`c.state = ${shelf} and c.state in ('answered', 'closed') order by c.state_since desc, c.id desc`
  return sql`select ${columns}, t.topic as scanned from unnest((select need_to_know.topics())) as t (topic)
    cross join lateral (
      select * from correspondence.visible c where c.topic = t.topic and ${standing} limit ${countedIn}) c`
}
