import { Temporal } from 'temporal-polyfill'
import { sql, type Html, type Reader, type Sql } from '../../plumbing/index.ts'
import type { TopicId } from '../../city/index.ts'
import type { KeptFilter } from './filters/filter.ts'
import { isNarrowed, narrowed, type Narrowing } from './filters/narrow.ts'
import { caseColumns, caseLine, type CaseLine } from './tables.ts'

export const shelves = ['waiting', 'mine', 'answered', 'closed'] as const
export type Shelf = (typeof shelves)[number]

/** Counts stop at 100, as the database counts them too: nobody needs to know how many hundred, and the answer takes the same time at a million cases. */
export const countedTo = 100
const pageLength = 50

export type InboxQuestion = Narrowing & Readonly<{ shelf: Shelf; topic?: TopicId; after?: string }>
export type Inbox = Readonly<{
  lines: readonly CaseLine[]
  /** Where the next page begins; absent on the last. */
  next?: string
  counts: Readonly<Record<Shelf, number>>
  topics: readonly Readonly<{ topic: TopicId; waiting: number }>[]
  /** How much happened that she wished to hear of. */
  news: number
  /** Her own filters, with what stands in each; and whom a list can be narrowed to. */
  filters?: readonly KeptFilter[]
  colleagues?: readonly Readonly<{ id: number; name: string }>[]
  /** What other rooms put in the rail. */
  rail?: readonly Html[]
}>

type Standing = Readonly<Record<Shelf, number>> & Pick<Inbox, 'topics' | 'news'>

/** What stands on every shelf, in every topic, and in her news. */
export async function readStanding(tx: Reader): Promise<Pick<Inbox, 'counts' | 'topics' | 'news'>> {
  const standing = await tx.row<Standing>(
    sql`select waiting, mine, answered, closed, topics, news from correspondence.standing()`,
  )
  const { topics = [], news = 0, waiting = 0, mine = 0, answered = 0, closed = 0 } = standing ?? {}
  return { counts: { waiting, mine, answered, closed }, topics, news }
}

export type Lines = Pick<Inbox, 'lines' | 'next'>

/**
 * The cases on the acting employee's desk, most urgent first: of the shelf, or of the part of it, that is asked for. What
 * she may see is not asked here: the database answers it, by row-level security.
 */
export async function findLines(tx: Reader, question: InboxQuestion, today: Temporal.PlainDate): Promise<Lines> {
  const from = startOf(question.shelf, question.after)
  const { rows, horizon } = isNarrowed(question)
    ? await narrowed(tx, question, today, from, pageLength + 1)
    : { rows: await tx.rows(linesOf(question, from)) }
  const lines = rows.slice(0, pageLength).map(caseLine)
  const last = lines.at(-1)
  if (rows.length > pageLength && last) return { lines, next: cursorOf(question.shelf, last) }
  return { lines, ...(horizon && { next: cursorAt(horizon.at, horizon.id) }) }
}

/**
 * Each topic's own index gives the places of its first page, and of all of them together the first page is fetched. The
 * work does not grow with the cases.
 */
function linesOf({ shelf, topic }: InboxQuestion, from: ReturnType<typeof startOf>): Sql {
  const topics = topic === undefined ? sql`(select need_to_know.topics())` : sql`array[${topic}]`
  switch (shelf) {
    case 'waiting':
      return sql`select ${caseColumns} from (
          select f.id, f.due_on from unnest(${topics}) as t (topic) cross join lateral (
            select c.id, c.due_on from correspondence.visible c where c.topic = t.topic and c.state in ('new', 'open')
              ${from ? sql`and (c.due_on, c.id) > (${from.at}::date, ${from.id}::uuid)` : sql``}
            order by c.due_on, c.id limit ${pageLength + 1}
          ) f order by f.due_on, f.id limit ${pageLength + 1}
        ) f join correspondence.visible c on c.id = f.id order by f.due_on, f.id`
    case 'mine':
      return sql`select ${caseColumns} from correspondence.visible c
        where c.assignee = (select need_to_know.employee()) and c.state in ('new', 'open')
          ${topic === undefined ? sql`` : sql`and c.topic = ${topic}`}
          ${from ? sql`and (c.due_on, c.id) > (${from.at}::date, ${from.id}::uuid)` : sql``}
        order by c.due_on, c.id limit ${pageLength + 1}`
    case 'answered':
    case 'closed':
      return sql`select ${caseColumns} from (
          select f.id, f.state_since from unnest(${topics}) as t (topic) cross join lateral (
            select c.id, c.state_since from correspondence.visible c where c.topic = t.topic and c.state = ${shelf}
              and c.state in ('answered', 'closed')
              ${from ? sql`and (c.state_since, c.id) < (${from.at}::timestamptz, ${from.id}::uuid)` : sql``}
            order by c.state_since desc, c.id desc limit ${pageLength + 1}
          ) f order by f.state_since desc, f.id desc limit ${pageLength + 1}
        ) f join correspondence.visible c on c.id = f.id order by f.state_since desc, f.id desc`
    default:
      return shelf satisfies never
  }
}

function cursorOf(shelf: Shelf, line: CaseLine): string {
  const at = shelf === 'waiting' || shelf === 'mine' ? line.dueOn : line.stateSince
  return cursorAt(at, line.id)
}

const cursorAt = (at: { toString(): string }, id: string): string =>
  Buffer.from(`${at.toString()}|${id}`).toString('base64url')

/** A cursor that is not one of ours starts at the beginning: it is only an address somebody shortened. */
function startOf(shelf: Shelf, after: string | undefined): { at: string; id: string } | undefined {
  const [at = '', id = ''] = Buffer.from(after ?? '', 'base64url')
    .toString()
    .split('|')
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return undefined
  try {
    const start = shelf === 'waiting' || shelf === 'mine' ? Temporal.PlainDate.from(at) : Temporal.Instant.from(at)
    return { at: start.toString(), id }
  } catch {
    return undefined
  }
}
